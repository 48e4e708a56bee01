import { availableParallelism } from 'node:os'
import { InvalidInputError } from '../../core/index.ts'
import type { Fit, FitHistory, FitProgress, TrainingSet } from '../fit.ts'
import { kernelMemory } from '../kernels/instantiateKernel.ts'
import type { NetworkLearner } from '../learner.ts'
import { SLOTS } from './batchDivision.ts'
import { checkFits } from './checkFits.ts'
import { type FitMemory, placeFit, placeSet, type SetMemory, writeFit, writeSet } from './fitMemory.ts'
import type { FloatNetwork } from './floatNetwork.ts'
import { fromPanels } from './panelLayout.ts'
import { type FitOrder, startTrainThreads, type TrainThreads } from './trainThreads.ts'

export type TrainNetworksOptions = {
  /** Threads that train; by default as many as the machine runs at once. The results do not depend on it. */
  readonly workers?: number
  readonly onProgress?: (progress: FitProgress) => void
  /** Ends the training; the promise is rejected with its reason. */
  readonly signal?: AbortSignal
}

export type TrainedNetwork = { readonly network: FloatNetwork; readonly history: FitHistory }

/**
 * Trains networks on the CPU, in threads of their own: as long as there are as many fits as threads, each thread has
 * a fit to itself; the fits that remain are trained one after the other by all threads together. A fit's parameters
 * are the same to the bit on every machine and with any number of threads: every sum has one order.
 *
 * Of a network over time only the steps that the present score depends on are computed, forward and backward; what
 * the others would add is 0.
 *
 * @throws InvalidInputError when a fit cannot be trained on, its loss is not finite, or all needs more memory than a
 *   kernel addresses (4 GiB for sets, and for each fit in training about 25 times its parameters).
 * @throws UnavailableError when a thread ends.
 */
export async function trainNetworks(
  fits: readonly Fit<NetworkLearner>[],
  { workers = availableParallelism(), onProgress, signal }: TrainNetworksOptions = {},
): Promise<readonly TrainedNetwork[]> {
  signal?.throwIfAborted()
  if (!Number.isSafeInteger(workers) || workers < 1)
    throw new InvalidInputError(`${workers} workers cannot train.`, {
      facts: { workers },
      hint: 'Use one worker or more.',
    })
  checkFits(fits)
  if (fits.length === 0) return []
  const { memory, threads: count, aloneCount, team, placeAlone, placeTogether } = prepare(fits, workers)
  const threads = startTrainThreads(memory, count)
  const onAbort = () => void threads.close(signal?.reason)
  signal?.addEventListener('abort', onAbort)

  const results: TrainedNetwork[] = []
  const train = async (index: number, place: Place, on: Team): Promise<void> => {
    const fit = fits[index]
    if (fit === undefined) return
    const at = place(fit)
    writeFit(fit, at, memory.buffer)
    const history = await threads.train(orderOf(index, at, onProgress), on)
    results[index] = { network: networkOf(fit, at, memory.buffer), history }
  }
  let next = 0
  const trainAlone = async (thread: number): Promise<void> => {
    for (let index = next++; index < aloneCount; index = next++)
      await train(index, fit => placeAlone(fit, thread), { only: thread })
  }
  try {
    if (aloneCount > 0) await Promise.all(Array.from({ length: count }, (_, thread) => trainAlone(thread)))
    for (let index = aloneCount; index < fits.length; index++)
      await train(index, placeTogether, { first: team })
    return results
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await threads.close(null)
  }
}

type Place = (fit: Fit<NetworkLearner>) => FitMemory
type Team = Parameters<TrainThreads['train']>[1]

/** Shares fits out among threads, and makes a memory that holds their sets and all that trains at one time. */
function prepare(fits: readonly Fit<NetworkLearner>[], workers: number) {
  const sets = new Map<TrainingSet, SetMemory>()
  // No block begins at address 0, which stands for none.
  let setsEnd = 1
  for (const { set } of fits) {
    if (sets.has(set)) continue
    const { memory, end } = placeSet(set, setsEnd)
    sets.set(set, memory)
    setsEnd = end
  }
  const place = (fit: Fit<NetworkLearner>, threads: number, from: number): FitMemory => {
    const set = sets.get(fit.set)
    if (set === undefined) throw new RangeError('Every set was placed.')
    return placeFit(fit, set, threads, from)
  }
  const aloneCount = Math.floor(fits.length / workers) * workers
  const team = Math.min(workers, SLOTS)
  const sizeOf = (some: readonly Fit<NetworkLearner>[], threads: number) =>
    Math.max(0, ...some.map(fit => place(fit, threads, setsEnd).end - setsEnd))
  const aloneSize = sizeOf(fits.slice(0, aloneCount), 1)
  // Fits on all threads come after those alone, and take their place.
  const size = Math.max(aloneSize * workers, sizeOf(fits.slice(aloneCount), team))
  const memory = kernelMemory(setsEnd + size)
  for (const [set, at] of sets) writeSet(set, at, memory.buffer)
  return {
    memory,
    threads: aloneCount > 0 ? workers : team,
    aloneCount,
    team,
    placeAlone: (fit: Fit<NetworkLearner>, thread: number) => place(fit, 1, setsEnd + thread * aloneSize),
    placeTogether: (fit: Fit<NetworkLearner>) => place(fit, team, setsEnd),
  }
}

function orderOf(index: number, fit: FitMemory, onProgress: TrainNetworksOptions['onProgress']): FitOrder {
  if (onProgress === undefined) return { index, fit }
  const steps = fit.learner.epochs
  return { index, fit, onEpoch: done => onProgress({ fit: index, steps, ...done }) }
}

function networkOf(
  { learner, objective, set: { columns }, scaler }: Fit<NetworkLearner>,
  { layout, bestParameters, targetCentre, targetScale }: FitMemory,
  buffer: SharedArrayBuffer,
): FloatNetwork {
  const parameters = fromPanels(new Float32Array(buffer, bestParameters, layout.size), layout)
  return { learner, objective, columns, scaler, parameters, targetScale, targetCentre }
}
