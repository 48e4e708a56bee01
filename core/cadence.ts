import type { UnixMs } from './time.ts'

/** Says at which events an agent decides; one rule for history, backtest and live. */
export type Cadence = {
  /** True when an event known at this time is the first in a new interval. Call it once per event. */
  due(knownAt: UnixMs): boolean
}

/**
 * Fires at the first event of each interval of `everyMs`, intervals counted from 1970 so that they do not
 * depend on where the history starts. The first event ever seen only starts the count.
 */
export function createCadence(everyMs: number): Cadence {
  // The end of the current interval: a comparison for each event, and a division only when an interval begins.
  let endMs = Number.NaN
  return {
    due(knownAt) {
      if (knownAt < endMs) return false
      const fires = knownAt >= endMs
      endMs = (Math.floor(knownAt / everyMs) + 1) * everyMs
      return fires
    },
  }
}
