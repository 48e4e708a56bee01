import type { MarketEvent, UnixMs } from '../../core/index.ts'
import { describedAt } from './describedAt.ts'

/** Of a feature's inputs so far, in order, those that its value at a time depends on. */
export type UsedEvents = (inputs: readonly MarketEvent[], nowMs: UnixMs) => readonly MarketEvent[]

/** The last `count` inputs. */
export const lastOnes =
  (count: number): UsedEvents =>
  inputs =>
    inputs.slice(-count)

/**
 * What was known in the window (now − length, now], and the newest of what was known before it: that one shows
 * that the window is covered, and is what a first change in it starts from.
 */
export const inWindow =
  (windowMs: number): UsedEvents =>
  (inputs, nowMs) =>
    inputs.slice(Math.max(0, countKnown(inputs, nowMs - windowMs) - 1))

/** The newest input, and the newest of those known a horizon ago. */
export const atHorizon =
  (horizonMs: number): UsedEvents =>
  (inputs, nowMs) => {
    const before = countKnown(inputs, nowMs - horizonMs) - 1
    const last = inputs.length - 1
    return inputs.filter((_, index) => index === last || index === before)
  }

/** The input that describes the latest time, the first of equals. */
export const newestDescribed: UsedEvents = inputs => newestBy(inputs, describedAt)

/** The input whose time is the latest, the first of equals; none of none. */
export function newestBy(
  inputs: readonly MarketEvent[],
  time: (event: MarketEvent) => number,
): MarketEvent[] {
  let newest: MarketEvent | null = null
  for (const event of inputs) if (newest === null || time(event) > time(newest)) newest = event
  return newest === null ? [] : [newest]
}

/** The input that describes the latest time (`validAt`), the last of equals: a correction; null of none. */
export function lastOfNewest(inputs: readonly MarketEvent[]): MarketEvent | null {
  let newest: MarketEvent | null = null
  for (const event of inputs) if (newest === null || event.validAt >= newest.validAt) newest = event
  return newest
}

/** How many of the inputs were known at a time. */
function countKnown(inputs: readonly MarketEvent[], atMs: number): number {
  let low = 0
  let high = inputs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((inputs[middle]?.knownAt ?? 0) <= atMs) low = middle + 1
    else high = middle
  }
  return low
}
