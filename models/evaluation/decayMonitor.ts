import { z } from 'zod'
import { InvalidInputError } from '../../core/index.ts'
import { forecastLoss } from './forecastLoss.ts'

/** The log loss of a model's own out-of-sample forecasts, by blocks of outcomes that follow each other. */
export type LossBackground = {
  /** Mean over the blocks. */
  readonly meanLoss: number
  /** Standard deviation of the blocks' means; above 0. */
  readonly spread: number
  /** Outcomes of a block: as many as overlap, so that blocks are about independent. */
  readonly blockRows: number
}

/** The form of a loss background, as a model carries it. */
export const lossBackgroundSchema = z.strictObject({
  meanLoss: z.number().min(0),
  spread: z.number().gt(0),
  blockRows: z.int().min(1),
})

/**
 * Excess loss of a block that is taken for chance, in spreads: half the shift of one spread that is to be found soonest
 * (E. Page, "Continuous Inspection Schemes", 1954; D. Montgomery, "Introduction to Statistical Quality Control").
 */
export const DECAY_SLACK = 0.5
/**
 * Sum of excesses that raises the alarm, in spreads. With `DECAY_SLACK` a false alarm comes about every 930 blocks of
 * independent normal losses, and a shift of one spread is found after about 10 (Montgomery).
 */
export const DECAY_ALARM = 5
/** Fewer blocks than this do not tell what is usual. */
export const LEAST_LOSS_BLOCKS = 8

/**
 * Records what log losses are usual, from forecasts out of sample in the order of time.
 *
 * @param blockRows outcomes to a block: `labelOverlap` rounded up, or more.
 * @throws InvalidInputError when the forecasts make fewer than `LEAST_LOSS_BLOCKS` blocks, or losses never vary.
 */
export function recordLosses(
  { probabilities, outcomes }: { readonly probabilities: Float64Array; readonly outcomes: Uint8Array },
  blockRows: number,
): LossBackground {
  const blocks = Math.floor(probabilities.length / blockRows)
  if (!Number.isInteger(blockRows) || blockRows < 1 || blocks < LEAST_LOSS_BLOCKS)
    throw new InvalidInputError(
      `${probabilities.length} forecasts in blocks of ${blockRows} do not tell which losses are usual.`,
      {
        facts: { forecasts: probabilities.length, blockRows, leastBlocks: LEAST_LOSS_BLOCKS },
        hint: 'Record a longer out-of-sample period.',
      },
    )
  const means = Float64Array.from({ length: blocks }, (_, block) => {
    let sum = 0
    for (let row = block * blockRows; row < (block + 1) * blockRows; row++)
      sum += forecastLoss(probabilities[row] ?? Number.NaN, outcomes[row] ?? 0)
    return sum / blockRows
  })
  const meanLoss = means.reduce((sum, mean) => sum + mean, 0) / blocks
  const squares = means.reduce((sum, mean) => sum + (mean - meanLoss) * (mean - meanLoss), 0)
  const spread = Math.sqrt(squares / (blocks - 1))
  // A sum of equal losses is rounded, so its mean may differ from them in the last bits.
  if (!(spread > 1e-9 * meanLoss))
    throw new InvalidInputError('The log losses of the forecasts never vary, or are not numbers.', {
      facts: { meanLoss },
      hint: 'Record forecasts of a model that tells rows apart.',
    })
  return { meanLoss, spread, blockRows }
}

export type DecayReport = {
  /** Outcomes seen, and blocks that they completed. */
  readonly rows: number
  readonly blocks: number
  /** Mean log loss over the completed blocks less the usual one; null before the first. */
  readonly excessLoss: number | null
  /** One-sided cumulative sum of excesses, in spreads, at present. */
  readonly cusum: number
  /** Whether it has reached `DECAY_ALARM`, now or before. */
  readonly alarm: boolean
  /** The block, from 1, that first reached it; null when none did. */
  readonly alarmBlock: number | null
}

/** Compares the losses of live forecasts with the usual ones as their outcomes become known. */
export type DecayMonitor = {
  /**
   * Takes one outcome, in the order in which they become known.
   *
   * @param outcome 1 or 0.
   */
  observe(probability: number, outcome: number): void
  report(): DecayReport
}

/**
 * Watches live losses with Page's one-sided cumulative sum over blocks: S ← max(0, S + (loss − usual) / spread −
 * `DECAY_SLACK`), with an alarm from `DECAY_ALARM` on that stays.
 *
 * @throws InvalidInputError on observing what is no probability or outcome.
 */
export function createDecayMonitor({ meanLoss, spread, blockRows }: LossBackground): DecayMonitor {
  let rows = 0
  let blocks = 0
  let blockLoss = 0
  let wholeLoss = 0
  let cusum = 0
  let alarmBlock: number | null = null
  return {
    observe(probability, outcome) {
      if (!(probability >= 0 && probability <= 1) || (outcome !== 0 && outcome !== 1))
        throw new InvalidInputError(
          `A probability of ${probability} with the outcome ${outcome} has no loss.`,
          {
            facts: { probability, outcome },
            hint: 'Pass a probability from 0 to 1, and 1 or 0 for what happened.',
          },
        )
      blockLoss += forecastLoss(probability, outcome)
      rows++
      if (rows % blockRows !== 0) return
      blocks++
      const loss = blockLoss / blockRows
      blockLoss = 0
      wholeLoss += loss
      cusum = Math.max(0, cusum + (loss - meanLoss) / spread - DECAY_SLACK)
      if (cusum >= DECAY_ALARM) alarmBlock ??= blocks
    },
    report: () => ({
      rows,
      blocks,
      excessLoss: blocks === 0 ? null : wholeLoss / blocks - meanLoss,
      cusum,
      alarm: alarmBlock !== null,
      alarmBlock,
    }),
  }
}
