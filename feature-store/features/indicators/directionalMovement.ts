import type { BarPrices } from './barPrices.ts'
import { isTaZero } from './taZero.ts'
import { trueRange } from './trueRange.ts'

/** +DI and −DI in percent. */
export type DirectionalIndex = { readonly plus: number; readonly minus: number }

/**
 * Wilder's directional movement, smoothed as TA-Lib does it: plain sums over `length` − 1 bars, then
 * s − s/length + x for every further one. Null until the first of these.
 */
export class DirectionalMovement {
  private readonly length: number
  private last: BarPrices | null = null
  private count = 0
  private plus = 0
  private minus = 0
  private range = 0

  constructor(length: number) {
    this.length = length
  }

  add(bar: BarPrices): DirectionalIndex | null {
    const { last } = this
    this.last = bar
    if (last === null) return null
    const rise = bar.high - last.high
    const fall = last.low - bar.low
    this.count += 1
    if (this.count >= this.length) {
      this.plus -= this.plus / this.length
      this.minus -= this.minus / this.length
      this.range -= this.range / this.length
    }
    if (fall > 0 && rise < fall) this.minus += fall
    else if (rise > 0 && rise > fall) this.plus += rise
    this.range += trueRange(bar, last.close)
    if (this.count < this.length) return null
    if (isTaZero(this.range)) return { plus: 0, minus: 0 }
    return { plus: (100 * this.plus) / this.range, minus: (100 * this.minus) / this.range }
  }
}
