/**
 * Mean and variance of the last `length` numbers, without subtracting what is nearly equal: groups of numbers
 * are joined by Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample
 * Variances" (1979), in the two groups of `QueueSum`. Amortised O(1).
 */
export class QueueMoments {
  private readonly length: number
  private readonly values: Float64Array
  /** Of the older group, moments from each entry to the group's end. */
  private readonly means: Float64Array
  private readonly squares: Float64Array
  /** Place of the next number; the oldest is `length` before it. */
  private next = 0
  private older = 0
  private newer = 0
  private newerMean = 0
  private newerSquares = 0

  constructor(length: number) {
    this.length = length
    this.values = new Float64Array(length)
    this.means = new Float64Array(length)
    this.squares = new Float64Array(length)
  }

  /** Adds a number; returns true once there are `length` of them. */
  add(value: number): boolean {
    if (this.older + this.newer === this.length) this.drop()
    this.values[this.next] = value
    this.next = (this.next + 1) % this.length
    this.newer += 1
    const change = value - this.newerMean
    this.newerMean += change / this.newer
    this.newerSquares += change * (value - this.newerMean)
    return this.older + this.newer === this.length
  }

  get mean(): number {
    if (this.older === 0) return this.newerMean
    const at = this.oldest
    const olderMean = this.means[at] ?? 0
    return olderMean + ((this.newerMean - olderMean) * this.newer) / (this.older + this.newer)
  }

  /** Variance of the numbers as a whole population: divided by their count. */
  get variance(): number {
    const count = this.older + this.newer
    if (this.older === 0) return this.newerSquares / count
    const at = this.oldest
    const gap = this.newerMean - (this.means[at] ?? 0)
    return (
      ((this.squares[at] ?? 0) + this.newerSquares + (gap * gap * this.older * this.newer) / count) / count
    )
  }

  get capacity(): number {
    return 3 * this.length
  }

  private get oldest(): number {
    return (this.next + this.length - this.older - this.newer) % this.length
  }

  private drop(): void {
    if (this.older === 0) this.regroup()
    this.older -= 1
  }

  private regroup(): void {
    let mean = 0
    let squares = 0
    for (let count = 1; count <= this.newer; count++) {
      const at = (this.next + this.length - count) % this.length
      const value = this.values[at] ?? 0
      const change = value - mean
      mean += change / count
      squares += change * (value - mean)
      this.means[at] = mean
      this.squares[at] = squares
    }
    this.older = this.newer
    this.newer = 0
    this.newerMean = 0
    this.newerSquares = 0
  }
}
