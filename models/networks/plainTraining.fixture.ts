import { type Random, seededRandom } from '../../core/index.ts'
import type { Fit } from '../fit.ts'
import { type NetworkLearner, stepsOf } from '../learner.ts'
import { scaleValue } from '../scaler.ts'
import { MICRO_ROWS, SLOTS } from './batchDivision.ts'
import { layersOf } from './floatNetwork.ts'
import { initialParameters } from './initialParameters.ts'
import { neededSteps, stepsBack } from './neededSteps.ts'
import { outputLoss } from './outputLoss.ts'
import { shuffleRows } from './shuffleRows.ts'
import { targetMoments } from './targetMoments.ts'

const round = Math.fround

/**
 * Training as `trainNetworks` does it, in plain TypeScript over unpadded arrays: the same sums in the same order, value
 * by value. Returns the parameters after the last epoch.
 */
export function plainTraining(fit: Fit<NetworkLearner>): Float32Array {
  const { learner, set, seed } = fit
  const random: Random = seededRandom(seed)
  const parameters = initialParameters(learner, set.columns, random)
  const first = new Float32Array(parameters.length)
  const second = new Float32Array(parameters.length)
  const rows = fit.train.slice()
  let power1 = 1
  let power2 = 1
  for (let epoch = 0; epoch < learner.epochs; epoch++) {
    shuffleRows(rows, random)
    for (let from = 0; from < rows.length; from += learner.batchSize) {
      const { gradient, weight } = batchGradient(fit, parameters, rows.slice(from, from + learner.batchSize))
      power1 *= 0.9
      power2 *= 0.999
      adam(fit, parameters, first, second, gradient, [
        round(1 / weight),
        round(1 / (1 - power1)),
        round(1 / (1 - power2)),
      ])
    }
  }
  return parameters
}

function batchGradient(fit: Fit<NetworkLearner>, parameters: Float32Array, batch: Uint32Array) {
  const slots = Array.from({ length: Math.min(SLOTS, Math.ceil(batch.length / MICRO_ROWS)) }, () => ({
    gradient: new Float32Array(parameters.length),
    weight: 0,
  }))
  for (let micro = 0; micro * MICRO_ROWS < batch.length; micro++) {
    const slot = slots[micro % SLOTS]
    const rows = batch.slice(micro * MICRO_ROWS, (micro + 1) * MICRO_ROWS)
    if (slot !== undefined) slot.weight += addGradient(fit, parameters, rows, slot.gradient)
  }
  const gradient = new Float32Array(parameters.length)
  for (const slot of slots)
    for (const [at, value] of slot.gradient.entries()) gradient[at] = (gradient[at] ?? 0) + value
  return { gradient, weight: slots.reduce((sum, { weight }) => sum + weight, 0) }
}

/** By row, by step before the present one. */
type Blocks = Map<number, Float32Array>[]

/** Adds the gradient of a micro-batch; returns the sum of its weights. */
function addGradient(
  fit: Fit<NetworkLearner>,
  parameters: Float32Array,
  rows: Uint32Array,
  gradient: Float32Array,
): number {
  const { set, scaler, learner, objective } = fit
  const { targetCentre, targetScale } = targetMoments(fit)
  const layers = layersOf(learner, set.columns)
  const needed = neededSteps(layers, stepsOf(learner))
  const add = (target: Float32Array, at: number, value: number) => {
    target[at] = round((target[at] ?? 0) + value)
  }
  const blocks = (steps: readonly number[] = [], width: number): Blocks =>
    [...rows].map(() => new Map(steps.map(back => [back, new Float32Array(width)])))
  const block = (from: Blocks | undefined, row: number, back: number) => from?.[row]?.get(back)

  const inputs = blocks(needed[0], set.columns)
  for (const [place, byStep] of inputs.entries())
    for (const [back, values] of byStep)
      for (let column = 0; column < set.columns; column++)
        values[column] = scaleValue(
          set.values[((rows[place] ?? 0) - back) * set.columns + column] ?? 0,
          scaler.mean[column] ?? 0,
          scaler.std[column] ?? 0,
        )
  const values: Blocks[] = [inputs]
  const activations: Blocks[] = []
  for (const [index, { taps, dilation, inputs: width, outputs, relu, residual, ...at }] of layers.entries()) {
    const active = blocks(needed[index + 1], outputs)
    const result = blocks(needed[index + 1], outputs)
    for (const [place, byStep] of active.entries())
      for (const [back, sums] of byStep) {
        for (let o = 0; o < outputs; o++) {
          sums[o] = parameters[at.biasesAt + o] ?? 0
          for (let tap = 0; tap < taps; tap++) {
            const input = block(values[index], place, back + stepsBack(tap, taps, dilation))
            if (input === undefined) continue
            for (let i = 0; i < width; i++)
              add(
                sums,
                o,
                round((input[i] ?? 0) * (parameters[at.weightsAt + (tap * width + i) * outputs + o] ?? 0)),
              )
          }
          if (relu && (sums[o] ?? 0) < 0) sums[o] = 0
          const own = residual ? (block(values[index], place, back)?.[o] ?? 0) : 0
          block(result, place, back)?.set([round((sums[o] ?? 0) + own)], o)
        }
      }
    activations.push(active)
    values.push(result)
  }

  let weightSum = 0
  let slopes = blocks([0], 1)
  for (const [place, row] of rows.entries()) {
    const weight = set.weights[row] ?? 0
    const target = ((set.targets[row] ?? 0) - targetCentre) / targetScale
    const output = { loss: 0, slope: 0 }
    outputLoss(objective, block(values.at(-1), place, 0)?.[0] ?? 0, target, output)
    block(slopes, place, 0)?.set([weight * output.slope])
    weightSum += weight
  }
  for (let index = layers.length - 1; index >= 0; index--) {
    const layer = layers[index]
    if (layer === undefined) break
    const { taps, dilation, inputs: width, outputs, relu, residual, weightsAt, biasesAt } = layer
    const inner = blocks(needed[index + 1], outputs)
    for (const [place, byStep] of inner.entries())
      for (const [back, slope] of byStep)
        for (let o = 0; o < outputs; o++)
          if (!relu || (block(activations[index], place, back)?.[o] ?? 0) > 0)
            slope[o] = block(slopes, place, back)?.[o] ?? 0
    for (const back of needed[index + 1] ?? [])
      for (let place = 0; place < rows.length; place++)
        for (const [o, slope] of block(inner, place, back)?.entries() ?? []) {
          add(gradient, biasesAt + o, slope)
          for (let tap = 0; tap < taps; tap++) {
            const input = block(values[index], place, back + stepsBack(tap, taps, dilation))
            for (const [i, value] of input?.entries() ?? [])
              add(gradient, weightsAt + (tap * width + i) * outputs + o, round(value * slope))
          }
        }
    const below = blocks(needed[index], width)
    for (const [place, byStep] of below.entries())
      for (const [back, slope] of byStep)
        for (let i = 0; i < width; i++) {
          for (let tap = 0; tap < taps; tap++)
            for (const [o, value] of block(inner, place, back - stepsBack(tap, taps, dilation))?.entries() ??
              [])
              add(slope, i, round(value * (parameters[weightsAt + (tap * width + i) * outputs + o] ?? 0)))
          if (residual) add(slope, i, block(slopes, place, back)?.[i] ?? 0)
        }
    slopes = below
  }
  return weightSum
}

function adam(
  { learner, set }: Fit<NetworkLearner>,
  parameters: Float32Array,
  first: Float32Array,
  second: Float32Array,
  sums: Float32Array,
  [scale, correction1, correction2]: readonly [number, number, number],
): void {
  const rate = round(learner.learningRate)
  for (const { weightsAt, biasesAt, outputs } of layersOf(learner, set.columns))
    for (let at = weightsAt; at < biasesAt + outputs; at++) {
      const parameter = parameters[at] ?? 0
      const l2 = at < biasesAt ? round(learner.l2) : 0
      const gradient = round(round((sums[at] ?? 0) * scale) + round(parameter * l2))
      const m = round(round((first[at] ?? 0) * round(0.9)) + round(gradient * round(0.1)))
      const square = round(round(gradient * gradient) * round(0.001))
      const v = round(round((second[at] ?? 0) * round(0.999)) + square)
      first[at] = Math.abs(m) < 1e-30 ? 0 : m
      second[at] = v < 1e-37 ? 0 : v
      const root = round(round(Math.sqrt(round((second[at] ?? 0) * correction2))) + round(1e-8))
      const step = round(round((first[at] ?? 0) * correction1) / root)
      parameters[at] = round(parameter - round(step * rate))
    }
}
