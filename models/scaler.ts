/** Mean and standard deviation of each feature over the training rows, as binary32 values. */
export type Scaler = {
  readonly mean: Float32Array
  /** 0 for a feature that never varied: it taught nothing, so it is always scaled to 0. */
  readonly std: Float32Array
}

/** Scaled values are cut off here: an outlier far from anything trained on must not decide alone. */
export const SCALED_LIMIT = 8

/**
 * Measures mean and population standard deviation of each column over the given rows, missing values left
 * out. Two passes in binary64, rounded to binary32 at the end.
 *
 * @param values row-major matrix.
 */
export function fitScaler(values: Float32Array, columns: number, rows: Uint32Array): Scaler {
  const mean = new Float32Array(columns)
  const std = new Float32Array(columns)
  for (let column = 0; column < columns; column++) {
    let count = 0
    let sum = 0
    for (const row of rows) {
      const value = values[row * columns + column] ?? Number.NaN
      if (!Number.isFinite(value)) continue
      count++
      sum += value
    }
    if (count === 0) continue
    const centre = sum / count
    let squares = 0
    for (const row of rows) {
      const value = values[row * columns + column] ?? Number.NaN
      if (Number.isFinite(value)) squares += (value - centre) * (value - centre)
    }
    mean[column] = centre
    // Equal binary32 values sum exactly in binary64, so a feature that never varies has exactly 0 here.
    std[column] = Math.sqrt(squares / count)
  }
  return { mean, std }
}

/**
 * Scales one value to (value − mean) / std in binary32, within ±`SCALED_LIMIT`; a missing (or infinite) value
 * stands at the mean, which is 0.
 */
export function scaleValue(value: number, mean: number, std: number): number {
  // `value - value` is 0 for every finite number and NaN for the others.
  if (std === 0 || value - value !== 0) return 0
  const scaled = Math.fround(Math.fround(value - mean) / std)
  return scaled > SCALED_LIMIT ? SCALED_LIMIT : scaled < -SCALED_LIMIT ? -SCALED_LIMIT : scaled
}

/** Scales the given rows of a row-major matrix into a new one. */
export function scaleRows(values: Float32Array, rows: Uint32Array, { mean, std }: Scaler): Float32Array {
  const columns = mean.length
  const scaled = new Float32Array(rows.length * columns)
  for (let place = 0; place < rows.length; place++) {
    const from = (rows[place] ?? 0) * columns
    for (let column = 0; column < columns; column++)
      scaled[place * columns + column] = scaleValue(
        values[from + column] ?? Number.NaN,
        mean[column] ?? 0,
        std[column] ?? 0,
      )
  }
  return scaled
}
