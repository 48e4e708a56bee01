import { type Random, seededRandom } from '../../core/index.ts'
import type { FitHistory } from '../fit.ts'
import { MICRO_ROWS, SLOTS } from './batchDivision.ts'
import type { FitMemory } from './fitMemory.ts'
import { initialParameters } from './initialParameters.ts'
import { createMicroBatch } from './microBatch.ts'
import type { NetworkKernel } from './networkKernel.ts'
import { PANEL, toPanels } from './panelLayout.ts'
import { shuffleRows } from './shuffleRows.ts'
import { CONTROL, meet } from './teamBarrier.ts'

const WORD = 4
/** Of Adam, as the kernel has them. */
const BETA1 = 0.9
const BETA2 = 0.999
/** Blocks of 8 inputs by 8 outputs, in which parameters are divided among threads. */
const BLOCK = PANEL * PANEL

/** What the first thread of a team decides after an epoch. */
const VERDICT = { goOn: 0, stop: 1 } as const

export type EpochDone = {
  readonly step: number
  readonly loss: number
  readonly validationLoss: number | null
}

/** Thrown by the first thread of a team. */
export class LossNotFinite extends Error {
  readonly epoch: number
  constructor(epoch: number) {
    super(`The loss is not finite in epoch ${epoch}.`)
    this.epoch = epoch
  }
}

/**
 * Trains one fit, which `writeFit` has written, as one thread of a team: all of them call this with the same memory,
 * and leave together. The network's parameters are then where the fit keeps the best ones.
 *
 * The loss of a batch is the weighted mean over its rows, plus l2 / 2 times the sum of the squared weights. A batch is
 * cut into micro-batches of `MICRO_ROWS` rows, the last one shorter; see `SLOTS` for the order of sums.
 *
 * @param onEpoch told by the first thread.
 * @returns how it went; null from every other thread.
 * @throws LossNotFinite, from the first thread alone: the others then wait for good, and are to be ended.
 */
export function trainFit(
  kernel: NetworkKernel,
  fit: FitMemory,
  team: { readonly thread: number; readonly threads: number },
  onEpoch: (done: EpochDone) => void,
): FitHistory | null {
  const { buffer } = kernel.memory
  const { learner, trainCount, validationCount, slotBytes } = fit
  const control = new Int32Array(buffer, fit.control, CONTROL.count)
  const slotSums = new Float64Array(buffer, fit.slotSums, SLOTS * 2)
  const order = new Uint32Array(buffer, fit.train, trainCount)
  const microBatch = createMicroBatch(kernel, fit, team.thread)
  const update = createUpdate(kernel, fit, team)
  const isFirst = team.thread === 0
  const wait = () => meet(control, team.threads)
  const batches = Math.ceil(trainCount / learner.batchSize)

  /** Micro-batches of some rows, slot by slot, as threads come for them; sums lie in `slotSums` after a `wait`. */
  function shareOut(rows: number, count: number, isLearning: boolean): void {
    const slots = slotsOf(count)
    for (let slot = take(); slot < slots; slot = take()) {
      let loss = 0
      let weight = 0
      const gradient = fit.gradients + slot * slotBytes
      if (isLearning) new Uint8Array(buffer, gradient, slotBytes).fill(0)
      for (let first = slot * MICRO_ROWS; first < count; first += SLOTS * MICRO_ROWS) {
        const some = Math.min(MICRO_ROWS, count - first)
        if (isLearning) microBatch.learn(rows + first * WORD, some, gradient)
        else microBatch.evaluate(rows + first * WORD, some)
        loss += microBatch.sums.loss
        weight += microBatch.sums.weight
      }
      slotSums[2 * slot] = loss
      slotSums[2 * slot + 1] = weight
    }
  }
  const take = () => Atomics.add(control, CONTROL.nextSlot, 1)
  const total = { loss: 0, weight: 0 }
  /** Adds up what `shareOut` left. */
  function addSlots(count: number): void {
    total.loss = 0
    total.weight = 0
    for (let slot = 0; slot < slotsOf(count); slot++) {
      total.loss += slotSums[2 * slot] ?? Number.NaN
      total.weight += slotSums[2 * slot + 1] ?? Number.NaN
    }
    if (isFirst) control[CONTROL.nextSlot] = 0
  }

  const random: Random = seededRandom(fit.seed)
  const parameters = new Float32Array(buffer, fit.parameters, fit.layout.size)
  const best = new Float32Array(buffer, fit.bestParameters, fit.layout.size)
  const losses: number[] = []
  const validationLosses: number[] = []
  let bestStep = 0
  if (isFirst) toPanels(initialParameters(learner, fit.set.columns, random), fit.layout, parameters)
  wait()
  update.transposeAll()
  for (let epoch = 1; epoch <= learner.epochs; epoch++) {
    if (isFirst) shuffleRows(order, random)
    wait()
    let loss = 0
    let weight = 0
    for (let batch = 0; batch < batches; batch++) {
      const from = batch * learner.batchSize
      const count = Math.min(learner.batchSize, trainCount - from)
      shareOut(fit.train + from * WORD, count, true)
      wait()
      addSlots(count)
      if (isFirst && !Number.isFinite(total.loss)) throw new LossNotFinite(epoch)
      loss += total.loss
      weight += total.weight
      update.step(slotsOf(count), 1 / total.weight)
      wait()
    }
    if (validationCount > 0) {
      shareOut(fit.validation, validationCount, false)
      wait()
      addSlots(validationCount)
    }
    if (isFirst) {
      const validationLoss = validationCount > 0 ? total.loss / total.weight : null
      if (validationLoss !== null && !Number.isFinite(validationLoss)) throw new LossNotFinite(epoch)
      losses.push(loss / weight)
      if (validationLoss !== null) validationLosses.push(validationLoss)
      if (
        validationLoss === null ||
        validationLoss < (validationLosses[bestStep - 1] ?? Number.POSITIVE_INFINITY)
      ) {
        bestStep = epoch
        best.set(parameters)
      }
      control[CONTROL.verdict] = epoch - bestStep >= learner.patience ? VERDICT.stop : VERDICT.goOn
      onEpoch({ step: epoch, loss: loss / weight, validationLoss })
    }
    wait()
    if (Atomics.load(control, CONTROL.verdict) === VERDICT.stop) break
  }
  return isFirst ? { stepsRun: losses.length, bestStep, losses, validationLosses } : null
}

function slotsOf(rows: number): number {
  return Math.min(SLOTS, Math.ceil(rows / MICRO_ROWS))
}

/** A thread's part of the steps of Adam: a run of every layer's blocks of weights, and of its biases. */
function createUpdate(
  { exports: { adam, transpose } }: NetworkKernel,
  fit: FitMemory,
  { thread, threads }: { readonly thread: number; readonly threads: number },
) {
  const { learner, layout } = fit
  const { learningRate, l2 } = learner
  let power1 = 1
  let power2 = 1
  const parts = layout.layers.map((layer, index) => {
    const blocks = (layer.panelBiasesAt - layer.panelWeightsAt) / BLOCK
    const from = Math.floor((blocks * thread) / threads)
    const to = Math.floor((blocks * (thread + 1)) / threads)
    const at = layer.panelWeightsAt * WORD
    return {
      layer,
      from,
      to,
      weightsFrom: at + from * BLOCK * WORD,
      weightsTo: at + to * BLOCK * WORD,
      isTransposed: index > 0,
    }
  })
  const transposeParts = (): void => {
    for (const { layer, from, to, isTransposed } of parts)
      if (isTransposed)
        transpose(
          fit.parameters + layer.panelWeightsAt * WORD,
          fit.transposed + layer.transposedAt * WORD,
          layer.taps,
          layer.paddedInputs,
          layer.panels * PANEL,
          from,
          to,
        )
  }
  return {
    transposeAll: transposeParts,
    step(slots: number, scale: number): void {
      // Repeated products: powers are not the same on every machine.
      power1 *= BETA1
      power2 *= BETA2
      const correction1 = 1 / (1 - power1)
      const correction2 = 1 / (1 - power2)
      const run = (from: number, to: number, penalty: number) =>
        adam(
          fit.parameters,
          fit.firstMoments,
          fit.secondMoments,
          fit.gradients,
          fit.slotBytes,
          slots,
          from,
          to,
          scale,
          penalty,
          learningRate,
          correction1,
          correction2,
        )
      for (const { layer, weightsFrom, weightsTo } of parts) {
        run(weightsFrom, weightsTo, l2)
        if (thread === 0)
          run(layer.panelBiasesAt * WORD, (layer.panelBiasesAt + layer.panels * PANEL) * WORD, 0)
      }
      transposeParts()
    },
  }
}
