import type { BarPrices } from './barPrices.ts'
import { isTaZero } from './taZero.ts'
import { trueRange } from './trueRange.ts'

/**
 * Wilder's directional movement, smoothed as TA-Lib does it: plain sums over `length` − 1 bars, then
 * s − s/length + x for every further one. Its indexes exist
 * from the first of these on.
 */
export class DirectionalMovement {
  private readonly length: number
  private lastHigh = Number.NaN
  private lastLow = Number.NaN
  private lastClose = Number.NaN
  private count = 0
  private up = 0
  private down = 0
  private range = 0

  constructor(length: number) {
    this.length = length
  }

  /** Takes in the next bar; returns true once there are indexes. */
  add(bar: BarPrices): boolean {
    const { lastHigh, lastLow, lastClose } = this
    const { high, low, close } = bar
    this.lastHigh = high
    this.lastLow = low
    this.lastClose = close
    if (Number.isNaN(lastClose)) return false
    const rise = high - lastHigh
    const fall = lastLow - low
    this.count += 1
    if (this.count >= this.length) {
      this.up -= this.up / this.length
      this.down -= this.down / this.length
      this.range -= this.range / this.length
    }
    if (fall > 0 && rise < fall) this.down += fall
    else if (rise > 0 && rise > fall) this.up += rise
    this.range += trueRange(bar, lastClose)
    return this.count >= this.length
  }

  /** +DI in percent. */
  get plus(): number {
    return isTaZero(this.range) ? 0 : (100 * this.up) / this.range
  }

  /** −DI in percent. */
  get minus(): number {
    return isTaZero(this.range) ? 0 : (100 * this.down) / this.range
  }
}
