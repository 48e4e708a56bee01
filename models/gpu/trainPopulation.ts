import { setImmediate } from 'node:timers/promises'
import { InvalidInputError } from '../../core/index.ts'
import type { FitProgress, TrainingSet } from '../fit.ts'
import type { TrainedNetwork } from '../networks/trainNetworks.ts'
import { lost } from './gpuErrors.ts'
import { type Member, nextEpoch, type RowOrder } from './population.ts'
import type { PopulationArrays } from './populationArrays.ts'
import type { MemberSizes } from './populationMemory.ts'
import type { Dispatch, PopulationProgram } from './populationProgram.ts'
import { write } from './setOnGpu.ts'
import { RECORD, RECORD_WORDS, STEP_WORDS } from './shaders/memberRecord.ts'

/** Batches that are handed to the GPU at once: it starts with the first while the next are being written. */
const BATCHES_AT_ONCE = 64
const BETA1 = 0.9
const BETA2 = 0.999

export type PopulationRun = {
  readonly device: GPUDevice
  readonly program: PopulationProgram
  readonly arrays: PopulationArrays
  readonly sizes: MemberSizes
  readonly set: TrainingSet
  readonly batchSize: number
  /** Most batches of a member in an epoch. */
  readonly batches: number
  readonly members: readonly Member[]
  readonly onProgress: ((progress: FitProgress) => void) | undefined
  readonly signal: AbortSignal | undefined
}

/**
 * Trains a population to its end. Once an epoch it reads the losses back; what a member's best parameters are is
 * decided then, the parameters themselves stay on the GPU. Members that have stopped are left out of the next epochs,
 * members with fewer batches out of the last ones of an epoch.
 */
export async function trainPopulation(run: PopulationRun): Promise<TrainedNetwork[]> {
  const { device, arrays, set, batchSize, members, onProgress, signal } = run
  fill(run)
  let active: readonly Member[] = [...members].sort((a, b) => b.trainBatches - a.trainBatches)
  let improved: Member[] = []
  await shuffle(active, set, batchSize)
  while (active.length > 0) {
    signal?.throwIfAborted()
    writeEpoch(run, active)
    keepBest(device, arrays, improved)
    encodeEpoch(run, active)
    const results = readBack(device, [arrays.train.results, arrays.validation.results], members.length)
    // The GPU is at work: the next epoch is prepared meanwhile. Whoever stops now does not need it.
    const [losses, validationLosses] = await together(results, shuffle(active, set, batchSize))
    improved = []
    for (const member of active) {
      const { place, index, fit, trainWeight, validationWeight, validationBatches } = member
      const loss = (losses?.[place] ?? Number.NaN) / trainWeight
      const validationLoss =
        validationBatches === 0 ? null : (validationLosses?.[place] ?? Number.NaN) / validationWeight
      const epoch = member.losses.push(loss)
      if (!Number.isFinite(loss) || !Number.isFinite(validationLoss ?? 0)) throw notFinite(member, epoch)
      const best = member.validationLosses[member.bestStep - 1] ?? Number.POSITIVE_INFINITY
      if (validationLoss !== null) member.validationLosses.push(validationLoss)
      if (validationLoss === null || validationLoss < best) {
        member.bestStep = epoch
        improved.push(member)
      }
      onProgress?.({ fit: index, step: epoch, steps: fit.learner.epochs, loss, validationLoss })
    }
    active = active.filter(
      ({ losses: { length: epoch }, bestStep, fit: { learner } }) =>
        epoch < learner.epochs && epoch - bestStep < learner.patience,
    )
  }
  keepBest(device, arrays, improved)
  const [parameters] = await readBack(device, [arrays.bestParameters], arrays.bestParameters.size / 4)
  const each = (parameters?.length ?? 0) / members.length
  return members.map(member =>
    trained(member, parameters?.slice(member.place * each, (member.place + 1) * each)),
  )
}

function trained(
  { fit, targetCentre, targetScale, losses, validationLosses, bestStep }: Member,
  parameters = new Float32Array(),
): TrainedNetwork {
  const { learner, objective, set, scaler } = fit
  return {
    network: { learner, objective, columns: set.columns, scaler, parameters, targetCentre, targetScale },
    history: { stepsRun: losses.length, bestStep, losses, validationLosses },
  }
}

/** Writes what stays as it is, or is where training starts. */
function fill({ device, arrays, members }: PopulationRun): void {
  let validationAt = 0
  for (const { place, fit, order } of members) {
    const { mean, std } = fit.scaler
    const scaler = Float32Array.from(
      { length: mean.length * 2 },
      (_, at) => (at % 2 ? std : mean)[at >> 1] ?? 0,
    )
    write(device, arrays.scalers, place * scaler.length, scaler)
    write(device, arrays.parameters, place * order.initial.length, order.initial)
  }
  for (const rows of new Set(members.map(({ fit }) => fit.validation))) {
    write(device, arrays.validation.order, validationAt, rows)
    validationAt += rows.length
  }
}

/** Shuffles the rows of each order that is in use, and lets others have the thread in between. */
async function shuffle(members: readonly Member[], set: TrainingSet, batchSize: number): Promise<void> {
  for (const order of new Set(members.map(member => member.order))) {
    nextEpoch(order, set.weights, batchSize)
    await setImmediate()
  }
}

/** Writes the rows of the epoch in their order, and the plans of who learns from them. */
function writeEpoch(
  { device, arrays, sizes, members, batches }: PopulationRun,
  active: readonly Member[],
): void {
  const { stepsAt } = arrays
  const orderAt = new Map<RowOrder, number>()
  const validationAt = new Map<Uint32Array, number>()
  let at = 0
  let validation = 0
  for (const { order, fit } of members) {
    if (!orderAt.has(order)) {
      orderAt.set(order, at)
      at += order.rows.length
    }
    if (!validationAt.has(fit.validation)) {
      validationAt.set(fit.validation, validation)
      validation += fit.validation.length
    }
  }
  for (const order of new Set(active.map(member => member.order)))
    write(device, arrays.train.order, orderAt.get(order) ?? 0, order.rows)
  const trainPlan = recordsOf(active, ({ order, place }, worked) => ({
    rowsAt: orderAt.get(order) ?? 0,
    rows: order.rows.length,
    lossesAt: place * sizes.trainLosses,
    stepsAt: stepsAt + worked * batches * STEP_WORDS,
  }))
  write(device, arrays.train.plan, 0, trainPlan)
  const validationPlan = recordsOf(byValidation(active), ({ fit, place }) => ({
    rowsAt: validationAt.get(fit.validation) ?? 0,
    rows: fit.validation.length,
    lossesAt: place * sizes.validationLosses,
    stepsAt: 0,
  }))
  write(device, arrays.validation.plan, 0, validationPlan)
  const steps = new Float32Array(active.length * batches * STEP_WORDS)
  for (const [place, member] of active.entries())
    for (let batch = 0; batch < member.trainBatches; batch++) {
      // Repeated products: powers are not the same on every machine.
      member.power1 *= BETA1
      member.power2 *= BETA2
      const to = (place * batches + batch) * STEP_WORDS
      steps[to] = 1 / (1 - member.power1)
      steps[to + 1] = 1 / (1 - member.power2)
      steps[to + 2] = member.order.scales[batch] ?? 0
    }
  write(device, arrays.train.plan, stepsAt, steps)
}

type Places = Readonly<Record<'rowsAt' | 'rows' | 'lossesAt' | 'stepsAt', number>>

function recordsOf(
  members: readonly Member[],
  placesOf: (member: Member, worked: number) => Places,
): Uint32Array {
  const words = new Uint32Array(members.length * RECORD_WORDS)
  const floats = new Float32Array(words.buffer)
  for (const [place, member] of members.entries()) {
    const at = place * RECORD_WORDS
    words[at + RECORD.member] = member.place
    for (const [name, value] of Object.entries(placesOf(member, place)))
      words[at + RECORD[name as keyof Places]] = value
    floats[at + RECORD.learningRate] = member.fit.learner.learningRate
    floats[at + RECORD.l2] = member.fit.learner.l2
    floats[at + RECORD.targetCentre] = member.targetCentre
    floats[at + RECORD.targetScale] = member.targetScale
  }
  return words
}

/** Members with validation rows, those with the most batches first. */
function byValidation(members: readonly Member[]): Member[] {
  return members
    .filter(({ validationBatches }) => validationBatches > 0)
    .sort((a, b) => b.validationBatches - a.validationBatches)
}

/** Copies the parameters of members whose last epoch was their best. */
function keepBest(
  device: GPUDevice,
  { parameters, bestParameters }: PopulationArrays,
  improved: readonly Member[],
): void {
  if (improved.length === 0) return
  const encoder = device.createCommandEncoder()
  for (const { place, order } of improved) {
    const bytes = order.initial.byteLength
    encoder.copyBufferToBuffer(parameters, place * bytes, bestParameters, place * bytes, bytes)
  }
  device.queue.submit([encoder.finish()])
}

/** Hands an epoch to the GPU: its batches, the validation, and the sums of both losses. */
function encodeEpoch({ device, program, arrays }: PopulationRun, active: readonly Member[]): void {
  const { learn, validate, sumTrain, sumValidation, steps } = program
  const { stepStride } = arrays
  const validated = byValidation(active)
  const phase = (
    dispatches: readonly Dispatch[],
    sum: Dispatch,
    members: readonly Member[],
    batchesOf: (member: Member | undefined) => number,
  ): void => {
    const batches = batchesOf(members[0])
    let count = members.length
    for (let from = 0; from < batches; from += BATCHES_AT_ONCE) {
      const encoder = device.createCommandEncoder()
      const pass = encoder.beginComputePass()
      const to = Math.min(from + BATCHES_AT_ONCE, batches)
      for (let batch = from; batch < to; batch++) {
        while (batchesOf(members[count - 1]) <= batch) count--
        pass.setBindGroup(1, steps, [batch * stepStride])
        for (const { pipeline, arrays, x, y } of dispatches) {
          pass.setPipeline(pipeline)
          pass.setBindGroup(0, arrays)
          pass.dispatchWorkgroups(x, y, count)
        }
      }
      if (to === batches) {
        pass.setPipeline(sum.pipeline)
        pass.setBindGroup(0, sum.arrays)
        pass.dispatchWorkgroups(1, 1, members.length)
      }
      pass.end()
      device.queue.submit([encoder.finish()])
    }
  }
  phase(learn, sumTrain, active, member => member?.trainBatches ?? 0)
  phase(validate, sumValidation, validated, member => member?.validationBatches ?? 0)
}

/** Copies the beginning of arrays from the GPU when it has done all that was handed to it. */
async function readBack(
  device: GPUDevice,
  buffers: readonly GPUBuffer[],
  values: number,
): Promise<Float32Array[]> {
  const encoder = device.createCommandEncoder()
  const copies = buffers.map(buffer => {
    const copy = device.createBuffer({
      size: values * 4,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    })
    encoder.copyBufferToBuffer(buffer, 0, copy, 0, values * 4)
    return copy
  })
  device.queue.submit([encoder.finish()])
  try {
    await Promise.all(copies.map(copy => copy.mapAsync(GPUMapMode.READ)))
    return copies.map(copy => new Float32Array(copy.getMappedRange()).slice())
  } catch (thrown) {
    throw lost(thrown)
  } finally {
    for (const copy of copies) copy.destroy()
  }
}

/** Waits for both, even when the first fails. */
async function together<T>(result: Promise<T>, work: Promise<void>): Promise<T> {
  const [outcome] = await Promise.allSettled([result, work])
  if (outcome.status === 'rejected') throw outcome.reason
  return outcome.value
}

function notFinite({ index, fit: { learner } }: Member, epoch: number): InvalidInputError {
  const { learningRate } = learner
  return new InvalidInputError(`The loss of fit ${index} is not finite in epoch ${epoch}.`, {
    facts: { fit: index, epoch, learningRate },
    hint: `Lower the learning rate, ${learningRate}, and look for extreme targets and weights.`,
  })
}
