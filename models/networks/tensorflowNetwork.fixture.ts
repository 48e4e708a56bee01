import * as tf from '@tensorflow/tfjs'
import type { Fit } from '../fit.ts'
import { type NetworkLearner, stepsOf } from '../learner.ts'
import { scaleValue } from '../scaler.ts'
import { layersOf } from './floatNetwork.ts'
import { targetMoments } from './targetMoments.ts'

/** A layer's weights [tap, input, output] and biases. */
export type TensorflowParameters = readonly { readonly weights: tf.Variable; readonly biases: tf.Variable }[]

/** Parameters, in the order of `FloatNetwork`, as variables of TensorFlow.js. */
export function toVariables(
  learner: NetworkLearner,
  columns: number,
  parameters: Float32Array,
): TensorflowParameters {
  return layersOf(learner, columns).map(({ taps, inputs, outputs, weightsAt, biasesAt }) => ({
    weights: tf.variable(tf.tensor3d(parameters.slice(weightsAt, biasesAt), [taps, inputs, outputs])),
    biases: tf.variable(tf.tensor1d(parameters.slice(biasesAt, biasesAt + outputs))),
  }))
}

export function listVariables(parameters: TensorflowParameters): tf.Variable[] {
  return parameters.flatMap(({ weights, biases }) => [weights, biases])
}

/** Tensors one after the other, as `FloatNetwork` has its parameters. */
export function concatenate(tensors: readonly tf.Tensor[]): Float32Array {
  return Float32Array.from(tensors.flatMap(tensor => [...tensor.dataSync()]))
}

/** Rows of a fit as tensors. */
export type TensorflowBatch = {
  /** [rows, steps, columns], scaled. */
  readonly inputs: tf.Tensor3D
  /** Standardised. */
  readonly targets: tf.Tensor1D
  readonly weights: tf.Tensor1D
}

export function toBatch(fit: Fit<NetworkLearner>, rows: ArrayLike<number>): TensorflowBatch {
  const { targetCentre, targetScale } = targetMoments(fit)
  const { targets, weights } = fit.set
  const places = Array.from(rows)
  return {
    inputs: windows(fit, places),
    targets: tf.tensor1d(places.map(row => ((targets[row] ?? 0) - targetCentre) / targetScale)),
    weights: tf.tensor1d(places.map(row => weights[row] ?? 0)),
  }
}

/** Sum over rows of weight · loss as TensorFlow.js computes it, at every step of the window. */
export function tensorflowLoss(
  { learner, objective, set: { columns } }: Fit<NetworkLearner>,
  { inputs, targets, weights }: TensorflowBatch,
  parameters: TensorflowParameters,
): tf.Scalar {
  const scores = forward(learner, columns, inputs, parameters)
  const losses =
    objective === 'return'
      ? tf.square(tf.sub(scores, targets)).div(2)
      : tf
          .relu(scores)
          .sub(scores.mul(targets))
          .add(tf.log1p(tf.exp(tf.neg(tf.abs(scores)))))
  return losses.mul(weights).sum().asScalar()
}

/** Scores of windows [rows, steps, columns]; a convolution is written as slice, concat and matMul. */
function forward(
  learner: NetworkLearner,
  columns: number,
  input: tf.Tensor3D,
  parameters: TensorflowParameters,
): tf.Tensor1D {
  const [rows, steps] = input.shape
  let values: tf.Tensor3D = input
  for (const [index, layer] of layersOf(learner, columns).entries()) {
    const { taps, inputs, outputs, dilation, relu, residual } = layer
    const variables = parameters[index]
    if (variables === undefined) throw new Error('a layer has no variables')
    let sum: tf.Tensor2D | null = null
    for (let tap = 0; tap < taps; tap++) {
      const back = Math.min(steps, (taps - 1 - tap) * dilation)
      const before = tf.zeros<tf.Rank.R3>([rows, back, inputs])
      const kept = values.slice([0, 0, 0], [rows, steps - back, inputs])
      const shifted = back === 0 ? values : back === steps ? before : tf.concat([before, kept], 1)
      const weights = variables.weights.slice([tap, 0, 0], [1, inputs, outputs]).reshape([inputs, outputs])
      const part: tf.Tensor2D = tf.matMul(shifted.reshape([rows * steps, inputs]), weights as tf.Tensor2D)
      sum = sum === null ? part : tf.add(sum, part)
    }
    if (sum === null) throw new Error('a layer has no taps')
    const shaped = tf.add(sum, variables.biases).reshape([rows, steps, outputs]) as tf.Tensor3D
    const active = relu ? tf.relu(shaped) : shaped
    values = residual ? tf.add(active, values) : active
  }
  return values.slice([0, steps - 1, 0], [rows, 1, 1]).reshape([rows])
}

function windows({ set, scaler, learner }: Fit<NetworkLearner>, rows: readonly number[]): tf.Tensor3D {
  const { values, columns } = set
  const steps = stepsOf(learner)
  const scaled: number[] = []
  for (const row of rows)
    for (let at = (row - steps + 1) * columns; at < (row + 1) * columns; at++)
      scaled.push(
        scaleValue(values[at] ?? Number.NaN, scaler.mean[at % columns] ?? 0, scaler.std[at % columns] ?? 0),
      )
  return tf.tensor3d(scaled, [rows.length, steps, columns])
}
