import { InvalidInputError, SCORE_ONE } from '../../core/index.ts'
import { evenlySpread } from '../evenlySpread.ts'
import { stepsOf } from '../learner.ts'
import { type FloatNetwork, layersOf, type NetworkLayer, parameterCount } from '../networks/floatNetwork.ts'
import { neededSteps, stepsBack } from '../networks/neededSteps.ts'
import { scaleValue } from '../scaler.ts'
import { accumulatorBound, checkProgram } from './checkProgram.ts'
import { type Link, uncalibratedLink } from './link.ts'
import { assertWindows, type MatrixRows } from './matrixRows.ts'
import {
  INPUT_ONE,
  INT16_MAX,
  INT32_MAX,
  type NetworkProgram,
  type ProgramLayer,
  WEIGHT_LIMIT,
} from './program.ts'
import { requantisationOf, requantise, saturate16 } from './requantise.ts'
import { type InputMoments, inputMoments, roundWeights } from './roundWeights.ts'

/** Most rows that scales and rounding are measured on: more change them little. */
export const CALIBRATION_ROWS = 1_024
/**
 * Activations may grow to this many times the largest one measured before they saturate. It costs one bit of fifteen,
 * where the weights have eight; a cut-off activation would cost far more.
 */
const HEADROOM = 2
/** Products that the covariances of one layer may cost. */
const MOMENT_PRODUCTS = 1e9

/** The activations that enter a layer: of the float network and of the integers so far, by sample and step. */
type Activations = {
  /** Steps before the present one that are held, oldest first. */
  readonly back: readonly number[]
  readonly width: number
  /** [sample][step][value]. */
  readonly real: Float64Array
  readonly whole: Int16Array
  /** Real value of the integer 1. */
  readonly unit: number
}

/**
 * Quantises a trained network after its training: int8 weights with a scale for each neuron, int16 activations with a
 * scale for each layer. Layer by layer, on the activations that the integers before it give for the calibration rows,
 * it rounds weights up or down so that the error of each sum varies least, and shifts the biases so that it is 0 on
 * average (Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction", 2019). No int16
 * input can make a sum leave an int32: where it could, the neuron's weights get fewer bits.
 *
 * @param calibration rows to measure on, from before the test period; of more than `CALIBRATION_ROWS`, evenly many.
 * @param link what a score means; the uncalibrated one unless given.
 * @throws InvalidInputError when there are no rows, or the parameters are not finite or too large.
 */
export function quantiseNetwork(network: FloatNetwork, calibration: MatrixRows, link?: Link): NetworkProgram {
  const { learner, objective, columns, scaler, parameters, targetScale, targetCentre } = network
  const steps = stepsOf(learner)
  const sources = layersOf(learner, columns)
  assertParameters(parameters, parameterCount(sources))
  const needed = neededSteps(sources, steps)
  let entering = inputActivations(network, chosenRows(calibration, steps, columns), needed[0] ?? [0])
  const layers: ProgramLayer[] = []
  for (const [depth, source] of sources.entries()) {
    const last = depth === sources.length - 1
    const { layer, leaving } = quantiseLayer(source, parameters, entering, needed[depth + 1] ?? [0], last)
    layers.push(layer)
    entering = leaving
  }
  const program: NetworkProgram = {
    kind: 'network',
    objective,
    steps,
    columns,
    link: link ?? uncalibratedLink(objective, targetScale, targetCentre),
    scaler,
    layers,
  }
  checkProgram(program)
  return program
}

function quantiseLayer(
  source: NetworkLayer,
  parameters: Float32Array,
  entering: Activations,
  back: readonly number[],
  last: boolean,
): { layer: ProgramLayer; leaving: Activations } {
  const { taps, inputs, outputs, dilation, relu, residual, weightsAt, biasesAt } = source
  const seen = taken(source, entering, back)
  const width = taps * inputs
  const samples = seen.real.length / width
  const real = realSums(
    seen.real,
    parameters.subarray(weightsAt, biasesAt),
    parameters.subarray(biasesAt),
    outputs,
  )
  const ownPlaces = residual ? back.map(step => entering.back.indexOf(step)) : null
  const own = (values: ArrayLike<number>, sample: number, output: number) => {
    const row = Math.floor(sample / back.length)
    const place = ownPlaces?.[sample % back.length] ?? 0
    return values[(row * entering.back.length + place) * inputs + output] ?? 0
  }
  const meanSums = new Float64Array(outputs)
  for (let at = 0; at < real.length; at++) {
    const output = at % outputs
    meanSums[output] = (meanSums[output] ?? 0) + (real[at] ?? 0) / samples
  }
  // From sums to activations.
  for (let at = 0; at < real.length; at++) {
    if (relu && (real[at] ?? 0) < 0) real[at] = 0
    if (residual) real[at] = (real[at] ?? 0) + own(entering.real, Math.floor(at / outputs), at % outputs)
  }
  const unit = last ? 1 / SCORE_ONE : unitFor(real)

  const stride = Math.max(1, Math.ceil((samples * width * width) / MOMENT_PRODUCTS))
  const moments = inputMoments(seen.whole, width, stride)
  const weights = new Int8Array(width * outputs)
  const biases = new Int32Array(outputs)
  const multipliers = new Uint16Array(outputs)
  const shifts = new Uint8Array(outputs)
  for (let output = 0; output < outputs; output++) {
    const row = Float64Array.from(
      { length: width },
      (_, at) => parameters[weightsAt + at * outputs + output] ?? 0,
    )
    const neuron = quantiseNeuron(row, meanSums[output] ?? 0, entering.unit, moments)
    for (let at = 0; at < width; at++) weights[at * outputs + output] = neuron.weights[at] ?? 0
    biases[output] = neuron.bias
    const { multiplier, shift } = requantisationOf(neuron.unit / unit)
    multipliers[output] = multiplier
    shifts[output] = shift
  }
  const carry = residual ? requantisationOf(entering.unit / unit) : null
  const layer = {
    taps,
    inputs,
    outputs,
    dilation,
    relu,
    residual: carry,
    weights,
    biases,
    multipliers,
    shifts,
  }
  const whole = new Int16Array(real.length)
  for (let sample = 0; sample < samples && !last; sample++)
    for (let output = 0; output < outputs; output++) {
      let sum = biases[output] ?? 0
      for (let at = 0; at < width; at++)
        sum += (weights[at * outputs + output] ?? 0) * (seen.whole[sample * width + at] ?? 0)
      const value = requantise(sum, { multiplier: multipliers[output] ?? 0, shift: shifts[output] ?? 0 })
      const activation = saturate16(relu ? Math.max(0, value) : value)
      whole[sample * outputs + output] =
        carry === null
          ? activation
          : saturate16(activation + saturate16(requantise(own(entering.whole, sample, output), carry)))
    }
  return { layer, leaving: { back, width: outputs, real, whole, unit } }
}

/** A neuron in integers: its sum times `unit` is the real one. */
type Neuron = { readonly weights: Int8Array; readonly bias: number; readonly unit: number }

function quantiseNeuron(
  real: Float64Array,
  meanSum: number,
  inputUnit: number,
  moments: InputMoments,
): Neuron {
  const largest = real.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
  // Without weights any scale would do that holds the bias finely.
  let step = largest > 0 ? largest / WEIGHT_LIMIT : Math.abs(meanSum) / inputUnit / 16_777_216 || 1
  for (;;) {
    const size = step
    const weights = roundWeights(
      real.map(weight => weight / size),
      moments,
    )
    let magnitude = 0
    let measured = 0
    for (let at = 0; at < weights.length; at++) {
      magnitude += Math.abs(weights[at] ?? 0)
      measured += (weights[at] ?? 0) * (moments.mean[at] ?? 0)
    }
    const unit = step * inputUnit
    const bias = Math.round(meanSum / unit - measured)
    const bound = accumulatorBound(magnitude, bias)
    if (bound <= INT32_MAX) return { weights, bias: bias + 0, unit }
    // Both shrink with a coarser step, but for what is rounded up.
    step *= Math.max(1.01, bound / INT32_MAX)
  }
}

/** What the layer reads for each sample and step: [sample][step][tap][input]; zeros before the window. */
function taken({ taps, inputs, dilation }: NetworkLayer, entering: Activations, back: readonly number[]) {
  const rows = entering.real.length / (entering.back.length * inputs)
  const real = new Float64Array(rows * back.length * taps * inputs)
  const whole = new Int16Array(real.length)
  let at = 0
  for (let row = 0; row < rows; row++)
    for (const step of back)
      for (let tap = 0; tap < taps; tap++, at += inputs) {
        const place = entering.back.indexOf(step + stepsBack(tap, taps, dilation))
        if (place < 0) continue
        const from = (row * entering.back.length + place) * inputs
        real.set(entering.real.subarray(from, from + inputs), at)
        whole.set(entering.whole.subarray(from, from + inputs), at)
      }
  return { real, whole }
}

/** bias + Σ weight · input of each sample and output. */
function realSums(
  inputs: Float64Array,
  weights: Float32Array,
  biases: Float32Array,
  outputs: number,
): Float64Array {
  const width = weights.length / outputs
  const samples = inputs.length / width
  const sums = new Float64Array(samples * outputs)
  for (let sample = 0; sample < samples; sample++) {
    const from = sample * outputs
    for (let output = 0; output < outputs; output++) sums[from + output] = biases[output] ?? 0
    for (let at = 0; at < width; at++) {
      const value = inputs[sample * width + at] ?? 0
      if (value === 0) continue
      for (let output = 0; output < outputs; output++)
        sums[from + output] = (sums[from + output] ?? 0) + (weights[at * outputs + output] ?? 0) * value
    }
  }
  return sums
}

/** The size of an integer step that holds all values, with room to grow. */
function unitFor(values: Float64Array): number {
  let largest = 0
  for (const value of values) largest = Math.max(largest, Math.abs(value))
  return largest > 0 ? (largest * HEADROOM) / INT16_MAX : 1 / INPUT_ONE
}

function inputActivations(
  network: FloatNetwork,
  { values, rows }: MatrixRows,
  back: readonly number[],
): Activations {
  const { columns, scaler } = network
  const real = new Float64Array(rows.length * back.length * columns)
  const whole = new Int16Array(real.length)
  let at = 0
  for (const row of rows)
    for (const step of back)
      for (let column = 0; column < columns; column++, at++) {
        const value = values[(row - step) * columns + column] ?? Number.NaN
        const scaled = scaleValue(value, scaler.mean[column] ?? 0, scaler.std[column] ?? 0)
        real[at] = scaled
        whole[at] = saturate16(Math.floor(scaled * INPUT_ONE + 0.5))
      }
  return { back, width: columns, real, whole, unit: 1 / INPUT_ONE }
}

function chosenRows(matrix: MatrixRows, steps: number, columns: number): MatrixRows {
  if (matrix.rows.length === 0)
    throw new InvalidInputError('There are no rows to calibrate the quantisation on.', {
      hint: 'Pass rows of the training or validation period.',
    })
  assertWindows(matrix, { steps, columns })
  return { values: matrix.values, rows: evenlySpread(matrix.rows, CALIBRATION_ROWS) }
}

function assertParameters(parameters: Float32Array, expected: number): void {
  const bad = parameters.findIndex(value => !Number.isFinite(value))
  if (parameters.length === expected && bad < 0) return
  throw new InvalidInputError(
    bad < 0
      ? `The network has ${parameters.length} parameters; its layers need ${expected}.`
      : `The network's parameter ${bad} is ${parameters[bad]}.`,
    {
      facts: { parameters: parameters.length, expected },
      hint: 'Train it again, with a lower learning rate if the loss grew.',
    },
  )
}
