/**
 * Exponential mean: m + (x − m) · 2/(length + 1), seeded as TA-Lib's EMA is, with the plain mean of the first
 * `length` numbers; NaN before that.
 */
export class ExponentialMean {
  private readonly length: number
  private count = 0
  private mean = 0

  constructor(length: number) {
    this.length = length
  }

  add(value: number): number {
    this.count += 1
    if (this.count > this.length) this.mean += (value - this.mean) * (2 / (this.length + 1))
    else {
      this.mean += value
      if (this.count < this.length) return Number.NaN
      this.mean /= this.length
    }
    return this.mean
  }
}
