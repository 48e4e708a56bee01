import type { Objective } from '../learner.ts'
import { type KernelSource, kernelsOf } from './gpuKernel.ts'
import type { PlannedLayer } from './networkPlan.ts'
import type { ModeArrays, PopulationArrays, PopulationShape } from './populationArrays.ts'
import { pitchOf } from './populationMemory.ts'
import type { SetOnGpu } from './setOnGpu.ts'
import { adam } from './shaders/adam.ts'
import { gather, matrixPart } from './shaders/gather.ts'
import {
  backwardInputs,
  backwardWeights,
  forward,
  type LayerShape,
  slicesOf,
} from './shaders/layerProducts.ts'
import { TILE_COLUMNS } from './shaders/matrixProduct.ts'
import { SCORED_ROWS, type ScoreShape, scoreLoss, sumLosses } from './shaders/scoreLoss.ts'

/** Workgroups in one dimension of a kernel that walks over values in strides. */
const MOST_GROUPS = 4_096
/** Workgroups that keep a large card busy: with fewer of them smaller tiles are faster. */
const ENOUGH_GROUPS = 512

/** One kernel of a batch, with its arrays and its workgroups; those in the third dimension are the members. */
export type Dispatch = {
  readonly pipeline: GPUComputePipeline
  readonly arrays: GPUBindGroup
  readonly x: number
  readonly y: number
}

/** The kernels that train a population. */
export type PopulationProgram = {
  /** What one batch takes, to learn from and to validate on; and the sums of the losses after an epoch. */
  readonly learn: readonly Dispatch[]
  readonly validate: readonly Dispatch[]
  readonly sumTrain: Dispatch
  readonly sumValidation: Dispatch
  /** The number of the batch, at a dynamic offset. */
  readonly steps: GPUBindGroup
}

export type ProgramShape = PopulationShape & {
  readonly batchSize: number
  readonly objective: Objective
  /** Whether kernels' inner loops may be unrolled. */
  readonly unrolls: boolean
}

/** Compiles the kernels and gives them their arrays. */
export async function createPopulationProgram(
  device: GPUDevice,
  set: SetOnGpu,
  arrays: PopulationArrays,
  { plan, sizes, members, columns, batchSize, objective, unrolls }: ProgramShape,
): Promise<PopulationProgram> {
  const kernels = kernelsOf(device)
  const pitch = pitchOf(batchSize)
  const { train, validation, tables, scalers, parameters, inputs, layers, gradients } = arrays
  const { firstMoments, secondMoments } = arrays
  const top = layers.at(-1)
  const dispatch = async (
    source: KernelSource,
    given: Readonly<Record<string, GPUBuffer>>,
    x: number,
    y = 1,
  ): Promise<Dispatch> => {
    const kernel = await kernels.compile(source)
    return { pipeline: kernel.pipeline, arrays: kernel.bind(given), x, y }
  }
  const shapeOf = (layer: PlannedLayer, rows: number, width: number): LayerShape => ({
    layer,
    pitch,
    unrolls,
    parameters: sizes.parameters,
    tileRows: members * Math.ceil(rows / 128) * Math.ceil(width / TILE_COLUMNS) >= ENOUGH_GROUPS ? 128 : 64,
  })
  const strided = (values: number) => Math.min(MOST_GROUPS, Math.ceil(values / 256))
  const { inputs: topInputs, weightsAt, biasesAt } = plan.output
  const scored: ScoreShape = {
    inputs: topInputs,
    weightsAt,
    biasesAt,
    parameters: sizes.parameters,
    batchSize,
    pitch,
    objective,
  }

  const forwards = (mode: ModeArrays): Promise<Dispatch>[] => [
    dispatch(
      gather({
        columns,
        batchSize,
        pitch,
        positions: plan.inputPositions,
        parts: set.parts.length,
        partRows: set.partRows,
      }),
      {
        ...mode,
        ...Object.fromEntries(set.parts.map((part, place) => [matrixPart(place), part])),
        tables,
        scalers,
        inputs,
      },
      strided(pitch * columns),
      plan.inputPositions,
    ),
    ...layers.map(({ layer, activations, sums }, place) => {
      const rows = layer.outputPositions * pitch
      const shape = shapeOf(layer, rows, layer.outputs)
      return dispatch(
        forward(shape),
        { ...mode, tables, parameters, inputs: layers[place - 1]?.sums ?? inputs, activations, sums },
        Math.ceil(rows / shape.tileRows),
        Math.ceil(layer.outputs / TILE_COLUMNS),
      )
    }),
  ]
  const score = (mode: ModeArrays, isLearning: boolean): Promise<Dispatch> =>
    dispatch(
      scoreLoss(
        scored,
        isLearning
          ? {
              at: sizes.layers.at(-1)?.at ?? 0,
              stride: sizes.gradients,
              below: top === undefined ? null : { keepsGradients: top.gradients !== null },
            }
          : null,
      ),
      {
        ...mode,
        labels: set.labels,
        parameters,
        inputs: top?.sums ?? inputs,
        gradients,
        ...(top === undefined ? {} : { inputSlopes: top.slopes, inputActivations: top.activations }),
        ...(top?.gradients ? { inputGradients: top.gradients } : {}),
      },
      Math.ceil(pitch / SCORED_ROWS),
    )
  const backwards = layers.map(({ layer, slopes, gradients: ownGradients }, place) => {
    const below = layers[place - 1]
    const slices = slicesOf(layer, pitch)
    const shape = shapeOf(layer, layer.inputPositions * pitch, layer.inputs)
    const weights = dispatch(
      backwardWeights(shape, slices, sizes.layers[place]?.at ?? 0, sizes.gradients),
      { plan: train.plan, tables, inputs: below?.sums ?? inputs, slopes, gradients },
      Math.ceil((layer.taps * layer.inputs) / 64),
      Math.ceil(layer.outputs / TILE_COLUMNS) * slices.count,
    )
    if (below === undefined) return [weights]
    const toInputs = dispatch(
      backwardInputs(shape, { keepsGradients: below.gradients !== null }),
      {
        plan: train.plan,
        tables,
        parameters,
        slopes,
        inputActivations: below.activations,
        inputSlopes: below.slopes,
        ...(ownGradients === null ? {} : { gradients: ownGradients }),
        ...(below.gradients === null ? {} : { inputGradients: below.gradients }),
      },
      Math.ceil((layer.inputPositions * pitch) / shape.tileRows),
      Math.ceil(layer.inputs / TILE_COLUMNS),
    )
    return [toInputs, weights]
  })
  const update = dispatch(
    adam({ layers: sizes.layers, parameters: sizes.parameters, stride: sizes.gradients }),
    { plan: train.plan, gradients, parameters, firstMoments, secondMoments },
    strided(sizes.parameters),
  )
  // Kernels compile side by side; the driver does it in threads of its own.
  const [learn, validate, sumTrain, sumValidation] = await Promise.all([
    Promise.all([...forwards(train), score(train, true), ...backwards.toReversed().flat(), update]),
    Promise.all([...forwards(validation), score(validation, false)]),
    dispatch(sumLosses(scored), { ...train }, 1),
    dispatch(sumLosses(scored), { ...validation }, 1),
  ])
  const steps = device.createBindGroup({
    layout: kernels.stepLayout,
    entries: [{ binding: 0, resource: { buffer: arrays.steps, size: 16 } }],
  })
  return { learn, validate, sumTrain, sumValidation, steps }
}
