import { TimedRing } from './timedRing.ts'

/**
 * The sum of a queue, without the drift of adding and subtracting: what has left the queue has no part in
 * the sum's rounding. The older entries hold suffix sums of their group, the newer ones are summed as they
 * come; when the older group runs out, the newer one becomes it (the "two-stack" queue). Amortised O(1).
 */
export class QueueSum {
  private readonly ring = new TimedRing()
  /** Entries at the front whose stored value is the sum from themselves to the end of their group. */
  private grouped = 0
  private newerSum = 0

  get size(): number {
    return this.ring.size
  }

  get capacity(): number {
    return this.ring.capacity
  }

  get oldestTime(): number {
    return this.ring.timeAt(0)
  }

  get sum(): number {
    return (this.grouped > 0 ? this.ring.valueAt(0) : 0) + this.newerSum
  }

  push(time: number, value: number): void {
    this.ring.push(time, value)
    this.newerSum += value
  }

  shift(): void {
    if (this.grouped === 0) {
      let suffix = 0
      for (let i = this.ring.size - 1; i >= 0; i--) {
        suffix += this.ring.valueAt(i)
        this.ring.setValueAt(i, suffix)
      }
      this.grouped = this.ring.size
      this.newerSum = 0
    }
    this.ring.shift()
    this.grouped -= 1
  }
}
