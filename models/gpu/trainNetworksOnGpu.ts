import type { Fit, FitProgress, TrainingSet } from '../fit.ts'
import type { NetworkLearner } from '../learner.ts'
import { checkFits } from '../networks/checkFits.ts'
import type { TrainedNetwork } from '../networks/trainNetworks.ts'
import { deviceOf } from './gpuDevice.ts'
import { GpuRefusal, watched } from './gpuErrors.ts'
import { planNetwork } from './networkPlan.ts'
import type { Gpu } from './openGpu.ts'
import { createMembers, type NumberedFit, populations } from './population.ts'
import { createPopulationArrays } from './populationArrays.ts'
import { memberSizes, membersAtOnce, pitchOf } from './populationMemory.ts'
import { createPopulationProgram } from './populationProgram.ts'
import { type SetOnGpu, uploadSet } from './setOnGpu.ts'
import { trainPopulation } from './trainPopulation.ts'

export type TrainOnGpuOptions = {
  readonly onProgress?: (progress: FitProgress) => void
  /** Ends the training after the epoch at hand; the promise is rejected with its reason. */
  readonly signal?: AbortSignal
}

/**
 * Trains networks on a GPU, all fits of one set, objective, architecture and batch size together: folds, seeds and
 * learning rates of a sweep fill a card that one small network leaves idle. Parameters start, and rows are shuffled,
 * as `trainNetworks` does it on the CPU; sums have another order, so the results agree but for rounding. The same
 * fits, given together, give the same bits on the same device with the same driver.
 *
 * @throws InvalidInputError when a fit cannot be trained on, its loss is not finite, or it is too large for the GPU.
 * @throws UnavailableError when the GPU refuses, has too little memory, or is lost.
 */
export async function trainNetworksOnGpu(
  gpu: Gpu,
  fits: readonly Fit<NetworkLearner>[],
  { onProgress, signal }: TrainOnGpuOptions = {},
): Promise<readonly TrainedNetwork[]> {
  signal?.throwIfAborted()
  checkFits(fits)
  const device = deviceOf(gpu)
  const results: TrainedNetwork[] = []
  const groups = populations(fits)
  for (const set of new Set(fits.map(fit => fit.set))) {
    const ofSet = groups.filter(group => group[0]?.fit.set === set)
    const uploaded = await watched(device, () => uploadSet(device, gpu, set))
    try {
      for (const group of ofSet)
        await trainGroup({ device, gpu, set, uploaded, onProgress, signal }, group, results)
    } finally {
      uploaded.free()
    }
  }
  return results
}

type Task = {
  readonly device: GPUDevice
  readonly gpu: Gpu
  readonly set: TrainingSet
  readonly uploaded: SetOnGpu
  readonly onProgress: TrainOnGpuOptions['onProgress']
  readonly signal: AbortSignal | undefined
}

/** Trains a group, as many members at once as the GPU holds; fewer when it says that it has no memory left. */
async function trainGroup(
  task: Task,
  group: readonly NumberedFit[],
  results: TrainedNetwork[],
): Promise<void> {
  let atOnce = Number.POSITIVE_INFINITY
  for (let from = 0; from < group.length; ) {
    const some = group.slice(from, from + fitting(task.gpu, group, atOnce))
    try {
      const trained = await watched(task.device, () => trainTogether(task, some))
      for (const [place, { index }] of some.entries()) {
        const result = trained[place]
        if (result !== undefined) results[index] = result
      }
      from += some.length
    } catch (thrown) {
      if (!(thrown instanceof GpuRefusal && thrown.outOfMemory) || some.length === 1) throw thrown
      atOnce = Math.ceil(some.length / 2)
    }
  }
}

/** How a group is shaped: the most batches and rows that a member has. */
function shapeOf(group: readonly NumberedFit[]) {
  const [first] = group
  if (first === undefined) throw new TypeError('A population has a member.')
  const { learner, objective, set } = first.fit
  const { batchSize } = learner
  const most = (rowsOf: (fit: Fit<NetworkLearner>) => number) =>
    group.reduce((rows, { fit }) => Math.max(rows, rowsOf(fit)), 0)
  const rows = { train: most(fit => fit.train.length), validation: most(fit => fit.validation.length) }
  const batches = {
    train: Math.ceil(rows.train / batchSize),
    validation: Math.ceil(rows.validation / batchSize),
  }
  const plan = planNetwork(learner, set.columns)
  const sizes = memberSizes(plan, set.columns, pitchOf(batchSize), batches)
  return { plan, sizes, columns: set.columns, batchSize, objective, batches, rows }
}

function fitting(gpu: Gpu, group: readonly NumberedFit[], most: number): number {
  const { sizes, rows } = shapeOf(group)
  return Math.min(most, membersAtOnce(gpu, sizes, Math.max(rows.train, rows.validation)))
}

async function trainTogether(
  { device, gpu, set, uploaded, onProgress, signal }: Task,
  some: readonly NumberedFit[],
): Promise<TrainedNetwork[]> {
  const members = createMembers(some)
  const { rows: _, ...shape } = shapeOf(some)
  const total = (arrays: Iterable<Uint32Array>) => [...arrays].reduce((sum, { length }) => sum + length, 0)
  const orderRows = {
    train: total([...new Set(members.map(({ order }) => order))].map(({ rows }) => rows)),
    validation: total(new Set(members.map(({ fit }) => fit.validation))),
  }
  const { sizes, batchSize, batches } = shape
  const programShape = { ...shape, members: members.length, orderRows, unrolls: !gpu.software }
  const arrays = createPopulationArrays(device, programShape)
  try {
    const program = await createPopulationProgram(device, uploaded, arrays, programShape)
    return await trainPopulation({
      device,
      program,
      arrays,
      sizes,
      set,
      batchSize,
      batches: batches.train,
      members,
      onProgress,
      signal,
    })
  } finally {
    arrays.free()
  }
}
