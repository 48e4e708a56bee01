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
  let interval: number | null = null
  return {
    due(knownAt) {
      const current = Math.floor(knownAt / everyMs)
      const fires = interval !== null && current > interval
      if (interval === null || current > interval) interval = current
      return fires
    },
  }
}
