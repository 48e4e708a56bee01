import { InvalidInputError } from '../../core/index.ts'

/** What the weights of samples make up for; none gives every sample 1. */
export type Weighting = {
  /** Labels that look at the same prices share their weight: average uniqueness. */
  readonly uniqueness?: boolean
  /** Both classes get the same weight in all: for `direction` targets. */
  readonly classBalance?: boolean
}

/**
 * Weighs samples: each by its average uniqueness, its class by balance, or both multiplied; 1 on average. Balance
 * reads the targets of all given rows, so for a fold give its training rows alone.
 *
 * @param rows rows to weigh, ascending.
 * @param endRow by row: the last row whose price a label looks at.
 * @param targets by row: 1 or 0 where classes are balanced.
 * @param meanOver which of the rows are to weigh 1 on average; all unless given.
 * @returns by row; 0 for a row that was not given.
 * @throws InvalidInputError when classes are to be balanced and one has no rows.
 */
export function weighSamples({
  rows,
  endRow,
  targets,
  uniqueness = false,
  classBalance = false,
  meanOver,
}: Weighting & {
  readonly rows: Uint32Array
  readonly endRow: Int32Array
  readonly targets: Float32Array
  readonly meanOver?: Uint32Array | undefined
}): Float32Array {
  const weights = uniqueness ? averageUniqueness(rows, endRow) : new Float64Array(rows.length).fill(1)
  if (classBalance) balanceClasses(weights, rows, targets)
  const exact = new Float64Array(endRow.length)
  for (let place = 0; place < rows.length; place++) exact[rows[place] ?? 0] = weights[place] ?? 0
  const measured = meanOver ?? rows
  let sum = 0
  for (const row of measured) sum += exact[row] ?? 0
  const scale = measured.length / sum
  const byRow = new Float32Array(endRow.length)
  for (const row of rows) byRow[row] = (exact[row] ?? 0) * scale
  return byRow
}

/**
 * Average uniqueness of each label (M. López de Prado, "Advances in Financial Machine Learning", 2018, section
 * 4.4): the mean of 1 / (labels that look at a price step) over the price steps that the label looks at, those
 * after its row up to its end. 1 for a label that looks at none. Linear in the rows.
 *
 * @param rows rows that have a label, ascending.
 * @param endRow by row of the matrix.
 * @returns by place in `rows`, in (0, 1].
 */
export function averageUniqueness(rows: Uint32Array, endRow: Int32Array): Float64Array {
  const steps = endRow.length + 1
  const starting = new Int32Array(steps + 1)
  for (const row of rows) {
    const end = endRow[row] ?? row
    if (end <= row) continue
    starting[row + 1] = (starting[row + 1] ?? 0) + 1
    starting[end + 1] = (starting[end + 1] ?? 0) - 1
  }
  // shares[s] is the sum of 1 / concurrency over the steps before s.
  const shares = new Float64Array(steps + 1)
  let concurrent = 0
  for (let step = 0; step < steps; step++) {
    concurrent += starting[step] ?? 0
    shares[step + 1] = (shares[step] ?? 0) + (concurrent > 0 ? 1 / concurrent : 0)
  }
  return Float64Array.from(rows, row => {
    const end = endRow[row] ?? row
    if (end <= row) return 1
    // Differences of long sums may round past 1 in the last bits.
    return Math.min(1, ((shares[end + 1] ?? 0) - (shares[row + 1] ?? 0)) / (end - row))
  })
}

/** Scales the weights so that those of either class sum to the same. */
function balanceClasses(weights: Float64Array, rows: Uint32Array, targets: Float32Array): void {
  const sums = new Float64Array(2)
  for (let place = 0; place < rows.length; place++) {
    const target = targets[rows[place] ?? 0] === 1 ? 1 : 0
    sums[target] = (sums[target] ?? 0) + (weights[place] ?? 0)
  }
  const [falls = 0, rises = 0] = sums
  if (falls === 0 || rises === 0)
    throw new InvalidInputError(
      `None of ${rows.length} samples has the target ${falls === 0 ? 0 : 1}: classes cannot be balanced.`,
      {
        facts: { samples: rows.length, missing: falls === 0 ? 0 : 1 },
        hint: 'Use a longer history or another label, or weigh without class balance.',
      },
    )
  for (let place = 0; place < rows.length; place++)
    weights[place] = (weights[place] ?? 0) / (targets[rows[place] ?? 0] === 1 ? rises : falls)
}
