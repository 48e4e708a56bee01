import { exactExp, exactLog } from '../../core/index.ts'
import type { Objective } from '../learner.ts'

/** The loss of one score, and its derivative by the score. */
export type OutputLoss = { loss: number; slope: number }

/**
 * Puts into `result`, for `direction`, the log loss ln(1 + e^score) − target · score and the logistic of the score
 * less the target; for `return` half the squared difference and the difference. In binary64, with core's `exactExp`
 * and `exactLog`: the same bits on every machine.
 *
 * @param target 0 or 1, or a standardised return.
 */
export function outputLoss(objective: Objective, score: number, target: number, result: OutputLoss): void {
  if (objective === 'return') {
    const difference = score - target
    result.loss = (difference * difference) / 2
    result.slope = difference
    return
  }
  // Of the smaller of the two classes' odds, so that nothing overflows.
  const odds = exactExp(score > 0 ? -score : score)
  result.loss = exactLog(1 + odds) + (score > 0 ? score : 0) - target * score
  result.slope = (score > 0 ? 1 / (1 + odds) : odds / (1 + odds)) - target
}
