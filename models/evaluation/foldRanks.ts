import { averageRanks } from '../metrics.ts'

/**
 * Ranks within each fold, with mean 0 and variance 1 there; 0 in a fold where the values never vary, null when they
 * vary in none. Ranks over all folds would not do: a model that was trained on a fold's outcomes leans towards them,
 * and against those it has to foretell when both are measured from the mean of all, so that the rank correlation of
 * pure noise lies below 0.
 *
 * @param foldRows rows of each fold, one after the other.
 */
export function foldRanks(values: Float64Array, foldRows: readonly number[]): Float64Array | null {
  const standard = new Float64Array(values.length)
  let varies = false
  let from = 0
  for (const rows of foldRows) {
    const ranks = averageRanks(values.subarray(from, from + rows))
    const centre = (rows + 1) / 2
    let squares = 0
    for (const rank of ranks) squares += (rank - centre) * (rank - centre)
    if (squares > 0) {
      varies = true
      const spread = Math.sqrt(squares / rows)
      for (let row = 0; row < rows; row++) standard[from + row] = ((ranks[row] ?? 0) - centre) / spread
    }
    from += rows
  }
  return varies ? standard : null
}

/**
 * The information coefficient over folds: the correlation of the ranks within folds, which is the mean of the folds'
 * own coefficients by rows where all have one. Null when either side varies in no fold.
 */
export function foldCorrelation(
  left: Float64Array,
  right: Float64Array,
  foldRows: readonly number[],
): number | null {
  const x = foldRanks(left, foldRows)
  const y = foldRanks(right, foldRows)
  if (x === null || y === null) return null
  let products = 0
  let leftSquares = 0
  let rightSquares = 0
  x.forEach((rank, row) => {
    const other = y[row] ?? 0
    products += rank * other
    leftSquares += rank * rank
    rightSquares += other * other
  })
  return products / Math.sqrt(leftSquares * rightSquares)
}
