import { exactExp, exactLog } from '../../core/index.ts'
import type { TripleBarrierLabel } from './labelSpec.ts'
import { indexExtremes } from './priceExtremes.ts'
import { priceVolatility } from './priceVolatility.ts'
import { labelForwardReturn, type PriceRows, type RowLabels } from './rowLabels.ts'

/**
 * Labels each row with the log return to the barrier that the prices known after it touch first; where they touch
 * neither, to the end of the horizon. The label is known at the touch. A row without a volatility above 0 has no
 * label, nor has one whose horizon lies beyond the last row, even where a barrier was touched: keeping only what
 * was decided early would favour large moves.
 *
 * @param matrix rows in the order of time.
 */
export function labelTripleBarrier(matrix: PriceRows, spec: TripleBarrierLabel): RowLabels {
  const { rows, timesMs, prices } = matrix
  const { horizonMs, upperSigmas, lowerSigmas, volatilityHalfLifeMs: halfLifeMs } = spec
  const volatility = priceVolatility(matrix, { horizonMs, halfLifeMs })
  const extremes = indexExtremes(prices)
  const labels = labelForwardReturn(matrix, horizonMs)
  for (let row = 0; row < rows; row++) {
    const endRow = labels.endRow[row] ?? -1
    if (endRow < 0) continue
    const sigma = volatility[row] ?? Number.NaN
    if (!(sigma > 0)) {
      labels.endMs[row] = Number.NaN
      labels.endRow[row] = -1
      labels.forwardReturn[row] = Number.NaN
      continue
    }
    const price = prices[row] ?? Number.NaN
    const upper = price * exactExp(upperSigmas * sigma)
    const lower = price * exactExp(-lowerSigmas * sigma)
    const touched = extremes.firstOutside(row + 1, endRow + 1, lower, upper)
    if (touched < 0) continue
    labels.endMs[row] = timesMs[touched] ?? Number.NaN
    labels.endRow[row] = touched
    labels.forwardReturn[row] = exactLog((prices[touched] ?? Number.NaN) / price)
  }
  return labels
}
