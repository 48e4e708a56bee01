import { InvalidInputError } from '../../core/index.ts'
import { stepsOf } from '../learner.ts'
import { scaleValue } from '../scaler.ts'
import { type FloatNetwork, layersOf, type NetworkLayer } from './floatNetwork.ts'
import { neededSteps, stepsBack } from './neededSteps.ts'

/**
 * The scores of rows: log-odds for `direction`, standard deviations of the target for `return`. Every operation is a
 * binary32 one; a sum starts from the bias and adds weight · input tap by tap, oldest first, and in the order of the
 * inputs, as in training: the same bits.
 *
 * @param values row-major matrix of the network's columns, unscaled, in the order of time.
 * @throws InvalidInputError when a row is not in the matrix, or has too few before it.
 */
export function evaluateNetwork(
  network: FloatNetwork,
  values: Float32Array,
  rows: Uint32Array,
): Float64Array {
  const { learner, columns, scaler, parameters } = network
  const steps = stepsOf(learner)
  const layers = layersOf(learner, columns)
  const needed = neededSteps(layers, steps)
  const scores = new Float64Array(rows.length)
  for (const [place, row] of rows.entries()) {
    if (row < steps - 1 || (row + 1) * columns > values.length)
      throw new InvalidInputError(
        `Row ${row} has no window of ${steps} steps in ${values.length / columns} rows.`,
        {
          facts: { row, steps, rows: values.length / columns },
          hint: 'Evaluate rows of the matrix that have enough rows before them.',
        },
      )
    let inputs = new Map<number, Float32Array>()
    for (const back of needed[0] ?? []) {
      const scaled = new Float32Array(columns)
      for (let column = 0; column < columns; column++)
        scaled[column] = scaleValue(
          values[(row - back) * columns + column] ?? Number.NaN,
          scaler.mean[column] ?? 0,
          scaler.std[column] ?? 0,
        )
      inputs.set(back, scaled)
    }
    for (const [index, layer] of layers.entries()) {
      const outputs = new Map<number, Float32Array>()
      for (const back of needed[index + 1] ?? [])
        outputs.set(back, evaluateLayer(layer, parameters, inputs, back))
      inputs = outputs
    }
    scores[place] = inputs.get(0)?.[0] ?? Number.NaN
  }
  return scores
}

/** The output of a layer so many steps before the present one, from its inputs by steps before the present one. */
function evaluateLayer(
  { taps, inputs: width, outputs, dilation, relu, residual, weightsAt, biasesAt }: NetworkLayer,
  parameters: Float32Array,
  inputs: ReadonlyMap<number, Float32Array>,
  back: number,
): Float32Array {
  const sums = parameters.slice(biasesAt, biasesAt + outputs)
  for (let tap = 0; tap < taps; tap++) {
    const input = inputs.get(back + stepsBack(tap, taps, dilation))
    // Before the window there is nothing to read.
    if (input === undefined) continue
    for (let i = 0; i < width; i++) {
      const value = input[i] ?? 0
      const from = weightsAt + (tap * width + i) * outputs
      for (let o = 0; o < outputs; o++)
        // A Float32Array rounds the sum as it takes it.
        sums[o] = (sums[o] ?? 0) + Math.fround((parameters[from + o] ?? 0) * value)
    }
  }
  const own = residual ? inputs.get(back) : undefined
  for (let o = 0; o < outputs; o++) {
    const sum = sums[o] ?? 0
    const activation = relu && sum < 0 ? 0 : sum
    sums[o] = own === undefined ? activation : activation + (own[o] ?? 0)
  }
  return sums
}
