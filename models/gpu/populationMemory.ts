import { InvalidInputError } from '../../core/index.ts'
import type { NetworkPlan } from './networkPlan.ts'
import type { Gpu } from './openGpu.ts'
import type { GradientSlices } from './shaders/adam.ts'
import { slicesOf } from './shaders/layerProducts.ts'
import { SCORED_ROWS } from './shaders/scoreLoss.ts'

/** Values of one member in each array that a population shares. */
export type MemberSizes = {
  readonly inputs: number
  /** By hidden layer: values of its output. */
  readonly outputs: readonly number[]
  /** Most rows of a batch at all positions of a layer. */
  readonly rows: number
  readonly parameters: number
  /** All layers' slices of the gradient. */
  readonly gradients: number
  readonly layers: readonly GradientSlices[]
  readonly trainLosses: number
  readonly validationLosses: number
}

/** Bytes that a population may take at first; half of it after each refusal. */
const POPULATION_BYTES = 2 ** 32

/** Workgroups that WebGPU promises in one dimension: tiles of 64 rows in the first, members in the third. */
const MOST_GROUPS = 65_535

/** Rows that a batch takes up on the GPU: kernels work on four at a time. */
export function pitchOf(batchSize: number): number {
  return Math.ceil(batchSize / 4) * 4
}

/** Works out how much a member needs. */
export function memberSizes(
  { hidden, output, inputPositions, parameters }: NetworkPlan,
  columns: number,
  pitch: number,
  batches: { readonly train: number; readonly validation: number },
): MemberSizes {
  const groups = Math.ceil(pitch / SCORED_ROWS)
  let gradients = 0
  const add = (parametersAt: number, weights: number, biases: number, count: number): GradientSlices => {
    const at = gradients
    gradients += count * (weights + biases)
    return { parametersAt, weights, biases, at, count }
  }
  const layers = hidden.map(layer =>
    add(
      layer.weightsAt,
      layer.taps * layer.inputs * layer.outputs,
      layer.outputs,
      slicesOf(layer, pitch).count,
    ),
  )
  layers.push(add(output.weightsAt, output.inputs, 1, groups))
  return {
    inputs: inputPositions * pitch * columns,
    outputs: hidden.map(layer => layer.outputPositions * pitch * layer.outputs),
    rows: Math.max(inputPositions, ...hidden.map(layer => layer.outputPositions)) * pitch,
    parameters,
    gradients,
    layers,
    trainLosses: batches.train * groups,
    validationLosses: batches.validation * groups,
  }
}

/**
 * How many members train at once: as many as every array and the memory hold.
 *
 * @param rows of one member, to fit to and to validate on.
 * @throws InvalidInputError when one member alone is too large for an array.
 */
export function membersAtOnce(gpu: Gpu, sizes: MemberSizes, rows: number): number {
  const arrays = [
    sizes.inputs,
    ...sizes.outputs,
    sizes.parameters,
    sizes.gradients,
    sizes.trainLosses,
    sizes.validationLosses,
    rows,
  ]
  const largest = Math.max(...arrays) * 4
  if (largest > gpu.maxArrayBytes)
    throw new InvalidInputError(
      `A network needs an array of ${largest} bytes to train; those of ${gpu.name} hold ${gpu.maxArrayBytes}.`,
      {
        facts: { bytes: largest, maxArrayBytes: gpu.maxArrayBytes },
        hint: 'Lower `batchSize` or the network’s width, or train on the CPU.',
      },
    )
  if (sizes.rows > MOST_GROUPS * 64)
    throw new InvalidInputError(
      `A batch has ${sizes.rows} rows at all steps of a layer; a kernel takes ${MOST_GROUPS * 64}.`,
      { facts: { rows: sizes.rows }, hint: 'Lower `batchSize`.' },
    )
  // Outputs have slopes beside them, and with a residual connection sums and gradients; parameters two moments and
  // the best ones.
  const each =
    sizes.inputs +
    4 * sizes.outputs.reduce((sum, size) => sum + size, 0) +
    4 * sizes.parameters +
    sizes.gradients +
    sizes.trainLosses +
    sizes.validationLosses +
    rows
  return Math.max(
    1,
    Math.min(Math.floor(gpu.maxArrayBytes / largest), Math.floor(POPULATION_BYTES / (4 * each)), MOST_GROUPS),
  )
}
