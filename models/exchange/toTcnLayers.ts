import { InvalidInputError } from '../../core/index.ts'
import type { NetworkLearner } from '../learner.ts'
import { type PlainLayer, reachOf } from './foldLayers.ts'
import { foreignLearner } from './foreignLearner.ts'

/** Layers in the shape that `layersOf` gives for the learner. */
export type ShapedLayers = {
  readonly learner: NetworkLearner
  readonly layers: readonly Pick<PlainLayer, 'weights' | 'biases'>[]
}

/**
 * Gives layers over time the shape of a `TcnLearner`: one width and one number of taps for all levels, dilation 2^l,
 * and every level but a narrower first adding its input. Layers that add nothing, or differ in width, get channels of
 * their own beside those of the levels before, whose zeros a level then adds to; so their values stay the same.
 *
 * @throws InvalidInputError naming the layer whose dilation or padding does not fit.
 */
export function toTcnLayers(layers: readonly PlainLayer[], steps: number): ShapedLayers {
  const levels = layers.slice(0, -1)
  const output = layers.at(-1)
  if (output === undefined || output.taps > 1 || levels.every(layer => layer.taps === 1))
    throw new InvalidInputError(
      'The imported network looks at several steps without a convolution over them.',
      {
        facts: { steps },
        hint: 'Supported are levels of convolutions with ReLU, then one output of the last step.',
      },
    )
  for (const [level, { taps, dilation, where, padded }] of levels.entries()) {
    if (taps > 1 && dilation !== 2 ** level)
      throw new InvalidInputError(
        `The convolution of ${where} has dilation ${dilation}; level ${level} of a network over time has ${2 ** level}.`,
        {
          facts: { where, dilation, level },
          hint: 'Only dilations 1, 2, 4 and so on, by level, are supported.',
        },
      )
    // A missing pad is no matter where the last step never sees one.
    if (taps > 1 && !padded && reachOf(levels) > steps)
      throw new InvalidInputError(`The convolution of ${where} is padded otherwise than those beside it.`, {
        facts: { where },
        hint: 'Pad all convolutions on the left, or none.',
      })
  }
  const kernel = Math.max(...levels.map(layer => layer.taps))
  const even = levels.map(layer => withTaps(layer, kernel))
  const [first] = even
  const isPlain =
    first !== undefined &&
    even.every(
      ({ inputs, outputs, residual }) => outputs === first.outputs && residual === (inputs === first.outputs),
    )
  const shaped = isPlain ? [...even, output] : spreadOverChannels(even, output)
  const channels = shaped[0]?.biases.length ?? 0
  return {
    learner: foreignLearner({ kind: 'tcn', steps, channels, levels: levels.length, kernel }),
    layers: shaped,
  }
}

/** The layer with taps of weight 0 before its oldest one. */
function withTaps(layer: PlainLayer, taps: number): PlainLayer {
  const weights = new Float64Array(taps * layer.inputs * layer.outputs)
  weights.set(layer.weights, weights.length - layer.weights.length)
  return { ...layer, taps, weights }
}

function spreadOverChannels(levels: readonly PlainLayer[], output: PlainLayer) {
  const [first] = levels
  if (first?.residual)
    throw new InvalidInputError(`The imported network adds its features again after ${first.where}.`, {
      facts: { where: first.where },
      hint: 'A first level may do so only where all levels do and are as wide as the features.',
    })
  // Where a level's own channels begin: behind those before it, or on those of the level that it adds to.
  let used = 0
  let previous = 0
  const starts = levels.map(level => {
    if (!level.residual) {
      previous = used
      used += level.outputs
    }
    return previous
  })
  // A first level as wide as its input would add it; one idle channel more makes it wider.
  const channels = used === first?.inputs ? used + 1 : used
  const spread = levels.map((level, index) => {
    const { taps, inputs, outputs } = level
    const from = index === 0 ? 0 : (starts[index - 1] ?? 0)
    const to = starts[index] ?? 0
    const allInputs = index === 0 ? inputs : channels
    const weights = new Float64Array(taps * allInputs * channels)
    const biases = new Float64Array(channels)
    biases.set(level.biases, to)
    for (let tap = 0; tap < taps; tap++)
      for (let input = 0; input < inputs; input++) {
        const row = (tap * inputs + input) * outputs
        weights.set(
          level.weights.subarray(row, row + outputs),
          (tap * allInputs + from + input) * channels + to,
        )
      }
    return { weights, biases }
  })
  const weights = new Float64Array(channels)
  weights.set(output.weights, starts.at(-1) ?? 0)
  return [...spread, { weights, biases: output.biases }]
}
