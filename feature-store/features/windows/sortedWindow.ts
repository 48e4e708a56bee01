import { TimedRing } from './timedRing.ts'

/**
 * What became known in the window (now − length, now], kept in ascending order beside its queue. An entry
 * costs a binary search and one block move, which for some thousands of entries is about a microsecond.
 */
export class SortedWindow {
  private readonly windowMs: number
  private readonly ring = new TimedRing()
  private sorted = new Float64Array(16)
  private firstMs: number | null = null

  constructor(windowMs: number) {
    this.windowMs = windowMs
  }

  add(timeMs: number, value: number): void {
    this.firstMs ??= timeMs
    this.drop(timeMs)
    const count = this.ring.size
    if (count === this.sorted.length) {
      const grown = new Float64Array(count * 2)
      grown.set(this.sorted)
      this.sorted = grown
    }
    const at = this.lowerBound(value)
    this.sorted.copyWithin(at + 1, at, count)
    this.sorted[at] = value
    this.ring.push(timeMs, value)
  }

  /** The entries in ascending order, as a view that the next `add` changes; null until a window is covered. */
  at(nowMs: number): Float64Array | null {
    if (this.firstMs === null || nowMs - this.firstMs < this.windowMs) return null
    this.drop(nowMs)
    return this.sorted.subarray(0, this.ring.size)
  }

  get capacity(): number {
    return this.sorted.length
  }

  private drop(nowMs: number): void {
    while (this.ring.timeAt(0) <= nowMs - this.windowMs) {
      const at = this.lowerBound(this.ring.valueAt(0))
      this.sorted.copyWithin(at, at + 1, this.ring.size)
      this.ring.shift()
    }
  }

  /** First index whose entry is not below the value. */
  private lowerBound(value: number): number {
    let low = 0
    let high = this.ring.size
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.sorted[middle] ?? Number.POSITIVE_INFINITY) < value) low = middle + 1
      else high = middle
    }
    return low
  }
}
