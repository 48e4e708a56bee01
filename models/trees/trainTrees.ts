import { availableParallelism } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { InvalidInputError, seededRandom } from '../../core/index.ts'
import type { Fit, FitHistory, FitProgress } from '../fit.ts'
import type { TreesLearner } from '../learner.ts'
import type { BoostPlan, BoostRound } from './boostTrees.ts'
import type { TreeEnsemble } from './treeEnsemble.ts'
import { BLOCK, EDGES_BYTES, layOut, type TreesLayout, treesMemory } from './treesMemory.ts'
import { treesTargets } from './treesTargets.ts'
import { startTreesThread, stayInThread, type TreesThread } from './treesThreads.ts'
import { valuesAt } from './treesWork.ts'

export type TrainTreesOptions = {
  /**
   * Threads that train; the ensemble is the same with any number. 0 trains in the calling thread, which is free for
   * other work between two rounds. By default as many as the data is worth and the machine has.
   */
  readonly workers?: number
  readonly onProgress?: (progress: FitProgress) => void
  /** Ends the training, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** Rows that the edges of bins are found from, at most. */
const EDGE_ROWS = 100_000
/** Values of a matrix that make one more thread worth its start. */
const VALUES_PER_WORKER = 1_048_576
/** Threads that share a training at most. */
const MOST_WORKERS = 64

/**
 * Trains gradient-boosted trees on histograms (Chen and Guestrin, "XGBoost: A Scalable Tree Boosting System", 2016):
 * log loss for `direction`, squared error for `return`. Gradients are rounded to integers of 30 bits, so that their
 * sums are exact in any order: the result is the same, to the bit, on any machine and with any number of workers.
 * Missing values go left. The ensemble ends with the round of the least validation loss.
 *
 * @throws InvalidInputError when there are no rows, a class has none, a target or weight is unusable, or the data
 *   does not fit the memory.
 */
export async function trainTrees(
  fit: Fit<TreesLearner>,
  options: TrainTreesOptions = {},
): Promise<{ ensemble: TreeEnsemble; history: FitHistory }> {
  const { set, train, validation, objective, learner, seed } = fit
  const { onProgress, signal } = options
  signal?.throwIfAborted()
  const given = treesTargets(fit)
  const workers = options.workers ?? defaultWorkers(train.length * set.columns)
  if (!Number.isInteger(workers) || workers < 0 || workers > MOST_WORKERS)
    throw new InvalidInputError(`${workers} workers cannot train trees.`, {
      facts: { workers },
      hint: `Choose 0 to ${MOST_WORKERS}.`,
    })
  const rows = train.length + validation.length
  const layout = layOut({
    trainRows: train.length,
    rows,
    columns: set.columns,
    depth: learner.depth,
    threads: Math.max(1, workers),
  })
  const memory = treesMemory(layout)
  new Float32Array(memory.buffer, layout.targetsAt, rows).set(given.targets)
  new Float32Array(memory.buffer, layout.weightsAt, rows).set(given.weights)

  const threads =
    workers === 0
      ? [stayInThread(memory, layout)]
      : Array.from({ length: workers }, (_, thread) => startTreesThread(memory, layout, thread))
  const rounds: BoostRound[] = []
  const work = async (): Promise<readonly Float32Array[]> => {
    const edges = await findEdges(threads, fit)
    const edgeTable = new Float32Array(memory.buffer, layout.edgesAt, (set.columns * EDGES_BYTES) / 4)
    edgeTable.fill(Number.POSITIVE_INFINITY)
    for (const [column, found] of edges.entries()) edgeTable.set(found, (column * EDGES_BYTES) / 4)
    await binRows(threads, fit, memory, layout)
    const plan: BoostPlan = {
      ...given,
      objective,
      learner,
      seed,
      binCounts: edges.map(({ length }) => length + 2),
    }
    const [lead, ...others] = threads
    // They take part until they are ended; should one end early, the training fails.
    const broken = others.map(thread => thread.ask({ kind: 'assist' }))
    const led = lead?.ask({ kind: 'boost', plan }, round => {
      rounds.push(round)
      onProgress?.(progressOf(rounds, learner.rounds))
    })
    await Promise.race([led, ...broken])
    return edges
  }
  let edges: readonly Float32Array[]
  try {
    edges = await untilAborted(work(), signal)
  } finally {
    await Promise.all(threads.map(thread => thread.close()))
  }
  const history = historyOf(rounds)
  const trees = rounds.slice(0, history.bestStep).map(({ tree }) => tree)
  const { base, targetScale, targetCentre } = given
  return {
    ensemble: { objective, columns: set.columns, edges, trees, base, targetScale, targetCentre },
    history,
  }
}

function defaultWorkers(values: number): number {
  return Math.max(1, Math.min(availableParallelism(), MOST_WORKERS, Math.ceil(values / VALUES_PER_WORKER)))
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
  })
  // When both end, the one that is late must not count as unhandled.
  work.catch(() => {})
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** Edges of each feature, from all rows to fit to or from rows drawn evenly among them. */
async function findEdges(
  threads: readonly TreesThread[],
  { set: { values, columns }, train, seed }: Fit<TreesLearner>,
): Promise<readonly Float32Array[]> {
  const sampled = sampleRows(train, seed)
  const edges: Float32Array[] = []
  // Neighbouring columns share lines of the cache: they are gathered together.
  const blocks = Array.from({ length: Math.ceil(columns / BLOCK) }, (_, block) => block * BLOCK)
  const waiting: { readonly column: number; readonly values: Float32Array }[] = []
  await eachThread(threads, async thread => {
    for (;;) {
      const next = waiting.shift()
      if (next !== undefined) {
        const answer = await thread.ask({ kind: 'edges', values: next.values })
        if (answer.kind === 'edges') edges[next.column] = answer.edges
        continue
      }
      const first = blocks.shift()
      if (first === undefined) return
      const width = Math.min(BLOCK, columns - first)
      const gathered = Array.from({ length: width }, () => new Float32Array(sampled.length))
      for (let place = 0; place < sampled.length; place++) {
        const from = (sampled[place] ?? 0) * columns + first
        for (let column = 0; column < width; column++) {
          const values16 = gathered[column]
          if (values16 !== undefined) values16[place] = values[from + column] ?? Number.NaN
        }
      }
      for (const [column, sample] of gathered.entries())
        waiting.push({ column: first + column, values: sample })
    }
  })
  return edges
}

/** Rows in their order, one drawn from each of equal stretches where there are more than are needed. */
function sampleRows(train: Uint32Array, seed: number): Uint32Array {
  if (train.length <= EDGE_ROWS) return train
  const random = seededRandom(seed)
  const stretch = train.length / EDGE_ROWS
  return Uint32Array.from(
    { length: EDGE_ROWS },
    (_, place) => train[Math.floor((place + random()) * stretch)] ?? 0,
  )
}

/** Turns the values of all rows into bins, piece by piece, so that they need not be in memory twice. */
async function binRows(
  threads: readonly TreesThread[],
  { set: { values, columns }, train, validation }: Fit<TreesLearner>,
  memory: WebAssembly.Memory,
  layout: TreesLayout,
): Promise<void> {
  const most = Math.floor(layout.valuesBytes / (columns * 4))
  const { rows } = layout
  let next = 0
  await eachThread(threads, async thread => {
    const piece = new Float32Array(memory.buffer, valuesAt(layout, thread.thread), most * columns)
    while (next < rows) {
      const firstRow = next
      next = Math.min(rows, firstRow + most)
      const count = next - firstRow
      for (let place = 0; place < count; ) {
        const at = firstRow + place
        const [list, from] = at < train.length ? [train, at] : [validation, at - train.length]
        // Rows that are neighbours in the matrix too are copied at once.
        const row = list[from] ?? 0
        let run = 1
        while (place + run < count && from + run < list.length && list[from + run] === row + run) run++
        piece.set(values.subarray(row * columns, (row + run) * columns), place * columns)
        place += run
      }
      await thread.ask({ kind: 'bin', firstRow, rows: count })
    }
  })
}

/** Lets each thread be given its work; the calling thread sees to other work in between. */
async function eachThread(
  threads: readonly TreesThread[],
  give: (thread: TreesThread) => Promise<void>,
): Promise<void> {
  await Promise.all(
    threads.map(async thread => {
      await setImmediate()
      await give(thread)
    }),
  )
}

function progressOf(rounds: readonly BoostRound[], steps: number): FitProgress {
  const last = rounds.at(-1)
  return {
    fit: 0,
    step: rounds.length,
    steps,
    loss: last?.loss ?? Number.NaN,
    validationLoss: last?.validationLoss ?? null,
  }
}

function historyOf(rounds: readonly BoostRound[]): FitHistory {
  const losses = rounds.map(({ loss }) => loss)
  const validationLosses = rounds.flatMap(({ validationLoss }) =>
    validationLoss === null ? [] : [validationLoss],
  )
  let bestStep = rounds.length
  if (validationLosses.length > 0) bestStep = 1 + validationLosses.indexOf(Math.min(...validationLosses))
  return { stepsRun: rounds.length, bestStep, losses, validationLosses }
}
