import { type Random, seededRandom } from '../../core/index.ts'
import type { Fit } from '../fit.ts'
import type { NetworkLearner } from '../learner.ts'
import { initialParameters } from '../networks/initialParameters.ts'
import { shuffleRows } from '../networks/shuffleRows.ts'
import { type TargetMoments, targetMoments } from '../networks/targetMoments.ts'

/** A fit with its place among those that were given. */
export type NumberedFit = { readonly index: number; readonly fit: Fit<NetworkLearner> }

/** Rows of one seed in the order in which an epoch takes them; several members may share one. */
export type RowOrder = {
  readonly place: number
  readonly rows: Uint32Array<ArrayBuffer>
  readonly random: Random
  readonly initial: Float32Array
  /** 1 / the sum of the weights of each batch of the next epoch. */
  readonly scales: Float64Array
}

/** One network of a population. */
export type Member = NumberedFit &
  TargetMoments & {
    /** Its place in every array on the GPU. */
    readonly place: number
    readonly order: RowOrder
    readonly trainBatches: number
    readonly validationBatches: number
    readonly trainWeight: number
    readonly validationWeight: number
    readonly losses: number[]
    readonly validationLosses: number[]
    /** Epoch whose parameters are kept. */
    bestStep: number
    /** β₁ᵗ and β₂ᵗ of Adam after the steps made. */
    power1: number
    power2: number
  }

/**
 * Groups fits that one population can train together: the same set, objective, architecture and size of batches.
 * Folds, seeds, learning rates, l2, epochs and patience may differ.
 */
export function populations(fits: readonly Fit<NetworkLearner>[]): NumberedFit[][] {
  const sets = new Map(fits.map(({ set }) => [set, 0]))
  for (const [place, set] of [...sets.keys()].entries()) sets.set(set, place)
  const groups = new Map<string, NumberedFit[]>()
  for (const [index, fit] of fits.entries()) {
    const { epochs, learningRate, l2, patience, ...shape } = fit.learner
    const key = JSON.stringify([sets.get(fit.set), fit.objective, Object.entries(shape).sort()])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [{ index, fit }])
    else group.push({ index, fit })
  }
  return [...groups.values()]
}

/** Prepares the members of a population; those with the same rows and seed share their order and beginning. */
export function createMembers(fits: readonly NumberedFit[]): Member[] {
  const orders = new Map<Uint32Array, Map<number, RowOrder>>()
  let places = 0
  const orderOf = ({ train, seed, learner, set }: Fit<NetworkLearner>): RowOrder => {
    const ofRows = orders.get(train) ?? new Map<number, RowOrder>()
    orders.set(train, ofRows)
    const known = ofRows.get(seed)
    if (known !== undefined) return known
    const random = seededRandom(seed)
    const order = {
      place: places++,
      // The stream of a seed gives the parameters first, then every epoch's shuffle.
      initial: initialParameters(learner, set.columns, random),
      rows: Uint32Array.from(train),
      random,
      scales: new Float64Array(Math.ceil(train.length / learner.batchSize)),
    }
    ofRows.set(seed, order)
    return order
  }
  return fits.map(({ index, fit }, place) => {
    const { batchSize } = fit.learner
    return {
      index,
      fit,
      place,
      ...targetMoments(fit),
      order: orderOf(fit),
      trainBatches: Math.ceil(fit.train.length / batchSize),
      validationBatches: Math.ceil(fit.validation.length / batchSize),
      trainWeight: weightOf(fit.set.weights, fit.train),
      validationWeight: weightOf(fit.set.weights, fit.validation),
      losses: [],
      validationLosses: [],
      bestStep: 0,
      power1: 1,
      power2: 1,
    }
  })
}

/** Shuffles an order for the next epoch. */
export function nextEpoch(
  { rows, random, scales }: RowOrder,
  weights: Float32Array,
  batchSize: number,
): void {
  shuffleRows(rows, random)
  for (let batch = 0; batch < scales.length; batch++)
    scales[batch] = 1 / weightOf(weights, rows.subarray(batch * batchSize, (batch + 1) * batchSize))
}

function weightOf(weights: Float32Array, rows: Uint32Array): number {
  let sum = 0
  for (const row of rows) sum += weights[row] ?? Number.NaN
  return sum
}
