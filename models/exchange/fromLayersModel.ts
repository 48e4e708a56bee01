import type { FloatNetwork } from '../networks/floatNetwork.ts'
import { assembleNetwork, type ForeignNetworkOptions } from './assembleNetwork.ts'
import { readLayersModel } from './layersModelFile.ts'
import { layersModelToChain } from './layersModelToChain.ts'

export type FromLayersModelOptions = ForeignNetworkOptions & {
  /** The parsed model.json, or what `model.save` hands to a save handler. */
  readonly modelJson: unknown
  /** The bytes of its weight files, one after the other in the order of the manifest. */
  readonly weights: Uint8Array
}

/**
 * Converts a LayersModel of TensorFlow.js to a network that can be sealed, without TensorFlow.js: a Sequential of
 * Dense and Conv1D (causal, or valid down to one step) with ReLU, one output, linear or sigmoid; Normalization,
 * Rescaling, BatchNormalization, Flatten and what acts in training alone between them. Its scores equal the original's
 * within the rounding of binary32 wherever no scaled feature is beyond ±`SCALED_LIMIT` and none is missing.
 *
 * @throws InvalidInputError naming the layer, the weight or the field that is not supported.
 */
export function fromLayersModel({ modelJson, weights, ...options }: FromLayersModelOptions): FloatNetwork {
  return assembleNetwork(layersModelToChain(readLayersModel(modelJson, weights)), options)
}
