import { SCORE_ONE } from '../../core/index.ts'
import type { TreesLearner } from '../learner.ts'
/** What rounding in binary64 may give a split that separates nothing; a gain must be above it. */
export const NOISE_GAIN = 1e-6
/** Greatest leaf, in 1 / `SCORE_ONE`: 16, so that one round with almost no second derivative cannot run away. */
export const LEAF_LIMIT = 16 * SCORE_ONE

/**
 * Value of a leaf, in 1 / `SCORE_ONE`: the Newton step −G / (H + l2) times the learning rate (Chen and Guestrin,
 * "XGBoost", 2016, equation 5), within ±`limit`.
 */
export function leafValue(
  gradient: number,
  curvature: number,
  { l2, learningRate }: Pick<TreesLearner, 'l2' | 'learningRate'>,
  limit: number,
): number {
  const weight = curvature + l2
  if (!(weight > 0)) return 0
  const value = Math.floor((-gradient / weight) * learningRate * SCORE_ONE + 0.5)
  // `+ 0` turns the −0 of a gradient of 0 into 0.
  return Math.max(-limit, Math.min(limit, value)) + 0
}

/**
 * The greatest power of two that takes no value above 2^30 and no sum above 2^52: scaled by it and rounded,
 * values are 32-bit integers whose sums are exact, in 64-bit integers and in binary64 alike.
 *
 * @param largest bound of the values' magnitudes.
 * @param sum bound of the sum of their magnitudes.
 */
export function integerScale(largest: number, sum: number): number {
  const fits = (scale: number) => largest * scale <= 2 ** 30 && sum * scale <= 2 ** 52
  let scale = 1
  while (!fits(scale)) scale /= 2
  while (scale < 2 ** 60 && fits(scale * 2)) scale *= 2
  return scale
}
