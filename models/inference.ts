import type { Attribution, Hash, Prediction } from '../core/index.ts'
import { type ModelArtifact, parseArtifact, serialiseArtifact } from './modelArtifact.ts'
import { createNetwork } from './network.ts'

/** A model ready to predict. Synchronous; the same bits on every machine. */
export type Inference = {
  /** Content hash of the artifact. */
  readonly hash: Hash
  readonly horizonMs: number
  /** Probability of a rise over the horizon, a binary32 value; allocates nothing. */
  predict(features: Float32Array): number
  /**
   * How far each feature moved the prediction: the probability less what it would be with that feature at
   * its training mean (occlusion, Zeiler and Fergus 2014), in millionths, in the order of the features.
   */
  explain(features: Float32Array): Attribution[]
  /** The prediction with its attributions. */
  toPrediction(features: Float32Array): Prediction
  /** The 32 bits of a prediction, as an unsigned integer. */
  predictionBits(probability: number): number
}

/**
 * Prepares a model for prediction.
 *
 * @throws InvalidInputError when the artifact is malformed.
 */
export function createInference(artifact: ModelArtifact): Inference {
  const { artifact: text, hash } = serialiseArtifact(artifact)
  const checked = parseArtifact(text)
  const { predict, explain } = createNetwork(checked)
  const bits = new DataView(new ArrayBuffer(4))
  return {
    hash,
    horizonMs: checked.label.horizonMs,
    predict,
    explain: features => explain(features).attributions,
    toPrediction(features) {
      const { probability, attributions } = explain(features)
      return { model: hash, probabilityUp: probability, attributions }
    },
    predictionBits(probability) {
      bits.setFloat32(0, probability)
      return bits.getUint32(0)
    },
  }
}
