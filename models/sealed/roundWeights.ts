import { WEIGHT_LIMIT } from './program.ts'

/** Rounds over all weights of a neuron; later ones change next to nothing. */
const SWEEPS = 4

/** Second moments of a layer's inputs, about their mean. */
export type InputMoments = {
  readonly mean: Float64Array
  /** Symmetric, row-major. */
  readonly covariance: Float64Array
}

/**
 * Measures a layer's inputs, `width` values a sample. The covariances are shrunk towards 0 by the share that the width
 * has beside the samples (compare Ledoit and Wolf 2004): what few samples say of so many pairs is mostly chance.
 *
 * @param stride every how many samples are measured for the covariances.
 */
export function inputMoments(samples: ArrayLike<number>, width: number, stride: number): InputMoments {
  const count = samples.length / width
  const mean = new Float64Array(width)
  for (let at = 0; at < samples.length; at++) {
    const column = at % width
    mean[column] = (mean[column] ?? 0) + (samples[at] ?? 0) / count
  }
  const covariance = new Float64Array(width * width)
  const centred = new Float64Array(width)
  let measured = 0
  for (let sample = 0; sample < count; sample += stride, measured++) {
    for (let i = 0; i < width; i++) centred[i] = (samples[sample * width + i] ?? 0) - (mean[i] ?? 0)
    for (let i = 0; i < width; i++) {
      const left = centred[i] ?? 0
      // After a ReLU about half are 0.
      if (left === 0) continue
      for (let j = 0; j <= i; j++) {
        const at = i * width + j
        covariance[at] = (covariance[at] ?? 0) + left * (centred[j] ?? 0)
      }
    }
  }
  const kept = measured / (measured + width)
  for (let i = 0; i < width; i++)
    for (let j = 0; j <= i; j++) {
      const value = ((covariance[i * width + j] ?? 0) / measured) * (i === j ? 1 : kept)
      covariance[i * width + j] = value
      covariance[j * width + i] = value
    }
  return { mean, covariance }
}

/**
 * Rounds a neuron's weights, given in steps, to integers within ±`WEIGHT_LIMIT`: each up or down, so that the variance
 * of the error of the sum is small (the objective of AdaRound, Nagel et al. 2020, by coordinate descent from the
 * nearest integers).
 */
export function roundWeights(weights: Float64Array, { covariance }: InputMoments): Int8Array {
  const width = weights.length
  const rounded = Int8Array.from(weights, weight => limited(Math.round(weight)))
  // Half the gradient of the error's variance.
  const pull = new Float64Array(width)
  for (let i = 0; i < width; i++) {
    const error = (rounded[i] ?? 0) - (weights[i] ?? 0)
    for (let j = 0; j < width; j++) pull[j] = (pull[j] ?? 0) + (covariance[i * width + j] ?? 0) * error
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let changed = false
    for (let i = 0; i < width; i++) {
      const weight = weights[i] ?? 0
      const present = rounded[i] ?? 0
      const down = limited(Math.floor(weight))
      const other = present === down ? limited(down + 1) : down
      // A whole number has no other neighbour within a step.
      if (other === present || Math.abs(other - weight) >= 1) continue
      const move = other - present
      const gain = -move * (2 * (pull[i] ?? 0) + move * (covariance[i * width + i] ?? 0))
      if (!(gain > 0)) continue
      changed = true
      rounded[i] = other
      for (let j = 0; j < width; j++) pull[j] = (pull[j] ?? 0) + (covariance[i * width + j] ?? 0) * move
    }
    if (!changed) break
  }
  return rounded
}

function limited(weight: number): number {
  return weight > WEIGHT_LIMIT ? WEIGHT_LIMIT : weight < -WEIGHT_LIMIT ? -WEIGHT_LIMIT : weight
}
