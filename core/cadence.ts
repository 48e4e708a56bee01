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
  return new Intervals(everyMs)
}

// A field and not a variable of a closure: a number that a closure changes is allocated anew with every change.
class Intervals implements Cadence {
  private readonly everyMs: number
  /** The end of the current interval: a comparison for each event, and a division only when an interval begins. */
  private endMs = Number.NaN

  constructor(everyMs: number) {
    this.everyMs = everyMs
  }

  due(knownAt: UnixMs): boolean {
    const { endMs } = this
    if (knownAt < endMs) return false
    // An event in the very next interval, the usual case, needs no division: sums of whole numbers are exact.
    const nextMs = endMs + this.everyMs
    this.endMs = knownAt < nextMs ? nextMs : (Math.floor(knownAt / this.everyMs) + 1) * this.everyMs
    return knownAt >= endMs
  }
}
