import { TimedRing } from './timedRing.ts'

/**
 * The greatest of the last `length` numbers, or the least: a queue of those that no later one has reached yet.
 * Amortised O(1).
 */
export class QueueExtreme {
  private readonly length: number
  private readonly sign: 1 | -1
  /** Falling values (rising for the least), each with its number in the sequence as its time. */
  private readonly ring = new TimedRing()
  private count = 0

  constructor(length: number, which: 'greatest' | 'least') {
    this.length = length
    this.sign = which === 'greatest' ? 1 : -1
  }

  /** Adds a number; returns the extreme of the last `length`, or NaN before there are that many. */
  add(value: number): number {
    const signed = this.sign * value
    while (this.ring.size > 0 && this.ring.valueAt(this.ring.size - 1) <= signed) this.ring.pop()
    this.ring.push(this.count, signed)
    this.count += 1
    if (this.ring.timeAt(0) < this.count - this.length) this.ring.shift()
    return this.count < this.length ? Number.NaN : this.sign * this.ring.valueAt(0)
  }

  get capacity(): number {
    return this.ring.capacity
  }
}
