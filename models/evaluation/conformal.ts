import { InvalidInputError } from '../../core/index.ts'

/** The log return that is expected of a prediction: centre + slope · prediction. */
export type ReturnMap = { readonly centre: number; readonly slope: number }

/** Where a return lies about the expected one: between expected + lower and expected + upper. */
export type ConformalInterval = {
  readonly lower: number
  readonly upper: number
  /** Least share of returns inside, over slices and returns that are exchangeable. */
  readonly coverage: number
  /** Residuals that it was taken from. */
  readonly rows: number
}

/**
 * The line of least squares from predictions (probabilities, or scores) to log returns. Flat at the mean return where
 * predictions never vary. For a conformal interval fit it on other rows than those of the interval.
 *
 * @throws InvalidInputError when there are no rows or they do not go together.
 */
export function fitReturnMap(predictions: Float64Array, returns: Float64Array): ReturnMap {
  assertPairs(predictions, returns)
  const rows = predictions.length
  const x = predictions.reduce((sum, value) => sum + value, 0) / rows
  const y = returns.reduce((sum, value) => sum + value, 0) / rows
  let products = 0
  let squares = 0
  predictions.forEach((prediction, row) => {
    products += (prediction - x) * ((returns[row] ?? 0) - y)
    squares += (prediction - x) * (prediction - x)
  })
  const slope = squares > 0 ? products / squares : 0
  return { centre: y - slope * x, slope }
}

/**
 * Split conformal interval (H. Papadopoulos et al., "Inductive Confidence Machines for Regression", 2002) with signed
 * residuals, each side missing half of what is left over (Y. Romano, E. Patterson and E. Candès, "Conformalized
 * Quantile Regression", 2019). Of n residuals in order the bounds are the ⌊(n + 1)·α/2⌋-th and the
 * ⌈(n + 1)·(1 − α/2)⌉-th with α = 1 − coverage; the n + 1 makes the coverage hold at every n, where the rows are
 * exchangeable. Overlapping labels are not, nor is a market that changes: there it holds on average over long times
 * at best.
 *
 * @param predictions of rows that neither the model nor the map was fitted to.
 * @throws InvalidInputError when the coverage is not between 0 and 1, or the rows are too few for it.
 */
export function fitConformalInterval({
  predictions,
  returns,
  map,
  coverage,
}: {
  readonly predictions: Float64Array
  readonly returns: Float64Array
  readonly map: ReturnMap
  readonly coverage: number
}): ConformalInterval {
  assertPairs(predictions, returns)
  const rows = predictions.length
  const least = leastRank(rows, coverage, 2)
  const residuals = returns
    .map((made, row) => made - (map.centre + map.slope * (predictions[row] ?? 0)))
    .sort()
  return { lower: residuals[least - 1] ?? 0, upper: residuals[rows - least] ?? 0, coverage, rows }
}

/** Which outcomes a direction forecast leaves possible. */
export type DirectionSet = { readonly up: boolean; readonly down: boolean }

/** From which probability on an outcome is in the set, with the least share of sets that hold what happens. */
export type ConformalThreshold = { readonly least: number; readonly coverage: number; readonly rows: number }

/**
 * Split conformal threshold for sets of outcomes (V. Vovk, A. Gammerman and G. Shafer, "Algorithmic Learning in a
 * Random World", 2005; M. Sadinle, J. Lei and L. Wasserman, "Least Ambiguous Set-Valued Classifiers", 2019): the
 * ⌊(n + 1)·α⌋-th smallest of the probabilities that were given to what happened.
 *
 * @throws InvalidInputError as `fitConformalInterval`.
 */
export function fitConformalThreshold(
  { probabilities, outcomes }: { readonly probabilities: Float64Array; readonly outcomes: Uint8Array },
  coverage: number,
): ConformalThreshold {
  assertPairs(probabilities, outcomes)
  const rows = probabilities.length
  const rank = leastRank(rows, coverage, 1)
  const given = probabilities.map((p, row) => (outcomes[row] === 1 ? p : 1 - p)).sort()
  return { least: given[rank - 1] ?? 0, coverage, rows }
}

/** The outcomes that a probability of a rise leaves possible: one, both when it is unsure, none when both are odd. */
export function directionSet({ least }: ConformalThreshold, probabilityUp: number): DirectionSet {
  return { up: probabilityUp >= least, down: 1 - probabilityUp >= least }
}

/** Place, from 1, of the last value left out below, when so many sides share what the coverage leaves over. */
function leastRank(rows: number, coverage: number, sides: number): number {
  if (!(coverage > 0 && coverage < 1))
    throw new InvalidInputError(`A coverage of ${coverage} is not between 0 and 1.`, {
      facts: { coverage },
      hint: 'Pass a share such as 0.9.',
    })
  // 1 − 0.9 is a little below 0.1 in binary; a whole rank must not fall to the one below it for that.
  const rank = Math.floor(((rows + 1) * (1 - coverage)) / sides + 1e-9)
  if (rank < 1)
    throw new InvalidInputError(`${rows} rows are too few for a coverage of ${coverage}.`, {
      facts: { rows, coverage, least: Math.ceil(sides / (1 - coverage) - 1e-9) - 1 },
      hint: `Hold out ${Math.ceil(sides / (1 - coverage) - 1e-9) - 1} rows or more, or ask for less coverage.`,
    })
  return rank
}

function assertPairs(predictions: Float64Array, outcomes: Float64Array | Uint8Array): void {
  if (
    predictions.length > 0 &&
    predictions.length === outcomes.length &&
    predictions.every(Number.isFinite) &&
    (outcomes as Float64Array).every(Number.isFinite)
  )
    return
  throw new InvalidInputError(
    `${predictions.length} predictions and ${outcomes.length} outcomes are no rows to measure errors on.`,
    {
      facts: { predictions: predictions.length, outcomes: outcomes.length },
      hint: 'Give as many of each, at least one, all finite.',
    },
  )
}
