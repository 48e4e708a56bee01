import { type NetworkLearner, stepsOf } from '../learner.ts'
import { type FloatNetwork, layersOf } from '../networks/floatNetwork.ts'
import { assembleNetwork, type ForeignNetworkOptions } from './assembleNetwork.ts'
import { exchangeMetadata } from './exchangeMetadata.ts'
import { chosenOutput } from './onnxGraph.ts'
import { onnxToChain } from './onnxToChain.ts'
import { readOnnx } from './readOnnx.ts'

export type FromOnnxOptions = ForeignNetworkOptions & {
  /** The output to convert; `score` or the only one unless it is given. */
  readonly output?: string
  /** Feature vectors that one prediction looks at, where the file leaves it open. */
  readonly steps?: number
}

/**
 * Converts an ONNX file to a network that can be sealed: fully connected layers (Gemm, or MatMul and Add) and causal
 * convolutions (Conv), each with ReLU but the last, with scaling, filling of missing values and clipping before them,
 * batch normalisation and dropout between them, and a sigmoid at the end. Its scores equal the original's within the
 * rounding of binary32 wherever no scaled feature is beyond ±`SCALED_LIMIT`. A file of `toOnnx` gives back the same
 * network to the bit.
 *
 * @throws InvalidInputError when the bytes are no ONNX model, or naming the operator and node that is not supported.
 */
export function fromOnnx(bytes: Uint8Array, options: FromOnnxOptions = {}): FloatNetwork {
  const model = readOnnx(bytes)
  const output = chosenOutput(model, options.output)
  const chain = onnxToChain(model, { output, steps: options.steps })
  const own = output === 'score' ? exchangeMetadata(model.metadata) : null
  if (own === null) return assembleNetwork(chain, options)
  const { objective, targetScale, targetCentre, learner } = own
  const network = assembleNetwork(chain, { objective, ...options })
  // The graph says what the network is; what it was trained for and how is in the metadata alone.
  const isOwnLearner = learner !== undefined && learner.kind !== 'trees' && isSameShape(learner, network)
  const isOwnTarget = options.outputUnit === undefined && options.targetScale === undefined
  return {
    ...network,
    ...(isOwnLearner ? { learner } : {}),
    ...(isOwnTarget && options.targetCentre === undefined ? { targetScale, targetCentre } : {}),
  }
}

function isSameShape(learner: NetworkLearner, { learner: read, columns }: FloatNetwork): boolean {
  return (
    learner.kind === read.kind &&
    stepsOf(learner) === stepsOf(read) &&
    JSON.stringify(layersOf(learner, columns)) === JSON.stringify(layersOf(read, columns))
  )
}
