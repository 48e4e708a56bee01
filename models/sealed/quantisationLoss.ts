import { InvalidInputError, PPM, SCORE_ONE } from '../../core/index.ts'
import { evaluateNetwork } from '../networks/evaluateNetwork.ts'
import type { FloatNetwork } from '../networks/floatNetwork.ts'
import { probabilityPpmOf } from './link.ts'
import type { MatrixRows } from './matrixRows.ts'
import type { NetworkProgram } from './program.ts'
import { programScores } from './programScores.ts'
import { saturate32 } from './requantise.ts'

/** How far a sealed network is from the float one that it was made of, over rows. */
export type QuantisationLoss = {
  readonly rows: number
  /** Of the score, in units of 1: log-odds, or standard deviations of the target. */
  readonly worstScore: number
  readonly meanScore: number
  /** Standard deviation of the float scores: what the differences are to be seen beside. */
  readonly scoreDeviation: number
  /** Of the probability, in [0, 1], both scores through the program's link. */
  readonly worstProbability: number
  readonly meanProbability: number
  /** Share of rows where (probability > ½) differs. */
  readonly flips: number
}

/** Measures the loss on rows that neither the training nor the calibration saw, if it is to mean anything. */
export function quantisationLoss(
  network: FloatNetwork,
  program: NetworkProgram,
  { values, rows }: MatrixRows,
): QuantisationLoss {
  if (rows.length === 0)
    throw new InvalidInputError('There are no rows to measure the quantisation loss on.', {
      hint: 'Pass rows of the validation or test period.',
    })
  const real = evaluateNetwork(network, values, rows)
  const whole = programScores(program, { values, rows })
  let worstScore = 0
  let sumScore = 0
  let worstPpm = 0
  let sumPpm = 0
  let flips = 0
  let sum = 0
  let squares = 0
  for (let row = 0; row < rows.length; row++) {
    const score = real[row] ?? 0
    sum += score
    squares += score * score
    const apart = Math.abs(score - (whole[row] ?? 0) / SCORE_ONE)
    worstScore = Math.max(worstScore, apart)
    sumScore += apart
    const given = probabilityPpmOf(program.link, saturate32(Math.round(score * SCORE_ONE)))
    const sealed = probabilityPpmOf(program.link, whole[row] ?? 0)
    worstPpm = Math.max(worstPpm, Math.abs(given - sealed))
    sumPpm += Math.abs(given - sealed)
    if (given > PPM / 2 !== sealed > PPM / 2) flips++
  }
  const mean = sum / rows.length
  return {
    rows: rows.length,
    worstScore,
    meanScore: sumScore / rows.length,
    scoreDeviation: Math.sqrt(Math.max(0, squares / rows.length - mean * mean)),
    worstProbability: worstPpm / PPM,
    meanProbability: sumPpm / rows.length / PPM,
    flips: flips / rows.length,
  }
}

/** What a network may lose when it is sealed. */
export type LossLimits = {
  /** Mean difference of the score, as a share of the scores' standard deviation. */
  readonly meanScoreShare: number
}

/**
 * A mean difference of 5 % of the scores' own spread leaves their rank correlation with anything all but unchanged: an
 * independent error of that size lowers a correlation by a factor of 1/√(1 + 0.06²) ≈ 0.998.
 */
export const DEFAULT_LOSS_LIMITS: LossLimits = { meanScoreShare: 0.05 }

/**
 * Refuses a sealed network that is too far from its float one.
 *
 * @throws InvalidInputError naming the measured loss and the limit.
 */
export function assertSealable(loss: QuantisationLoss, limits: LossLimits = DEFAULT_LOSS_LIMITS): void {
  const limit = limits.meanScoreShare * loss.scoreDeviation
  // A model that gives all rows one score has no spread to lose; one unit of the integers is no loss either.
  if (loss.meanScore <= Math.max(limit, 2 / SCORE_ONE)) return
  throw new InvalidInputError(
    `Quantised to integers, the model's score is off by ${loss.meanScore.toPrecision(3)} on average; ` +
      `the limit is ${limit.toPrecision(3)}, ${limits.meanScoreShare * 100} % of the scores' spread.`,
    {
      facts: { meanScore: loss.meanScore, limit, worstScore: loss.worstScore, flips: loss.flips },
      hint: 'Train with more `l2`, so that no weight outgrows the others, calibrate on more rows, or raise the limit.',
    },
  )
}
