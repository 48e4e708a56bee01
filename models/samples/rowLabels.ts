import { exactLog } from '../../core/index.ts'
import type { FeatureMatrix } from '../../feature-store/index.ts'

/** When rows were, and the last price known at each. */
export type PriceRows = Pick<FeatureMatrix, 'rows' | 'timesMs' | 'prices'>

/** What happened after each row of a matrix; all arrays by row. */
export type RowLabels = {
  /** Time at which the label was known, milliseconds; NaN where a row has none. */
  readonly endMs: Float64Array
  /** Last row whose price the label looks at; −1 where a row has none. */
  readonly endRow: Int32Array
  /** ln(price at the end / price at the row); NaN where a row has none. */
  readonly forwardReturn: Float64Array
}

/** Labels of no row yet. */
export function emptyLabels(rows: number): RowLabels {
  return {
    endMs: new Float64Array(rows).fill(Number.NaN),
    endRow: new Int32Array(rows).fill(-1),
    forwardReturn: new Float64Array(rows).fill(Number.NaN),
  }
}

/** Whether a number can be the price of something. */
export function isPrice(value: number): boolean {
  return value > 0 && value < Number.POSITIVE_INFINITY
}

/**
 * Labels each row with the log return to the last price known at `time + horizon`. A row without a price has no
 * label, nor has one whose horizon lies beyond the last row, for its outcome is not known.
 *
 * @param matrix rows in the order of time.
 */
export function labelForwardReturn({ rows, timesMs, prices }: PriceRows, horizonMs: number): RowLabels {
  const labels = emptyLabels(rows)
  const lastMs = timesMs[rows - 1] ?? Number.NEGATIVE_INFINITY
  let end = -1
  let endPrice = Number.NaN
  for (let row = 0; row < rows; row++) {
    const endMs = (timesMs[row] ?? Number.NaN) + horizonMs
    if (!(endMs <= lastMs)) break
    while ((timesMs[end + 1] ?? Number.POSITIVE_INFINITY) <= endMs) {
      end++
      const price = prices[end] ?? Number.NaN
      if (isPrice(price)) endPrice = price
    }
    const price = prices[row] ?? Number.NaN
    if (!isPrice(price)) continue
    labels.endMs[row] = endMs
    labels.endRow[row] = end
    labels.forwardReturn[row] = exactLog(endPrice / price)
  }
  return labels
}
