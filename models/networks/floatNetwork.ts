import type { NetworkLearner, Objective } from '../learner.ts'
import type { Scaler } from '../scaler.ts'

/** A trained network before it is sealed: binary32 parameters, not promised to evaluate alike everywhere. */
export type FloatNetwork = {
  readonly learner: NetworkLearner
  readonly objective: Objective
  /** Features of one step. */
  readonly columns: number
  readonly scaler: Scaler
  /** The layers of `layersOf` one after the other, each its weights and then its biases. */
  readonly parameters: Float32Array
  /** Score × scale + centre is the predicted log return of a `return` objective; 1 and 0 for `direction`. */
  readonly targetScale: number
  readonly targetCentre: number
}

/**
 * A layer: for each output o, bias[o] + Σ over taps t (oldest first) and inputs i of weight[t][i][o] · input. A
 * fully connected layer has one tap.
 */
export type NetworkLayer = {
  readonly taps: number
  readonly inputs: number
  readonly outputs: number
  /** Steps between neighbouring taps. */
  readonly dilation: number
  readonly relu: boolean
  /** Whether the layer's own input at the same step is added after the ReLU. */
  readonly residual: boolean
  /** Where its weights, row-major [tap][input][output], and its biases begin among the parameters. */
  readonly weightsAt: number
  readonly biasesAt: number
}

/** The layers of a network, first to last; the last has one output, the score. */
export function layersOf(learner: NetworkLearner, columns: number): NetworkLayer[] {
  const layers: NetworkLayer[] = []
  let at = 0
  let inputs = columns
  const add = (outputs: number, taps: number, dilation: number, relu: boolean, residual: boolean) => {
    const biasesAt = at + taps * inputs * outputs
    layers.push({ taps, inputs, outputs, dilation, relu, residual, weightsAt: at, biasesAt })
    at = biasesAt + outputs
    inputs = outputs
  }
  if (learner.kind === 'mlp') for (const outputs of learner.hidden) add(outputs, 1, 1, true, false)
  if (learner.kind === 'tcn')
    for (let level = 0; level < learner.levels; level++)
      add(learner.channels, learner.kernel, 2 ** level, true, inputs === learner.channels)
  add(1, 1, 1, false, false)
  return layers
}

/** How many parameters the layers have together. */
export function parameterCount(layers: readonly NetworkLayer[]): number {
  const last = layers.at(-1)
  return last === undefined ? 0 : last.biasesAt + last.outputs
}
