import { InvalidInputError, PPM, SCORE_ONE } from '../../core/index.ts'
import { fitCalibration, type ScoreCalibration } from '../evaluation/scoreCalibration.ts'
import type { Objective } from '../learner.ts'
import { INT32_MAX, INT32_MIN } from './program.ts'
import { requantisationOf, requantise, saturate32 } from './requantise.ts'

/** Most knots of a link. */
export const KNOT_LIMIT = 64
/** A log return of 1 in the integers of a link: billionths. */
export const RETURN_ONE = 1_000_000_000

/** What a score means, in integers. */
export type Link = {
  /** Ascending, 1 to `KNOT_LIMIT` of them, in 1 / `SCORE_ONE`. */
  readonly scores: Int32Array
  /** Probability of a rise at each of the scores, in millionths; never falling. */
  readonly probabilitiesPpm: Int32Array
  /** The log return that is expected; null when the model does not say. */
  readonly expectedReturn: ReturnLine | null
  /** Around the expected return; null when none was fitted. */
  readonly interval: ReturnInterval | null
}

/** centreE9 + ⌊(x · multiplier + 2^(shift−1)) / 2^shift⌋, within an int32: a log return in billionths. */
export type ReturnLine = {
  /** What x is: the score, or the probability in millionths. */
  readonly of: 'score' | 'probability'
  /** Within ±65,535. */
  readonly multiplier: number
  readonly shift: number
  readonly centreE9: number
}

/** The log return lies between expected + lowerE9 and expected + upperE9, in billionths, with this coverage. */
export type ReturnInterval = {
  readonly lowerE9: number
  readonly upperE9: number
  readonly coveragePpm: number
}

/** What a link is made of, in real numbers. */
export type LinkSource = {
  /** Scores in units of 1: log-odds, or standard deviations of the target. */
  readonly calibration: ScoreCalibration
  /** Expected log return = centre + slope · x, x being the score in units of 1 or the probability in [0, 1]. */
  readonly expectedReturn?: { readonly of: ReturnLine['of']; readonly centre: number; readonly slope: number }
  /** Offsets from the expected log return, and the share of outcomes that they should cover. */
  readonly interval?: { readonly lower: number; readonly upper: number; readonly coverage: number }
}

/**
 * Rounds a calibration, and what is known about returns, to the integers of a link. Knots whose scores round to one
 * integer become one with the mean of their probabilities.
 *
 * @throws InvalidInputError on no or too many knots, and on values that are unordered, not finite or out of range.
 */
export function linkOf({ calibration, expectedReturn, interval }: LinkSource): Link {
  const { scores, probabilities } = calibration
  if (scores.length === 0 || scores.length > KNOT_LIMIT || scores.length !== probabilities.length)
    throw invalid(`${scores.length} scores and ${probabilities.length} probabilities are no calibration`)
  const knots = new Map<number, { sum: number; count: number }>()
  for (const [place, score] of scores.entries()) {
    const probability = probabilities[place] ?? Number.NaN
    if (!Number.isFinite(score) || !(probability >= 0 && probability <= 1))
      throw invalid(`knot ${place} gives ${probability} at ${score}`)
    if (place > 0 && !(score >= (scores[place - 1] ?? 0) && probability >= (probabilities[place - 1] ?? 0)))
      throw invalid(`knot ${place} is below the one before it`)
    const at = saturate32(Math.round(score * SCORE_ONE))
    const knot = knots.get(at) ?? { sum: 0, count: 0 }
    knots.set(at, { sum: knot.sum + Math.round(probability * PPM), count: knot.count + 1 })
  }
  return {
    scores: Int32Array.from(knots.keys()),
    probabilitiesPpm: Int32Array.from([...knots.values()].map(({ sum, count }) => Math.floor(sum / count))),
    expectedReturn: expectedReturn === undefined ? null : returnLineOf(expectedReturn),
    interval:
      interval === undefined
        ? null
        : {
            lowerE9: billionths(interval.lower),
            upperE9: billionths(interval.upper),
            coveragePpm: Math.round(interval.coverage * PPM),
          },
  }
}

/**
 * The link of a model that was not calibrated: the logistic function of the score for `direction` (within 10⁻⁴ of
 * it), and for `return` an even chance, with the expected return that the target's scale gives.
 */
export function uncalibratedLink(objective: Objective, targetScale: number, targetCentre: number): Link {
  if (objective === 'return')
    return linkOf({
      calibration: { scores: Float64Array.of(0), probabilities: Float64Array.of(0.5) },
      expectedReturn: { of: 'score', centre: targetCentre, slope: targetScale },
    })
  return linkOf({ calibration: fitCalibration({ kind: 'none' }) })
}

/** Probability of a rise at a score, in millionths: linear between knots, rounded down, constant outside. */
export function probabilityPpmOf({ scores, probabilitiesPpm }: Link, score: number): number {
  const last = scores.length - 1
  if (score <= (scores[0] ?? 0)) return probabilitiesPpm[0] ?? 0
  if (score >= (scores[last] ?? 0)) return probabilitiesPpm[last] ?? 0
  let low = 0
  let high = last
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((scores[middle] ?? 0) <= score) low = middle
    else high = middle
  }
  const from = scores[low] ?? 0
  const width = (scores[high] ?? 0) - from
  const start = probabilitiesPpm[low] ?? 0
  // Under 2^32 · 10^6 < 2^53.
  const product = (score - from) * ((probabilitiesPpm[high] ?? 0) - start)
  return start + (product - (product % width)) / width
}

/** Expected log return at a score, in billionths; null when the link does not say. */
export function expectedReturnE9Of(link: Link, score: number): number | null {
  const line = link.expectedReturn
  if (line === null) return null
  const x = line.of === 'score' ? score : probabilityPpmOf(link, score)
  return saturate32(line.centreE9 + requantise(x, line))
}

function returnLineOf({ of, centre, slope }: NonNullable<LinkSource['expectedReturn']>): ReturnLine {
  const ratio = (slope * RETURN_ONE) / (of === 'score' ? SCORE_ONE : PPM)
  const { multiplier, shift } = requantisationOf(Math.abs(ratio))
  return { of, multiplier: ratio < 0 ? -multiplier : multiplier, shift, centreE9: billionths(centre) }
}

function billionths(value: number): number {
  const rounded = Math.round(value * RETURN_ONE)
  if (!(rounded >= INT32_MIN && rounded <= INT32_MAX))
    throw invalid(`a log return of ${value} is out of range`)
  return rounded + 0
}

function invalid(problem: string): InvalidInputError {
  return new InvalidInputError(`The scores cannot be linked to probabilities: ${problem}.`, {
    hint: `Pass 1 to ${KNOT_LIMIT} knots with ascending scores and probabilities in [0, 1], and log returns within ±2.`,
  })
}
