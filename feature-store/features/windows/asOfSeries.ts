import { TimedRing } from './timedRing.ts'

/** A series that remembers its last value and the one that was last a fixed time ago. Amortised O(1). */
export class AsOfSeries {
  private readonly horizonMs: number
  private readonly ring = new TimedRing()

  constructor(horizonMs: number) {
    this.horizonMs = horizonMs
  }

  /** Adds a value; of several at one time the last one stands. */
  add(timeMs: number, value: number): void {
    const last = this.ring.size - 1
    if (last >= 0 && this.ring.timeAt(last) === timeMs) this.ring.setValueAt(last, value)
    else this.ring.push(timeMs, value)
    this.drop(timeMs)
  }

  /** The last value known a horizon before now, or null when none was. */
  before(nowMs: number): number | null {
    this.drop(nowMs)
    return this.ring.timeAt(0) <= nowMs - this.horizonMs ? this.ring.valueAt(0) : null
  }

  /** The last value, or null. */
  get last(): number | null {
    return this.ring.size > 0 ? this.ring.valueAt(this.ring.size - 1) : null
  }

  get capacity(): number {
    return this.ring.capacity
  }

  // The newest entry at or before the horizon stays: it is the value as of then.
  private drop(nowMs: number): void {
    while (this.ring.timeAt(1) <= nowMs - this.horizonMs) this.ring.shift()
  }
}
