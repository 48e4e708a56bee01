import type { Attribution, Hash, Prediction } from '../core/index.ts'

/** A sealed model ready to predict. Synchronous; the same bits on every machine. */
export type Inference = {
  /** Content hash of the model. */
  readonly hash: Hash
  /** How far ahead it looks. */
  readonly horizonMs: number
  /** Names of the features of one vector, in order. */
  readonly features: readonly string[]
  /** Feature vectors that one prediction looks at. */
  readonly steps: number
  /** @param inputs `steps` feature vectors, the oldest first; NaN for a missing value. */
  predict(inputs: Float32Array): Prediction
  /** Shapley values of a prediction, in the order of the features; deterministic. */
  explain(inputs: Float32Array): readonly Attribution[]
}
