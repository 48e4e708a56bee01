/**
 * Σ i·xᵢ over the last `length` numbers, i counted from 1 at the oldest: the sum that a linearly weighted mean
 * divides. What has left the queue has no part in its rounding: like `QueueSum`, it keeps sums from each older
 * entry to the end of their group, and sums the newer ones as they come. Amortised O(1).
 */
export class QueueWeights {
  private readonly length: number
  private readonly values: Float64Array
  /** Of the older group, from each entry to the group's end: the sum weighted from 1. */
  private readonly weighted: Float64Array
  private next = 0
  private older = 0
  private newer = 0
  private newerSum = 0
  private newerWeighted = 0

  constructor(length: number) {
    this.length = length
    this.values = new Float64Array(length)
    this.weighted = new Float64Array(length)
  }

  /** Adds a number; returns the weighted sum, or NaN before there are `length` numbers. */
  add(value: number): number {
    if (this.older + this.newer === this.length) {
      if (this.older === 0) this.regroup()
      this.older -= 1
    }
    this.values[this.next] = value
    this.next = (this.next + 1) % this.length
    this.newer += 1
    this.newerSum += value
    this.newerWeighted += this.newer * value
    if (this.older + this.newer < this.length) return Number.NaN
    const older = this.older === 0 ? 0 : (this.weighted[this.next] ?? 0)
    return older + this.newerWeighted + this.older * this.newerSum
  }

  get capacity(): number {
    return 2 * this.length
  }

  private regroup(): void {
    let sum = 0
    let weighted = 0
    for (let count = 1; count <= this.newer; count++) {
      const at = (this.next + this.length - count) % this.length
      const value = this.values[at] ?? 0
      // The entry becomes the first of its group, and all later ones count one more.
      sum += value
      weighted += sum
      this.weighted[at] = weighted
    }
    this.older = this.newer
    this.newer = 0
    this.newerSum = 0
    this.newerWeighted = 0
  }
}
