import type { Tensor2D, Variable } from '@tensorflow/tfjs'
import { gaussian, InvalidInputError, type Random, seededRandom } from '../core/index.ts'
import type { Tensorflow } from './loadTensorflow.ts'
import type { ResolvedModelSpec } from './modelSpec.ts'

/** One fully connected layer: activation(x·W + b). */
export type DenseLayer = {
  readonly inputs: number
  readonly outputs: number
  readonly activation: 'relu' | 'linear'
  /** Row-major, `inputs` rows of `outputs` values. */
  readonly weights: Float32Array
  readonly biases: Float32Array
}

/** Scaled inputs, row-major, and what happened after each row: 1 for a rise, else 0. */
export type TrainingSet = { readonly inputs: Float32Array; readonly up: Uint8Array }

/** Told after each epoch: its number (from 1), how many there may be, the mean log losses. */
export type TrainingProgress = {
  readonly epoch: number
  readonly epochs: number
  readonly loss: number
  /** Null without validation rows. */
  readonly validationLoss: number | null
}

/** A trained network, as of the best epoch. */
export type TrainedMlp = {
  /** The last layer's only output is the logit of a rise. */
  readonly layers: readonly DenseLayer[]
  readonly epochsRun: number
  /** The epoch whose weights were kept. */
  readonly bestEpoch: number
}

/** Epochs without a better validation loss after which training stops. */
export const PATIENCE_EPOCHS = 8

/** A layer's weights and biases while they are trained. */
type Parameters = { readonly weights: Variable; readonly biases: Variable }

/**
 * Trains a multilayer perceptron (ReLU, one logit) by Adam (Kingma and Ba 2015) on the mean log loss plus
 * ½·l2·Σw². Weights start as He et al. (2015) propose, drawn like the order of the rows from `spec.seed`, so
 * the same data, spec and backend give the same bits. With validation rows the weights of the best epoch are
 * kept. The event loop gets its turn after every batch; no tensor outlives the call.
 *
 * @throws InvalidInputError when the loss stops being a number.
 */
export async function trainMlp({
  tf,
  training,
  validation,
  columns,
  spec,
  onProgress,
}: {
  readonly tf: Tensorflow
  readonly training: TrainingSet
  readonly validation: TrainingSet | null
  readonly columns: number
  readonly spec: ResolvedModelSpec
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined
}): Promise<TrainedMlp> {
  const random = seededRandom(spec.seed)
  const rows = training.up.length
  const widths = [columns, ...spec.hidden, 1]
  const layers = widths.slice(1).map((outputs, place) => initialise(tf, widths[place] ?? 1, outputs, random))
  const optimizer = tf.train.adam(spec.learningRate)
  try {
    const order = Uint32Array.from({ length: rows }, (_, row) => row)
    const batchRows = Math.min(spec.batchSize, rows)
    const inputs = new Float32Array(batchRows * columns)
    const up = new Float32Array(batchRows)
    let best = { loss: Number.POSITIVE_INFINITY, epoch: 0, layers: read(layers) }
    let epochsRun = 0
    for (let epoch = 1; epoch <= spec.epochs; epoch++) {
      shuffle(order, random)
      let lossSum = 0
      for (let from = 0; from < rows; from += batchRows) {
        const size = Math.min(batchRows, rows - from)
        gather(training, columns, order.subarray(from, from + size), inputs, up)
        lossSum += size * trainBatch(tf, layers, optimizer, spec.l2, inputs, up, size, columns)
        await tf.nextFrame()
      }
      const loss = lossSum / rows
      const validationLoss =
        validation === null ? null : await meanLoss(tf, layers, validation, columns, batchRows)
      if (!Number.isFinite(loss) || !Number.isFinite(validationLoss ?? 0))
        throw new InvalidInputError(`Training of "${spec.name}" diverged in epoch ${epoch}.`, {
          facts: { epoch, learningRate: spec.learningRate },
          hint: 'Lower `learningRate`, or raise `batchSize`.',
        })
      epochsRun = epoch
      onProgress?.({ epoch, epochs: spec.epochs, loss, validationLoss })
      if (validationLoss === null || validationLoss < best.loss)
        best = { loss: validationLoss ?? loss, epoch, layers: read(layers) }
      else if (epoch - best.epoch >= PATIENCE_EPOCHS) break
    }
    return { layers: best.layers, epochsRun, bestEpoch: best.epoch }
  } finally {
    optimizer.dispose()
    for (const { weights, biases } of layers) tf.dispose([weights, biases])
  }
}

/** Mean log loss of a batch before its step, and the step. */
function trainBatch(
  tf: Tensorflow,
  layers: readonly Parameters[],
  optimizer: ReturnType<Tensorflow['train']['adam']>,
  l2: number,
  inputs: Float32Array,
  up: Float32Array,
  size: number,
  columns: number,
): number {
  return tf.tidy(() => {
    // A copy: TensorFlow.js may keep the array that it is given.
    const x = tf.tensor2d(inputs.slice(0, size * columns), [size, columns])
    const y = tf.tensor2d(up.slice(0, size), [size, 1])
    const { loss, gradients } = lossAndGradients(tf, layers, x, y, l2)
    optimizer.applyGradients(gradients)
    return loss.dataSync()[0] ?? Number.NaN
  })
}

/**
 * Mean log loss and the gradient of every parameter, by backpropagation written out: TensorFlow.js's own
 * gradient of matMul multiplies transposed matrices, for which its wasm backend leaves XNNPACK for a loop
 * more than ten times slower.
 */
export function lossAndGradients(
  tf: Tensorflow,
  layers: readonly Parameters[],
  x: Tensor2D,
  y: Tensor2D,
  l2: number,
) {
  const activations = [x]
  for (const [place, layer] of layers.entries())
    activations.push(forward(tf, layer, activations[place] ?? x, place === layers.length - 1))
  const logits = activations[layers.length] ?? x
  const loss = batchLoss(tf, logits, y)
  let delta: Tensor2D = tf.div(tf.sub(tf.sigmoid(logits), y), x.shape[0])
  const gradients: { name: string; tensor: ReturnType<Tensorflow['add']> }[] = []
  for (let place = layers.length - 1; place >= 0; place--) {
    const layer = layers[place]
    const input = activations[place]
    if (layer === undefined || input === undefined) continue
    const { weights, biases } = layer
    const slope = tf.matMul(tf.transpose(input), delta)
    gradients.push(
      { name: weights.name, tensor: l2 === 0 ? slope : tf.add(slope, tf.mul(weights, l2)) },
      { name: biases.name, tensor: tf.sum(delta, 0) },
    )
    // step(relu(z)) is 1 where z > 0: the slope of ReLU.
    if (place > 0) delta = tf.mul(tf.matMul(delta, tf.transpose(weights)), tf.step(input))
  }
  return { loss, gradients }
}

function forward(tf: Tensorflow, { weights, biases }: Parameters, x: Tensor2D, last: boolean): Tensor2D {
  const sums: Tensor2D = tf.add(tf.matMul(x, weights), biases)
  return last ? sums : tf.relu(sums)
}

/** Mean of ln(1 + e^z) − y·z, in the form that does not overflow. */
function batchLoss(tf: Tensorflow, logits: Tensor2D, y: Tensor2D) {
  const softplus = tf.log1p(tf.exp(tf.neg(tf.abs(logits))))
  return tf.mean(tf.add(tf.sub(tf.relu(logits), tf.mul(logits, y)), softplus))
}

async function meanLoss(
  tf: Tensorflow,
  layers: readonly Parameters[],
  { inputs, up }: TrainingSet,
  columns: number,
  batchRows: number,
): Promise<number> {
  let sum = 0
  for (let from = 0; from < up.length; from += batchRows) {
    const to = Math.min(from + batchRows, up.length)
    const loss = tf.tidy(() => {
      let x: Tensor2D = tf.tensor2d(inputs.slice(from * columns, to * columns), [to - from, columns])
      for (const [place, layer] of layers.entries()) x = forward(tf, layer, x, place === layers.length - 1)
      return batchLoss(
        tf,
        x,
        tf.tensor2d(Float32Array.from(up.subarray(from, to)), [to - from, 1]),
      ).dataSync()[0]
    })
    sum += (loss ?? Number.NaN) * (to - from)
    await tf.nextFrame()
  }
  return sum / up.length
}

/** He initialisation: normal with variance 2 / inputs; biases 0. */
function initialise(tf: Tensorflow, inputs: number, outputs: number, random: Random): Parameters {
  const deviation = Math.sqrt(2 / inputs)
  const drawn = Float32Array.from({ length: inputs * outputs }, () => deviation * gaussian(random))
  return tf.tidy(() => ({
    weights: tf.variable(tf.tensor2d(drawn, [inputs, outputs])),
    biases: tf.variable(tf.zeros([outputs])),
  }))
}

function read(layers: readonly Parameters[]): DenseLayer[] {
  return layers.map(({ weights, biases }, place) => ({
    inputs: weights.shape[0] ?? 0,
    outputs: weights.shape[1] ?? 0,
    activation: place === layers.length - 1 ? 'linear' : 'relu',
    weights: Float32Array.from(weights.dataSync()),
    biases: Float32Array.from(biases.dataSync()),
  }))
}

/** The shuffle of Fisher and Yates, in place. */
function shuffle(order: Uint32Array, random: Random): void {
  for (let place = order.length - 1; place > 0; place--) {
    const other = Math.floor(random() * (place + 1))
    const moved = order[place] ?? 0
    order[place] = order[other] ?? 0
    order[other] = moved
  }
}

function gather(
  { inputs, up }: TrainingSet,
  columns: number,
  rows: Uint32Array,
  intoInputs: Float32Array,
  intoUp: Float32Array,
): void {
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place] ?? 0
    intoInputs.set(inputs.subarray(row * columns, (row + 1) * columns), place * columns)
    intoUp[place] = up[row] ?? 0
  }
}
