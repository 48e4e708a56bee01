import { exactExp, gaussian, instrumentId, seededRandom, ZERO_HASH } from '../core/index.ts'
import type { FeatureMatrix } from '../feature-store/index.ts'

const STEP_MS = 60_000

/**
 * Draws a matrix of normal features in which the sign of each next return is chosen by `rule`, or by a coin
 * where it returns null; a number is the log return itself. A share of the values is missing. The price at a row
 * decides the label of the row before. For tests.
 */
export function syntheticMatrix({
  rows,
  columns,
  seed,
  rule,
  missing = 0,
}: {
  readonly rows: number
  readonly columns: number
  readonly seed: number
  readonly rule: (features: Float32Array) => boolean | number | null
  readonly missing?: number
}): FeatureMatrix {
  const random = seededRandom(seed)
  const values = new Float32Array(rows * columns)
  const prices = new Float64Array(rows)
  let price = 2_000
  for (let row = 0; row < rows; row++) {
    const features = Float32Array.from({ length: columns }, () => gaussian(random))
    values.set(
      features.map(value => (random() < missing ? Number.NaN : value)),
      row * columns,
    )
    prices[row] = price
    const next = rule(features) ?? random() < 0.5
    price *= exactExp(
      typeof next === 'number' ? next : (next ? 1 : -1) * 0.001 * (0.1 + Math.abs(gaussian(random))),
    )
  }
  return {
    instrument: instrumentId('oanda:XAUUSD'),
    featureSet: ZERO_HASH,
    names: Array.from({ length: columns }, (_, column) => `feature_${column}`),
    rows,
    columns,
    values,
    timesMs: Float64Array.from({ length: rows }, (_, row) => 1_700_000_000_000 + row * STEP_MS),
    prices,
    dataHash: ZERO_HASH,
  }
}

/** The horizon that gives each row of a synthetic matrix its own return. */
export const SYNTHETIC_HORIZON_MS = STEP_MS
