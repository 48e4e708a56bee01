import { exactLog } from '../core/index.ts'

/** How well probabilities foretold outcomes. */
export type Metrics = {
  /** Share of rows where (probability > ½) agrees with the outcome; higher is better. */
  readonly accuracy: number
  /** Mean −ln of the probability given to what happened; lower is better, ln 2 ≈ 0.693 knows nothing. */
  readonly logLoss: number
  /** Mean squared distance of probability and outcome; lower is better, ¼ knows nothing. */
  readonly brier: number
  /** Rank correlation of probability and forward return, −1 to 1; null when either never varies. */
  readonly informationCoefficient: number | null
}

/** Probabilities are kept this far from 0 and 1, so that one certain mistake does not make a log loss infinite. */
export const PROBABILITY_FLOOR = 1e-7

/**
 * Scores probabilities of a rise against what happened.
 *
 * @param up 1 where the price rose, else 0.
 * @param forwardReturn log return over the horizon.
 */
export function measure(
  probabilities: ArrayLike<number>,
  up: ArrayLike<number>,
  forwardReturn: ArrayLike<number>,
): Metrics {
  return {
    accuracy: accuracy(probabilities, up),
    logLoss: logLoss(probabilities, up),
    brier: brierScore(probabilities, up),
    informationCoefficient: rankCorrelation(probabilities, forwardReturn),
  }
}

/** Share of rows where (p > ½) equals the outcome. */
export function accuracy(probabilities: ArrayLike<number>, up: ArrayLike<number>): number {
  return meanOver(probabilities, up, (p, y) => (p > 0.5 === (y === 1) ? 1 : 0))
}

/** Mean of −(y·ln p + (1−y)·ln(1−p)), p kept within `PROBABILITY_FLOOR` of 0 and 1 (Good 1952). */
export function logLoss(probabilities: ArrayLike<number>, up: ArrayLike<number>): number {
  return meanOver(probabilities, up, (p, y) => {
    const given = y === 1 ? p : 1 - p
    return -exactLog(Math.min(1 - PROBABILITY_FLOOR, Math.max(PROBABILITY_FLOOR, given)))
  })
}

/** Mean of (p − y)² (Brier 1950). */
export function brierScore(probabilities: ArrayLike<number>, up: ArrayLike<number>): number {
  return meanOver(probabilities, up, (p, y) => (p - y) * (p - y))
}

/**
 * Spearman's rank correlation: Pearson's correlation of the ranks, ties at the average of their ranks
 * (Spearman 1904). Of forecasts and outcomes it is the information coefficient (Grinold and Kahn, "Active
 * Portfolio Management", chapter 6). Null when either side never varies.
 */
export function rankCorrelation(left: ArrayLike<number>, right: ArrayLike<number>): number | null {
  const a = averageRanks(left)
  const b = averageRanks(right)
  const centre = (a.length + 1) / 2
  let product = 0
  let leftSquares = 0
  let rightSquares = 0
  for (let row = 0; row < a.length; row++) {
    const x = (a[row] ?? 0) - centre
    const y = (b[row] ?? 0) - centre
    product += x * y
    leftSquares += x * x
    rightSquares += y * y
  }
  if (leftSquares === 0 || rightSquares === 0) return null
  return product / (Math.sqrt(leftSquares) * Math.sqrt(rightSquares))
}

/** Ranks from 1; equal values share the average of the ranks they take up. */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, row) => row)
  order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b)
  const ranks = new Float64Array(values.length)
  for (let from = 0; from < order.length; ) {
    const value = values[order[from] ?? 0]
    let to = from + 1
    while (to < order.length && values[order[to] ?? 0] === value) to++
    for (let place = from; place < to; place++) ranks[order[place] ?? 0] = (from + 1 + to) / 2
    from = to
  }
  return ranks
}

function meanOver(
  probabilities: ArrayLike<number>,
  up: ArrayLike<number>,
  score: (probability: number, outcome: number) => number,
): number {
  let sum = 0
  for (let row = 0; row < up.length; row++) sum += score(probabilities[row] ?? Number.NaN, up[row] ?? 0)
  return sum / up.length
}
