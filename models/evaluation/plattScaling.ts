import { exactExp, exactLog } from '../../core/index.ts'

const MAX_STEPS = 100
const LEAST_STEP = 1e-10
const RIDGE = 1e-12
const CONVERGED = 1e-9

/**
 * What is believed of scores that are log-odds already: that they are right. Standard deviations of slope and intercept
 * about 1 and 0; a few independent rows then move them little, many decide alone.
 */
export type LogOddsPrior = { readonly slopeDeviation: number; readonly interceptDeviation: number }

/** A slope between a half and one and a half, and a base rate within six points of what the model says, mostly. */
export const LOG_ODDS_PRIOR: LogOddsPrior = { slopeDeviation: 0.5, interceptDeviation: 0.25 }

/**
 * Fits slope and intercept of the log-odds over scores by maximum likelihood (J. Platt, "Probabilistic Outputs for
 * Support Vector Machines", 1999) with Newton steps and backtracking, and with targets that are drawn in by the
 * number of rows, as H.-T. Lin, C.-J. Lin and R. Weng, "A Note on Platt's Probabilistic Outputs for Support Vector
 * Machines", 2007. A slope that is not above 0 is 0, with the intercept that is then the best.
 *
 * @param outcomes 1 or 0, both present.
 * @param weights sum to as many rows as are independent, where a prior is to be weighed against them.
 * @param prior by maximum a posteriori, with normal priors; none unless given.
 */
export function fitPlatt({
  scores,
  outcomes,
  weights,
  prior,
}: {
  readonly scores: Float64Array
  readonly outcomes: Uint8Array
  readonly weights: Float64Array
  readonly prior?: LogOddsPrior | undefined
}): { readonly slope: number; readonly intercept: number } {
  let ones = 0
  let total = 0
  let sum = 0
  scores.forEach((score, row) => {
    const weight = weights[row] ?? 0
    total += weight
    sum += weight * score
    if (outcomes[row] === 1) ones += weight
  })
  const zeros = total - ones
  const high = (ones + 1) / (ones + 2)
  const low = 1 / (zeros + 2)
  const flat = {
    slope: 0,
    intercept: exactLog((ones * high + zeros * low) / (ones * (1 - high) + zeros * (1 - low))),
  }
  const centre = sum / total
  let squares = 0
  scores.forEach((score, row) => {
    squares += (weights[row] ?? 0) * (score - centre) * (score - centre)
  })
  if (!(squares > 0)) return flat
  const spread = Math.sqrt(squares / total)
  // Standard scores keep the Hessian well conditioned, whatever the scale of the model's.
  const points = scores.map(score => (score - centre) / spread)
  const slopePrecision = prior === undefined ? 0 : 1 / (prior.slopeDeviation * prior.slopeDeviation)
  const interceptPrecision =
    prior === undefined ? 0 : 1 / (prior.interceptDeviation * prior.interceptDeviation)
  const shift = centre / spread
  const loss = (a: number, b: number) => {
    const beyond = a / spread - 1
    const moved = b - a * shift
    let value = (slopePrecision * beyond * beyond + interceptPrecision * moved * moved) / 2
    points.forEach((x, row) => {
      const odds = a * x + b
      const target = outcomes[row] === 1 ? high : low
      value +=
        (weights[row] ?? 0) * (Math.max(odds, 0) + exactLog(1 + exactExp(-Math.abs(odds))) - target * odds)
    })
    return value
  }
  let slope = 0
  let intercept = flat.intercept
  let best = loss(slope, intercept)
  for (let step = 0; step < MAX_STEPS; step++) {
    const moved = intercept - slope * shift
    let aa = RIDGE + slopePrecision / (spread * spread) + interceptPrecision * shift * shift
    let bb = RIDGE + interceptPrecision
    let ab = -interceptPrecision * shift
    let a = (slopePrecision * (slope / spread - 1)) / spread - interceptPrecision * moved * shift
    let b = interceptPrecision * moved
    points.forEach((x, row) => {
      const weight = weights[row] ?? 0
      const p = 1 / (1 + exactExp(-(slope * x + intercept)))
      const error = weight * (p - (outcomes[row] === 1 ? high : low))
      const curve = weight * p * (1 - p)
      aa += curve * x * x
      ab += curve * x
      bb += curve
      a += error * x
      b += error
    })
    if (Math.abs(a) < CONVERGED * total && Math.abs(b) < CONVERGED * total) break
    const determinant = aa * bb - ab * ab
    const towardsA = -(bb * a - ab * b) / determinant
    const towardsB = -(aa * b - ab * a) / determinant
    const decline = a * towardsA + b * towardsB
    let scale = 1
    let found = false
    for (; scale >= LEAST_STEP && !found; scale /= 2) {
      const value = loss(slope + scale * towardsA, intercept + scale * towardsB)
      if (value < best + 1e-4 * scale * decline) {
        slope += scale * towardsA
        intercept += scale * towardsB
        best = value
        found = true
      }
    }
    if (!found) break
  }
  if (!(slope > 0)) return flat
  return { slope: slope / spread, intercept: intercept - (slope * centre) / spread }
}
