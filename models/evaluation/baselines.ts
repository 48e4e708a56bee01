import { InvalidInputError } from '../../core/index.ts'
import { evenlySpread } from '../evenlySpread.ts'
import { fitLogisticRegression, predictLogistic } from '../logisticRegression.ts'
import { isPrice, type PriceRows } from '../samples/rowLabels.ts'
import type { Scaler } from '../scaler.ts'
import { scaleRows } from '../scaler.ts'

/** What baselines learn from: targets of `direction` by row of the matrix, and the rows to learn from. */
export type BaselineRows = {
  readonly targets: Float32Array
  /** Ascending. */
  readonly train: Uint32Array
}

/** Gives probabilities of a target of 1 to rows of the matrix that it was fitted on. */
export type Baseline = (rows: Uint32Array) => Float64Array

/** Always gives the share of 1 among the training rows. */
export function fitMajority({ targets, train }: BaselineRows): Baseline {
  const share = shareOf(targets, train)
  return rows => new Float64Array(rows.length).fill(share)
}

/**
 * Follows the sign of the last price change: gives the share of 1 among the training rows before which the price
 * rose over `lookbackMs`, or among those before which it did not, whichever a row is. Shares have one success and
 * one failure added (Laplace), so that a few rows are not certain.
 */
export function fitMomentum(
  matrix: PriceRows,
  { targets, train, lookbackMs }: BaselineRows & { readonly lookbackMs: number },
): Baseline {
  const rose = priceRose(matrix, lookbackMs)
  const counts = new Float64Array([2, 2])
  const ones = new Float64Array([1, 1])
  for (const row of train) {
    const sign = rose[row] ?? 0
    counts[sign] = (counts[sign] ?? 0) + 1
    if (targets[row] === 1) ones[sign] = (ones[sign] ?? 0) + 1
  }
  return rows =>
    Float64Array.from(rows, row => {
      const sign = rose[row] ?? 0
      return (ones[sign] ?? 0) / (counts[sign] ?? 1)
    })
}

/** Ridge penalty of the logistic baseline; as scikit-learn's default C = 1. */
export const LOGISTIC_BASELINE_L2 = 1
/** Rows that the logistic baseline is fitted to at most, evenly drawn: more change its handful of weights little. */
export const LOGISTIC_BASELINE_ROWS = 100_000

/** Logistic regression on the scaled features of the row alone. */
export async function fitLogistic({
  values,
  columns,
  scaler,
  targets,
  train,
}: BaselineRows & {
  /** Row-major, unscaled. */
  readonly values: Float32Array
  readonly columns: number
  readonly scaler: Scaler
}): Promise<Baseline> {
  const drawn = evenlySpread(train, LOGISTIC_BASELINE_ROWS)
  const model = await fitLogisticRegression({
    inputs: scaleRows(values, drawn, scaler),
    columns,
    up: Uint8Array.from(drawn, row => (targets[row] === 1 ? 1 : 0)),
    l2: LOGISTIC_BASELINE_L2,
  })
  return rows => predictLogistic(model, scaleRows(values, rows, scaler))
}

/** By row: 1 where the price rose over the time before it, as known then, else 0. */
function priceRose({ rows, timesMs, prices }: PriceRows, lookbackMs: number): Uint8Array {
  const rose = new Uint8Array(rows)
  let then = -1
  let thenPrice = Number.NaN
  let price = Number.NaN
  for (let row = 0; row < rows; row++) {
    const known = prices[row] ?? Number.NaN
    if (isPrice(known)) price = known
    while ((timesMs[then + 1] ?? Number.POSITIVE_INFINITY) <= (timesMs[row] ?? 0) - lookbackMs) {
      then++
      const earlier = prices[then] ?? Number.NaN
      if (isPrice(earlier)) thenPrice = earlier
    }
    rose[row] = price > thenPrice ? 1 : 0
  }
  return rose
}

function shareOf(targets: Float32Array, rows: Uint32Array): number {
  if (rows.length === 0)
    throw new InvalidInputError('A baseline has no rows to learn from.', { hint: 'Use a longer history.' })
  let ones = 0
  for (const row of rows) if (targets[row] === 1) ones++
  return ones / rows.length
}
