import type { Attribution } from './decision.ts'
import type { Hash } from './hex.ts'

/** A model's output for one feature vector. */
export type Prediction = {
  /** Content hash of the model. */
  readonly model: Hash
  /** Probability of a positive return over the model's horizon: a binary32 value in [0, 1]. */
  readonly probabilityUp: number
  readonly attributions: readonly Attribution[]
}
