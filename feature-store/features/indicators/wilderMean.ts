/**
 * Wilder's mean: (m · (length − 1) + x) / length, seeded with the plain mean of the first `length` numbers; NaN
 * before that. Source: Wilder, "New Concepts in Technical Trading Systems" (1978); the seed is TA-Lib's.
 */
export class WilderMean {
  private readonly length: number
  private count = 0
  private mean = 0

  constructor(length: number) {
    this.length = length
  }

  add(value: number): number {
    this.count += 1
    if (this.count > this.length) this.mean = (this.mean * (this.length - 1) + value) / this.length
    else {
      this.mean += value
      if (this.count < this.length) return Number.NaN
      this.mean /= this.length
    }
    return this.mean
  }
}
