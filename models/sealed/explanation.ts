import { addToLargestRemainders } from '../largestRemainder.ts'
/**
 * Why a score is what it is, in 1 / `SCORE_ONE`: base + Σ contributions = score, exactly. Contributions are Shapley
 * values: what a feature changes, averaged over all orders in which the features could become known.
 */
export type Explanation = {
  readonly score: number
  /** The score that is expected before any feature is known. */
  readonly base: number
  /** By feature, whole numbers; of a model over time a feature's whole window is one. */
  readonly contributions: Float64Array
  /** Standard error of each contribution where they are sampled; 0 where they are exact. */
  readonly standardErrors: Float64Array
}

/**
 * Rounds contributions to whole numbers that sum to `total`: all down, then as many as are missing up, those with the
 * largest remainder first and the lower feature first of equal ones.
 *
 * @param sums whole numbers; contributions are sums / count, and their sum is within ½ of the total.
 */
export function apportioned(sums: Float64Array, count: number, total: number): Float64Array {
  const remainders = sums.map(sum => ((sum % count) + count) % count)
  const whole = sums.map((sum, feature) => (sum - (remainders[feature] ?? 0)) / count)
  addToLargestRemainders(whole, remainders, total - whole.reduce((sum, value) => sum + value, 0))
  return whole
}
