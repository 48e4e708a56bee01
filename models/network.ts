import { type Attribution, exactExp, IntegrityError, InvalidInputError, ppm } from '../core/index.ts'
import { float32FromText } from './float32Text.ts'
import type { ModelArtifact } from './modelArtifact.ts'
import { scaleValue } from './scaler.ts'

/** The part of an artifact that computes. */
export type NetworkParts = Pick<ModelArtifact, 'name' | 'features' | 'layers' | 'scaler'>

/** A network ready to compute; see `Inference`. */
export type Network = {
  predict(features: Float32Array): number
  explain(features: Float32Array): { readonly probability: number; readonly attributions: Attribution[] }
}

/** Sums kept in flight at once: each waits for its own last addition, so several hide the wait. */
const LANES = 4

/** A layer laid out for the loop: blocks of `LANES` outputs, each with its weights input by input. */
type Layer = {
  readonly inputs: number
  readonly blocks: number
  readonly weights: Float32Array
  readonly biases: Float32Array
  readonly relu: boolean
  /** Its result, padded to whole blocks. */
  readonly output: Float32Array
}

/**
 * Lays a checked network out for evaluation. Every operation is a binary32 one (`Math.fround`); a neuron
 * starts from its bias and adds weight times input in the order of the inputs; the logistic function is
 * core's `exactExp`, rounded once.
 */
export function createNetwork({ name, features: names, layers: sources, scaler }: NetworkParts): Network {
  const mean = decode(scaler.mean)
  const std = decode(scaler.std)
  const columns = names.length
  const layers = sources.map(toLayer)
  const scaled = new Float32Array(columns)

  const run = (): number => {
    let values: Float32Array = scaled
    for (const layer of layers) {
      evaluate(layer, values)
      values = layer.output
    }
    const probability = Math.fround(1 / (1 + exactExp(-(values[0] ?? Number.NaN))))
    if (Number.isNaN(probability))
      throw new IntegrityError(`Model "${name}" overflowed: its weights are too large to add.`, {
        facts: { model: name },
        hint: 'Train it again with a lower learning rate or more `l2`.',
      })
    return probability
  }
  const predict = (features: Float32Array): number => {
    if (features.length !== columns)
      throw new InvalidInputError(`Model "${name}" takes ${columns} features, not ${features.length}.`, {
        facts: { model: name, expected: columns, given: features.length },
        hint: `Pass the features ${names.join(', ')}, in this order.`,
      })
    for (let column = 0; column < columns; column++)
      scaled[column] = scaleValue(features[column] ?? Number.NaN, mean[column] ?? 0, std[column] ?? 0)
    return run()
  }
  return {
    predict,
    explain(features) {
      const probability = predict(features)
      const attributions = names.map((feature, column) => {
        const value = scaled[column] ?? 0
        // Already at the mean: replacing it changes nothing.
        if (value === 0) return { feature, effectPpm: 0 }
        scaled[column] = 0
        const effect = probability - run()
        scaled[column] = value
        // Adding 0 turns −0 into 0.
        return { feature, effectPpm: ppm(effect) + 0 }
      })
      return { probability, attributions }
    },
  }
}

/** output = activation(input·W + b), `LANES` outputs at a time, each sum in the order of the inputs. */
function evaluate({ inputs, blocks, weights, biases, relu, output }: Layer, input: Float32Array): void {
  let at = 0
  for (let block = 0; block < blocks; block++) {
    const first = block * LANES
    let s0 = biases[first] ?? 0
    let s1 = biases[first + 1] ?? 0
    let s2 = biases[first + 2] ?? 0
    let s3 = biases[first + 3] ?? 0
    for (let i = 0; i < inputs; i++, at += LANES) {
      const x = input[i] ?? 0
      s0 = Math.fround(s0 + Math.fround((weights[at] ?? 0) * x))
      s1 = Math.fround(s1 + Math.fround((weights[at + 1] ?? 0) * x))
      s2 = Math.fround(s2 + Math.fround((weights[at + 2] ?? 0) * x))
      s3 = Math.fround(s3 + Math.fround((weights[at + 3] ?? 0) * x))
    }
    output[first] = relu && s0 < 0 ? 0 : s0
    output[first + 1] = relu && s1 < 0 ? 0 : s1
    output[first + 2] = relu && s2 < 0 ? 0 : s2
    output[first + 3] = relu && s3 < 0 ? 0 : s3
  }
}

function toLayer({
  inputs,
  outputs,
  activation,
  weights: weightText,
  biases: biasText,
}: ModelArtifact['layers'][number]): Layer {
  const source = decode(weightText)
  const blocks = Math.ceil(outputs / LANES)
  const weights = new Float32Array(blocks * LANES * inputs)
  const biases = new Float32Array(blocks * LANES)
  biases.set(decode(biasText))
  for (let output = 0; output < outputs; output++) {
    const block = Math.floor(output / LANES)
    for (let input = 0; input < inputs; input++)
      weights[(block * inputs + input) * LANES + (output % LANES)] = source[input * outputs + output] ?? 0
  }
  const relu = activation === 'relu'
  return { inputs, blocks, weights, biases, relu, output: new Float32Array(blocks * LANES) }
}

function decode(text: string): Float32Array {
  // The artifact was checked, so null cannot be.
  return float32FromText(text) ?? new Float32Array(0)
}
