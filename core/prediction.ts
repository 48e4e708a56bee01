import type { ModelOutput } from './decision.ts'
import type { Hash } from './hex.ts'

/** A score of 1 (log-odds, or standard deviations of the return) in the integers of sealed models: 2^20. */
export const SCORE_ONE = 1_048_576

/** A model's output for one feature vector, or for the last few. */
export type Prediction = {
  /** Content hash of the model. */
  readonly model: Hash
  /** Calibrated probability of a rise over the model's horizon: a whole number of millionths, 0 to 1. */
  readonly probabilityUp: number
  /** Expected log return over the horizon; null where the model does not say. */
  readonly expectedReturn: number | null
  /** The log return lies between these with the stated coverage, 0 to 1; null where none was measured. */
  readonly interval: { readonly low: number; readonly high: number; readonly coverage: number } | null
  /** What a record holds of it. */
  readonly output: ModelOutput
}
