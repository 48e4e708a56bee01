import type { NetworkPlan, PlannedLayer } from './networkPlan.ts'
import type { MemberSizes } from './populationMemory.ts'
import { TILE_DEPTH } from './shaders/matrixProduct.ts'
import { RECORD_WORDS, STEP_WORDS } from './shaders/memberRecord.ts'

/** What the arrays of a population depend on. */
export type PopulationShape = {
  readonly plan: NetworkPlan
  readonly sizes: MemberSizes
  readonly members: number
  readonly columns: number
  /** Most batches of a member. */
  readonly batches: { readonly train: number; readonly validation: number }
  /** Rows of all orders, and of all different validation rows. */
  readonly orderRows: { readonly train: number; readonly validation: number }
}

/** A hidden layer's arrays: of all members, positions, rows of a batch and channels. */
export type LayerArrays = {
  readonly layer: PlannedLayer
  /** What its ReLU gives; and its output, the same array but for a residual layer. */
  readonly activations: GPUBuffer
  readonly sums: GPUBuffer
  /** The gradient before its ReLU; and, for a residual layer above the first, that of its output. */
  readonly slopes: GPUBuffer
  readonly gradients: GPUBuffer | null
}

/** What the rows to fit to and those to validate on each have. */
export type ModeArrays = {
  readonly plan: GPUBuffer
  readonly order: GPUBuffer
  readonly losses: GPUBuffer
  /** By member, the sum of its losses. */
  readonly results: GPUBuffer
}

/** All that a population has on the GPU beside its training set. */
export type PopulationArrays = {
  readonly train: ModeArrays
  readonly validation: ModeArrays
  readonly tables: GPUBuffer
  readonly scalers: GPUBuffer
  readonly inputs: GPUBuffer
  readonly layers: readonly LayerArrays[]
  readonly gradients: GPUBuffer
  readonly parameters: GPUBuffer
  readonly bestParameters: GPUBuffer
  readonly firstMoments: GPUBuffer
  readonly secondMoments: GPUBuffer
  /** The numbers of the batches, `stepStride` bytes apart. */
  readonly steps: GPUBuffer
  readonly stepStride: number
  /** Where the plan of the training has the words for Adam. */
  readonly stepsAt: number
  free(): void
}

/** Makes the arrays; WebGPU fills them with zeros. */
export function createPopulationArrays(
  device: GPUDevice,
  { plan, sizes, members, columns, batches, orderRows }: PopulationShape,
): PopulationArrays {
  const all: GPUBuffer[] = []
  const create = (bytes: number, usage: number): GPUBuffer => {
    const buffer = device.createBuffer({ size: Math.max(4, bytes), usage: usage | GPUBufferUsage.COPY_DST })
    all.push(buffer)
    return buffer
  }
  const array = (values: number) => create(values * 4, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC)
  const ofMembers = (values: number) => array(members * values)
  const stepsAt = members * RECORD_WORDS
  const tables = array(plan.tables.length)
  device.queue.writeBuffer(tables, 0, plan.tables)

  const stepStride = Math.max(16, device.limits.minUniformBufferOffsetAlignment)
  const count = Math.max(batches.train, batches.validation)
  const words = new Uint32Array((count * stepStride) / 4)
  for (let step = 0; step < count; step++) words.set([step, TILE_DEPTH, 4], (step * stepStride) / 4)
  const steps = create(words.byteLength, GPUBufferUsage.UNIFORM)
  device.queue.writeBuffer(steps, 0, words)

  return {
    train: {
      plan: array(stepsAt + members * batches.train * STEP_WORDS),
      order: array(orderRows.train),
      losses: ofMembers(sizes.trainLosses),
      results: ofMembers(1),
    },
    validation: {
      plan: array(stepsAt),
      order: array(orderRows.validation),
      losses: ofMembers(sizes.validationLosses),
      results: ofMembers(1),
    },
    tables,
    scalers: ofMembers(2 * columns),
    inputs: ofMembers(sizes.inputs),
    layers: plan.hidden.map((layer, place) => {
      const values = sizes.outputs[place] ?? 0
      const activations = ofMembers(values)
      return {
        layer,
        activations,
        sums: layer.residual ? ofMembers(values) : activations,
        slopes: ofMembers(values),
        // The first layer's own residual connection leads to the features, whose gradient nobody asks for.
        gradients: layer.residual && place > 0 ? ofMembers(values) : null,
      }
    }),
    gradients: ofMembers(sizes.gradients),
    parameters: ofMembers(sizes.parameters),
    bestParameters: ofMembers(sizes.parameters),
    firstMoments: ofMembers(sizes.parameters),
    secondMoments: ofMembers(sizes.parameters),
    steps,
    stepStride,
    stepsAt,
    free: () => {
      for (const buffer of all) buffer.destroy()
    },
  }
}
