import { InvalidInputError } from '../../core/index.ts'
import type { FeatureMatrix } from './buildFeatureMatrix.ts'

/** How a feature was distributed over the rows that a model was trained on. */
export type FeatureReference = {
  readonly name: string
  /** Ascending bounds: bin b holds what is above bound b − 1 and at most bound b; the outer bins are open. */
  readonly bounds: Float32Array
  /** Values of each bin: one more than there are bounds. */
  readonly counts: readonly number[]
  /** Rows without a value. */
  readonly missing: number
}

/** Bins of a reference: deciles, as is usual for the population stability index. */
export const DEFAULT_DRIFT_BINS = 10

/**
 * The distribution of each feature of a matrix, in bins of equal count. A value that fills more than one bin by
 * itself (a count that is mostly 0) has its own, so that a move to either side shows.
 *
 * @throws InvalidInputError on fewer than two bins.
 */
export function featureReference(
  matrix: Pick<FeatureMatrix, 'names' | 'rows' | 'columns' | 'values'>,
  { bins = DEFAULT_DRIFT_BINS }: { readonly bins?: number } = {},
): FeatureReference[] {
  if (!Number.isSafeInteger(bins) || bins < 2)
    throw new InvalidInputError(`A distribution in ${bins} bins is not possible.`, {
      facts: { bins },
      hint: 'Pass a whole number of at least 2.',
    })
  const { names, rows, columns, values } = matrix
  return names.map((name, column) => {
    const present = new Float32Array(rows)
    let count = 0
    for (let row = 0; row < rows; row++) {
      const value = values[row * columns + column] ?? Number.NaN
      if (!Number.isNaN(value)) present[count++] = value
    }
    const sorted = present.subarray(0, count).sort()
    const bounds = boundsOf(sorted, bins)
    const counts = Array.from({ length: bounds.length + 1 }, () => 0)
    for (const value of sorted) {
      const bin = binOf(bounds, value)
      counts[bin] = (counts[bin] ?? 0) + 1
    }
    return { name, bounds, counts, missing: rows - count }
  })
}

/** The bin of a value: how many bounds lie below it. */
export function binOf(bounds: Float32Array, value: number): number {
  let low = 0
  let high = bounds.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((bounds[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}

function boundsOf(sorted: Float32Array, bins: number): Float32Array {
  const bounds: number[] = []
  if (sorted.length === 0) return new Float32Array(0)
  for (let bin = 1; bin < bins; bin++) {
    // Adding 0 turns −0 into 0, which is the same bound.
    const quantile = (sorted[Math.ceil((bin * sorted.length) / bins) - 1] ?? 0) + 0
    if (quantile !== bounds.at(-1)) bounds.push(quantile)
    else if (bounds.at(-2) !== binary32Below(quantile)) bounds.splice(-1, 0, binary32Below(quantile))
  }
  return Float32Array.from(bounds)
}

/** The greatest binary32 below a finite one. */
function binary32Below(value: number): number {
  const [float, bits] = [new Float32Array(1), new Int32Array(1)]
  const view = new Float32Array(bits.buffer)
  float[0] = value === 0 ? -0 : value
  bits.set(new Int32Array(float.buffer))
  // The magnitude of a positive number falls, that of a negative one rises.
  bits[0] = (bits[0] ?? 0) + (value > 0 ? -1 : 1)
  return view[0] ?? 0
}
