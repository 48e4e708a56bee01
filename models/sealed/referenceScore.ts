import type { NetworkProgram, Program, ProgramLayer, TreesProgram } from './program.ts'
import { requantise, saturate16, saturate32 } from './requantise.ts'

/**
 * The score of a program, an int32 in 1 / `SCORE_ONE`: the specification that every faster evaluation equals to the
 * bit. Uses integers below 2^53 only.
 *
 * @param inputs as of `quantiseInputs`.
 */
export function referenceScore(program: Program, inputs: Int16Array): number {
  return program.kind === 'network' ? networkScore(program, inputs) : treesScore(program, inputs)
}

function networkScore({ layers, steps, columns }: NetworkProgram, inputs: Int16Array): number {
  const known = new Map<string, ArrayLike<number>>()
  // The outputs of a layer (the inputs of the program before the first) at a step; before the first step all are 0.
  const outputsAt = (depth: number, step: number): ArrayLike<number> => {
    const layer = layers[depth]
    if (layer === undefined) return inputs.subarray(step * columns, (step + 1) * columns)
    if (step < 0) return new Int16Array(layer.outputs)
    const key = `${depth} ${step}`
    const outputs =
      known.get(key) ?? layerOutputs(layer, depth === layers.length - 1, tap(layer, depth, step))
    known.set(key, outputs)
    return outputs
  }
  // What the layer's taps look at, the oldest first; the last one is the step itself.
  const tap = ({ taps, dilation, inputs: width }: ProgramLayer, depth: number, step: number) =>
    Array.from({ length: taps }, (_, place) => {
      const seen = step - (taps - 1 - place) * dilation
      return seen < 0 ? new Int16Array(width) : outputsAt(depth - 1, seen)
    })
  return outputsAt(layers.length - 1, steps - 1)[0] ?? 0
}

function layerOutputs(layer: ProgramLayer, isLast: boolean, seen: readonly ArrayLike<number>[]): number[] {
  const { inputs, outputs, relu, residual, weights, biases, multipliers, shifts } = layer
  return Array.from({ length: outputs }, (_, output) => {
    let sum = biases[output] ?? 0
    for (const [tap, values] of seen.entries())
      for (let input = 0; input < inputs; input++)
        sum += (weights[(tap * inputs + input) * outputs + output] ?? 0) * (values[input] ?? 0)
    const value = requantise(sum, { multiplier: multipliers[output] ?? 0, shift: shifts[output] ?? 0 })
    if (isLast) return saturate32(value)
    const activation = saturate16(relu ? Math.max(0, value) : value)
    if (residual === null) return activation
    return saturate16(activation + saturate16(requantise(seen.at(-1)?.[output] ?? 0, residual)))
  })
}

function treesScore({ trees, base }: TreesProgram, bins: Int16Array): number {
  let score = base
  for (const { feature, threshold, left, value } of trees) {
    let node = 0
    for (let child = left[0] ?? 0; child !== 0; child = left[node] ?? 0)
      node = (bins[feature[node] ?? 0] ?? 0) <= (threshold[node] ?? 0) ? child : child + 1
    score += value[node] ?? 0
  }
  return score
}
