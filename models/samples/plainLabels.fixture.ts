import { exactLog, InvalidInputError } from '../../core/index.ts'
import type { FeatureMatrix } from '../../feature-store/index.ts'

/** What happened after each row that has a label; the arrays run in parallel. */
export type Labels = {
  /** Rows of the matrix that have a label, ascending. */
  readonly rows: Uint32Array
  /** 1 when the price rose over the horizon, 0 when it fell or stayed. */
  readonly up: Uint8Array
  /** ln(price at the end / price at the row). */
  readonly forwardReturn: Float64Array
  /** Time of the row: the start of the label's interval. */
  readonly timesMs: Float64Array
  /** Time of the row plus the horizon: the end of the label's interval. */
  readonly endMs: Float64Array
  /** Labels of 0 whose price neither rose nor fell. */
  readonly unchanged: number
}

/**
 * Labels each row of a matrix with the direction and log return of the price over the next `horizonMs`. The
 * end price is the last price known at `time + horizon`. A row without a price has no label, nor has one
 * whose horizon lies beyond the last row, for its outcome is not known.
 *
 * @throws InvalidInputError when the horizon is not positive, or the rows are not in the order of time.
 */
export function makeLabels(
  matrix: Pick<FeatureMatrix, 'rows' | 'timesMs' | 'prices'>,
  horizonMs: number,
): Labels {
  if (!Number.isSafeInteger(horizonMs) || horizonMs <= 0)
    throw new InvalidInputError(`A label horizon of ${horizonMs} ms looks at nothing.`, {
      facts: { horizonMs },
      hint: 'Pass a whole number of milliseconds above 0.',
    })
  const { timesMs, prices } = matrix
  assertOrdered(timesMs)
  const rows: number[] = []
  const up: number[] = []
  const forwardReturn: number[] = []
  let unchanged = 0
  let end = -1
  let endPrice = Number.NaN
  const lastMs = timesMs[matrix.rows - 1] ?? Number.NEGATIVE_INFINITY
  for (let row = 0; row < matrix.rows; row++) {
    const endMs = (timesMs[row] ?? Number.NaN) + horizonMs
    if (!(endMs <= lastMs)) break
    while ((timesMs[end + 1] ?? Number.POSITIVE_INFINITY) <= endMs) {
      end++
      const price = prices[end] ?? Number.NaN
      if (isPrice(price)) endPrice = price
    }
    const price = prices[row] ?? Number.NaN
    if (!isPrice(price)) continue
    rows.push(row)
    up.push(endPrice > price ? 1 : 0)
    forwardReturn.push(exactLog(endPrice / price))
    if (endPrice === price) unchanged++
  }
  return {
    rows: Uint32Array.from(rows),
    up: Uint8Array.from(up),
    forwardReturn: Float64Array.from(forwardReturn),
    timesMs: Float64Array.from(rows, row => timesMs[row] ?? Number.NaN),
    endMs: Float64Array.from(rows, row => (timesMs[row] ?? Number.NaN) + horizonMs),
    unchanged,
  }
}

function isPrice(value: number): boolean {
  return value > 0 && value < Number.POSITIVE_INFINITY
}

function assertOrdered(timesMs: Float64Array): void {
  for (let row = 1; row < timesMs.length; row++) {
    const before = timesMs[row - 1] ?? Number.NaN
    const time = timesMs[row] ?? Number.NaN
    if (time >= before) continue
    throw new InvalidInputError(`Row ${row} of the feature matrix is earlier than the row before it.`, {
      facts: { row, timeMs: time, beforeMs: before },
      hint: 'Build the matrix from events in their total order.',
    })
  }
}
