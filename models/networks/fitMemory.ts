import type { Fit, TrainingSet } from '../fit.ts'
import { type NetworkLearner, stepsOf } from '../learner.ts'
import { MICRO_ROWS, SLOTS } from './batchDivision.ts'
import { layersOf } from './floatNetwork.ts'
import { neededSteps } from './neededSteps.ts'
import { PANEL, type PanelLayout, padded, panelLayout } from './panelLayout.ts'
import { type TargetMoments, targetMoments } from './targetMoments.ts'
import { CONTROL } from './teamBarrier.ts'

const CACHE_LINE = 64
const WORD = 4

/** A training set in a kernel's memory. */
export type SetMemory = {
  readonly values: number
  readonly columns: number
  readonly targets: number
  readonly weights: number
}

/** Where a fit lies in a kernel's memory, as addresses in bytes, and all that its threads must know. */
export type FitMemory = TargetMoments & {
  readonly learner: NetworkLearner
  readonly objective: Fit['objective']
  readonly seed: number
  readonly set: SetMemory
  readonly layout: PanelLayout
  /** Of `neededSteps`. */
  readonly needed: readonly (readonly number[])[]
  readonly train: number
  readonly trainCount: number
  readonly validation: number
  readonly validationCount: number
  readonly means: number
  readonly deviations: number
  readonly parameters: number
  readonly firstMoments: number
  readonly secondMoments: number
  readonly bestParameters: number
  readonly transposed: number
  /** `SLOTS` gradients, and for each slot its loss and its weight in binary64. */
  readonly gradients: number
  readonly slotBytes: number
  readonly slotSums: number
  readonly control: number
  /** As many zeros as the widest layer has inputs. */
  readonly zeros: number
  /** Of each thread of the team. */
  readonly scratch: readonly ScratchMemory[]
  readonly end: number
}

/** Where a thread of a fit keeps what it computes; blocks are `MICRO_ROWS` rows of a padded width. */
export type ScratchMemory = {
  readonly rows: number
  /** Blocks of the input's needed steps. */
  readonly input: number
  /** By layer, blocks of its needed steps. */
  readonly layers: readonly {
    /** Output of the ReLU, where there is one. */
    readonly activation: number
    /** Output with the residual; the activation where there is none. */
    readonly output: number
    /** Gradient of the output, and of what goes into the ReLU: one place where there is no residual. */
    readonly outputGradient: number
    readonly gradient: number
  }[]
  /** What is left for tables of addresses. */
  readonly tables: number
}

/** Places a training set from an address on; returns it with its end. */
export function placeSet({ values, columns, targets }: TrainingSet, from: number) {
  const take = taker(from)
  const memory: SetMemory = {
    columns,
    values: take(values.length * WORD),
    targets: take(targets.length * WORD),
    weights: take(targets.length * WORD),
  }
  return { memory, end: take(0) }
}

export function writeSet(
  { values, targets, weights }: TrainingSet,
  at: SetMemory,
  buffer: SharedArrayBuffer,
): void {
  new Float32Array(buffer, at.values, values.length).set(values)
  new Float32Array(buffer, at.targets, targets.length).set(targets)
  new Float32Array(buffer, at.weights, weights.length).set(weights)
}

/** Places a fit and what a team of so many threads needs from an address on. */
export function placeFit(fit: Fit<NetworkLearner>, set: SetMemory, threads: number, from: number): FitMemory {
  const take = taker(from)
  const { learner, objective, seed, train, validation } = fit
  const layers = layersOf(learner, fit.set.columns)
  const layout = panelLayout(layers)
  const needed = neededSteps(layers, stepsOf(learner))
  const columns = padded(fit.set.columns)
  const widest = Math.max(
    ...layout.layers.map(({ paddedInputs, panels }) => Math.max(paddedInputs, panels * PANEL)),
  )
  const slotBytes = Math.ceil((layout.size * WORD) / CACHE_LINE) * CACHE_LINE
  const placed = {
    learner,
    objective,
    seed,
    set,
    layout,
    needed,
    ...targetMoments(fit),
    train: take(train.length * WORD),
    trainCount: train.length,
    validation: take(validation.length * WORD),
    validationCount: validation.length,
    means: take(columns * WORD),
    deviations: take(columns * WORD),
    parameters: take(slotBytes),
    firstMoments: take(slotBytes),
    secondMoments: take(slotBytes),
    bestParameters: take(slotBytes),
    transposed: take(layout.transposedSize * WORD),
    gradients: take(slotBytes * SLOTS),
    slotBytes,
    slotSums: take(SLOTS * 16),
    control: take(CONTROL.count * WORD),
    zeros: take(widest * WORD),
  }
  const scratch = Array.from({ length: threads }, () => placeScratch(layout, needed, columns, take))
  return { ...placed, scratch, end: take(0) }
}

/** Writes what a fit starts from; everything else of its place is set to 0. */
export function writeFit(
  { train, validation, scaler }: Fit<NetworkLearner>,
  at: FitMemory,
  buffer: SharedArrayBuffer,
): void {
  new Uint8Array(buffer, at.train, at.end - at.train).fill(0)
  new Uint32Array(buffer, at.train, train.length).set(train)
  new Uint32Array(buffer, at.validation, validation.length).set(validation)
  new Float32Array(buffer, at.means, scaler.mean.length).set(scaler.mean)
  new Float32Array(buffer, at.deviations, scaler.std.length).set(scaler.std)
}

function placeScratch(
  { layers }: PanelLayout,
  needed: readonly (readonly number[])[],
  columns: number,
  take: (bytes: number) => number,
): ScratchMemory {
  const blocks = (place: number, width: number) =>
    take((needed[place] ?? []).length * MICRO_ROWS * width * WORD)
  let addresses = 0
  const rows = take(MICRO_ROWS * WORD)
  const input = blocks(0, columns)
  const placed = layers.map(({ panels, taps, residual }, index) => {
    const width = panels * PANEL
    const outputs = (needed[index + 1] ?? []).length
    // Segments forward and backward, and pairs for the gradient of the weights.
    addresses += taps * (outputs + (needed[index] ?? []).length + 2 * outputs)
    const activation = blocks(index + 1, width)
    const outputGradient = blocks(index + 1, width)
    return {
      activation,
      output: residual ? blocks(index + 1, width) : activation,
      outputGradient,
      gradient: residual ? blocks(index + 1, width) : outputGradient,
    }
  })
  return { rows, input, layers: placed, tables: take(addresses * WORD) }
}

/** Hands out addresses one after the other, each at the beginning of a cache line. */
function taker(from: number): (bytes: number) => number {
  let next = Math.ceil(from / CACHE_LINE) * CACHE_LINE
  return bytes => {
    const at = next
    next = Math.ceil((at + bytes) / CACHE_LINE) * CACHE_LINE
    return at
  }
}
