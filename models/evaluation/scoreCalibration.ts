import { exactExp, InvalidInputError } from '../../core/index.ts'
import { type IsotonicBlock, isotonicRegression } from './isotonicRegression.ts'
import { logisticKnots } from './logisticKnots.ts'
import { fitPlatt, type LogOddsPrior } from './plattScaling.ts'
import { thinKnots } from './thinKnots.ts'

/** How scores are turned to probabilities: not at all but by the logistic function, or as a held-out slice shows. */
export const CALIBRATION_KINDS = ['none', 'platt', 'isotonic'] as const
export type CalibrationKind = (typeof CALIBRATION_KINDS)[number]

/** A rising function from scores to probabilities: linear between its knots, constant outside them. */
export type ScoreCalibration = {
  /** Ascending, 1 to `MOST_KNOTS`. */
  readonly scores: Float64Array
  /** Never falling, between 0 and 1, both excluded. */
  readonly probabilities: Float64Array
}

/** As many as a sealed model carries. */
export const MOST_KNOTS = 64

/** What a calibration is fitted to: scores, and what became of the rows that they were given. */
export type CalibrationRows = {
  /** Log-odds in units of 1, or anything else that rises with the probability. */
  readonly scores: Float64Array
  /** 1 or 0. */
  readonly outcomes: Uint8Array
  /** Above 0; 1 each unless given. Weights of class balance would make the probabilities false. */
  readonly weights?: Float64Array
  /** Of `platt`: how far scores that are log-odds already are trusted; not at all unless given. */
  readonly prior?: LogOddsPrior | undefined
}

/**
 * Fits a calibration on rows that nothing else was learnt from.
 *
 * - `none` takes scores as log-odds and no rows.
 * - `platt` is 1 / (1 + exp(−(slope · score + intercept))), of `fitPlatt`: few rows suffice. Where scores order the
 *   outcomes the wrong way round it is the share of 1, whatever the score.
 * - `isotonic` is the best rising function (Zadrozny and Elkan 2002), of `isotonicRegression`, drawn through the
 *   centres of its blocks; its probabilities stay 1 / (weight of all + 2) from 0 and 1, as no finite slice shows
 *   certainty. Takes a thousand rows or more to be worth it.
 *
 * The knots of both logistic kinds are within 10⁻⁴ of the function. Every operation is exact.
 *
 * @throws InvalidInputError when there are no rows, they do not go together, or have one kind of outcome only.
 */
export function fitCalibration(
  given: { readonly kind: 'none' } | ({ readonly kind: 'platt' | 'isotonic' } & CalibrationRows),
): ScoreCalibration {
  if (given.kind === 'none') return logisticKnots({ slope: 1, intercept: 0 })
  const { scores, outcomes, weights = new Float64Array(scores.length).fill(1), prior } = given
  assertRows({ scores, outcomes, weights })
  if (given.kind === 'platt') {
    const { slope, intercept } = fitPlatt({ scores, outcomes, weights, prior })
    if (slope > 0) return logisticKnots({ slope, intercept })
    return { scores: Float64Array.of(0), probabilities: Float64Array.of(1 / (1 + exactExp(-intercept))) }
  }
  const blocks = isotonicRegression({ scores, outcomes, weights })
  let total = 0
  for (const { weight } of blocks) total += weight
  const edge = 1 / (total + 2)
  const kept = thinKnots(
    blocks.map(({ score, value, weight }: IsotonicBlock) => ({
      score,
      weight,
      value: Math.min(1 - edge, Math.max(edge, value)),
    })),
    MOST_KNOTS,
  )
  return {
    scores: Float64Array.from(kept, ({ score }) => score),
    probabilities: Float64Array.from(kept, ({ value }) => value),
  }
}

/** The probability of a score; NaN of NaN. */
export function applyCalibration({ scores, probabilities }: ScoreCalibration, score: number): number {
  const last = scores.length - 1
  if (Number.isNaN(score)) return score
  if (score <= (scores[0] ?? 0)) return probabilities[0] ?? Number.NaN
  if (score >= (scores[last] ?? 0)) return probabilities[last] ?? Number.NaN
  let low = 0
  let high = last
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if ((scores[middle] ?? 0) <= score) low = middle
    else high = middle
  }
  const from = scores[low] ?? 0
  const below = probabilities[low] ?? 0
  return below + ((probabilities[high] ?? 0) - below) * ((score - from) / ((scores[high] ?? 0) - from))
}

function assertRows({ scores, outcomes, weights }: Required<Omit<CalibrationRows, 'prior'>>): void {
  const rows = scores.length
  let ones = 0
  for (const outcome of outcomes) ones += outcome
  const usable =
    scores.every(Number.isFinite) && weights.every(weight => weight > 0 && Number.isFinite(weight))
  if (outcomes.length !== rows || weights.length !== rows || !usable)
    throw new InvalidInputError(
      `${rows} scores, ${outcomes.length} outcomes and ${weights.length} weights are no rows to calibrate on.`,
      {
        facts: { scores: rows, outcomes: outcomes.length, weights: weights.length },
        hint: 'Give as many of each, finite, with weights above 0.',
      },
    )
  if (ones === 0 || ones === rows)
    throw new InvalidInputError(
      `None of the ${rows} rows to calibrate on has the outcome ${ones === 0 ? 1 : 0}.`,
      { facts: { rows, ones }, hint: 'Hold out a longer calibration period.' },
    )
}
