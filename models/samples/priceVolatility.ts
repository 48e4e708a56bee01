import { exactExp, exactLog } from '../../core/index.ts'
import { isPrice, type PriceRows } from './rowLabels.ts'

/**
 * Volatility of the price known at each row, as the standard deviation of its log return over `horizonMs`: the root
 * of (Σ w·r² / Σ w·Δt) · horizon over the past returns r and the times Δt that they took, where w halves with every
 * half-life of age; the mean return is taken as 0. Rows may be unevenly spaced. NaN before the prices span a
 * half-life, and where a row has no price.
 *
 * @returns by row.
 */
export function priceVolatility(
  { rows, timesMs, prices }: PriceRows,
  { horizonMs, halfLifeMs }: { readonly horizonMs: number; readonly halfLifeMs: number },
): Float64Array {
  const volatility = new Float64Array(rows).fill(Number.NaN)
  let firstMs = Number.NaN
  let lastMs = Number.NaN
  let lastPrice = Number.NaN
  let squares = 0
  let elapsedMs = 0
  for (let row = 0; row < rows; row++) {
    const price = prices[row] ?? Number.NaN
    if (!isPrice(price)) continue
    const timeMs = timesMs[row] ?? Number.NaN
    if (Number.isNaN(firstMs)) firstMs = timeMs
    else {
      const change = exactLog(price / lastPrice)
      const stepMs = timeMs - lastMs
      const kept = stepMs === 0 ? 1 : exactExp((-Math.LN2 * stepMs) / halfLifeMs)
      squares = squares * kept + change * change
      elapsedMs = elapsedMs * kept + stepMs
    }
    lastMs = timeMs
    lastPrice = price
    if (timeMs - firstMs >= halfLifeMs) volatility[row] = Math.sqrt((squares / elapsedMs) * horizonMs)
  }
  return volatility
}
