import { PPM, type Ppm } from '../core/index.ts'

/**
 * Bid and ask around a price: half a spread away, rounded against the trader, exact. The object is reused: read it
 * before the next call.
 *
 * @param midE8 A whole number of 10⁻⁸ below 2⁵³.
 */
export function takerPrices(midE8: number, halfSpreadPpm: Ppm): { bidE8: number; askE8: number } {
  // Split, so that every product stays a whole number below 2⁵³.
  const millions = Math.floor(midE8 / PPM)
  const rest = (midE8 - millions * PPM) * halfSpreadPpm
  const whole = millions * halfSpreadPpm
  REUSED.bidE8 = midE8 - whole - Math.ceil(rest / PPM)
  REUSED.askE8 = midE8 + whole + Math.ceil(rest / PPM)
  return REUSED
}

const REUSED = { bidE8: 0, askE8: 0 }
