import { availableParallelism } from 'node:os'
import { type Canonical, digestOf, type Hash, IntegrityError, InvalidInputError } from '../../core/index.ts'
import { createFeatureMemory } from '../../feature-store/index.ts'
import {
  createSearch,
  methodHash,
  type SearchGoal,
  type SearchMethod,
  type ToldTrial,
  type Trial,
  tpeSettings,
} from './createSearch.ts'
import { createGroupCommit } from './groupCommit.ts'
import type { ParameterSpace, Point } from './parameters.ts'
import { assertShared, hashColumns, type SharedColumns } from './sharedColumns.ts'
import type { SweepResult } from './sweepFigures.ts'
import { openSweepFile } from './sweepFile.ts'
import { ledgerWriter, numberOf, type StoredResult, type SweepLedger } from './sweepLedger.ts'
import { createSweepMeter, type SweepProgress } from './sweepProgress.ts'
import { type SweepThreads, startSweepThreads } from './sweepThreads.ts'

/** What `runSweep` takes. */
export type SweepOptions<P extends Point> = {
  readonly space: ParameterSpace<P>
  readonly method: SearchMethod
  readonly seed: number
  /** Trials at most; see `SearchOptions`. */
  readonly trials?: number
  /** The figure that is sought. */
  readonly objective: string
  /** `maximise`. */
  readonly goal?: SearchGoal
  /** Threads; as many as there are cores, 4 at most, unless given. */
  readonly workers?: number
  /** Milliseconds that a point may take, as long as it likes unless given. One that takes longer is recorded as failed. */
  readonly mostPointMs?: number
  /** What evaluates points: the module's export makes it, once in each thread (`CreateEvaluator`). */
  readonly evaluate: {
    /** URL of a module. */
    readonly module: URL | string
    readonly exportName: string
    /** Given to the export in each thread, as a structured clone. */
    readonly settings?: unknown
  }
  /** In shared memory: see `shareColumns`. */
  readonly columns?: SharedColumns
  /** Most bytes of features that the threads share; 64 MiB unless given. What finds no room is computed in each run. */
  readonly featureBytes?: number
  /** Hash of the data: with another one it is another sweep. That of the columns unless given. */
  readonly data?: Hash
  /** What the points are applied to, as data: with it, results are those of the same sweep, or of another. */
  readonly configuration: Canonical
  /** Keeps the results, and those that it holds are not evaluated again. */
  readonly file?: string
  /** Forgets what the file holds first; false unless given. */
  readonly restart?: boolean
  /** Records every result as a trial. */
  readonly ledger?: SweepLedger
  readonly signal?: AbortSignal
  /** Called at most ten times a second, and at the end. */
  readonly onProgress?: (progress: SweepProgress) => void
}

/** A finished sweep. */
export type Sweep<P extends Point> = {
  /** In the order of the trials. */
  readonly results: readonly SweepResult<P>[]
  readonly best: ToldTrial<P> | null
  /** Of the whole sweep, the results that were kept from before included. */
  readonly progress: SweepProgress
}

/** 160 features of 100,000 rows; what is not used takes no room. */
const DEFAULT_FEATURE_BYTES = 2 ** 26
const PROGRESS_MS = 100
const MOST_WORKERS = 4
/** Trials of one order, so that a killed sweep loses little. */
const MOST_TRIALS = 512

/**
 * Evaluates the points of a search on threads over shared memory. Results are stored as they come; a sweep that is run
 * again with the same file goes on where it was killed. A point that fails is recorded with its message.
 *
 * @throws InvalidInputError when an option is wrong, the module cannot be used, or the file is of another sweep; the
 * signal's reason when it is aborted; UnavailableError when the threads cannot go on or the disk is full.
 */
export async function runSweep<P extends Point>(options: SweepOptions<P>): Promise<Sweep<P>> {
  const { space, method, seed, objective, evaluate, configuration, signal } = options
  const {
    goal = 'maximise',
    columns = {},
    workers = Math.min(MOST_WORKERS, availableParallelism()),
  } = options
  if (!Number.isSafeInteger(workers) || workers < 1)
    throw new InvalidInputError(`${workers} is no number of workers.`, {
      facts: { workers },
      hint: 'Pass a whole number above 0.',
    })
  assertShared(columns)
  signal?.throwIfAborted()
  const search = createSearch({ ...options, goal })
  const { data = hashColumns(columns) } = options
  const identity = {
    space: space.hash,
    configuration: digestOf(configuration),
    data,
    method: methodHash(method),
    seed,
    objective,
    goal,
  }
  const { restart = false } = options
  const file = options.file === undefined ? null : await openSweepFile(options.file, identity, { restart })
  try {
    // Nobody listened while the file was read.
    signal?.throwIfAborted()
    return await new Promise<Sweep<P>>((resolve, reject) => {
      const results: SweepResult<P>[] = []
      const ahead: Trial<P>[] = []
      const meter = createSweepMeter(search.total, performance.now())
      let hasEnded = false
      let reportedMs = Number.NEGATIVE_INFINITY

      const ledger = options.ledger === undefined ? null : ledgerWriter(options.ledger, configuration, data)
      const store = createGroupCommit<StoredResult>(
        async stored => {
          const fresh = stored.filter(({ isKept }) => !isKept).map(({ result }) => result)
          if (fresh.length > 0) await file?.append(fresh)
          await ledger?.(stored)
        },
        error => end(error),
      )

      function report(isLast = false): SweepProgress {
        const nowMs = performance.now()
        const progress = meter.progress(nowMs, search.best()?.value ?? null)
        if (isLast || nowMs - reportedMs >= PROGRESS_MS) {
          reportedMs = nowMs
          options.onProgress?.(progress)
        }
        return progress
      }

      function accept(result: SweepResult<P>, isKept: boolean): void {
        results[result.trial] = result
        search.tell(result, 'error' in result ? null : numberOf(result.figures[objective]))
        meter.add(result, isKept)
        store.push([{ result, isKept }])
      }

      /** Trials to evaluate; those whose results were kept are told on the way. */
      function take(atMost: number): Trial<P>[] {
        const trials = ahead.splice(0, atMost)
        while (trials.length < atMost) {
          const trial = search.ask()
          if (trial === null) break
          const kept = file?.kept.get(trial.trial)
          if (kept === undefined) trials.push(trial)
          else accept(keptResult(space, trial, kept, options.file ?? ''), true)
        }
        return trials
      }

      async function end(failure?: unknown): Promise<void> {
        if (hasEnded) return
        hasEnded = true
        signal?.removeEventListener('abort', abort)
        try {
          await threads?.close()
          await store.settled()
          if (failure !== undefined) throw failure
          resolve({ results, best: search.best(), progress: report(true) })
        } catch (error) {
          reject(failure ?? error)
        }
      }
      const abort = () => end(signal?.reason)
      const guarded =
        <A extends unknown[], R>(work: (...given: A) => R, otherwise: R) =>
        (...given: A): R => {
          if (hasEnded) return otherwise
          try {
            return work(...given)
          } catch (error) {
            end(error)
            return otherwise
          }
        }

      let threads: SweepThreads | null = null
      ahead.push(...take(1))
      if (ahead.length === 0) return void end()
      threads = startSweepThreads({
        module: String(evaluate.module),
        exportName: evaluate.exportName,
        settings: evaluate.settings,
        columns,
        featureMemory: createFeatureMemory(options.featureBytes ?? DEFAULT_FEATURE_BYTES),
        objective,
        threads: Math.min(workers, search.total),
        mostPointMs: options.mostPointMs ?? null,
        mostTrials: mostTrials(method, workers),
        take: guarded(take, []),
        onResults: guarded(given => {
          for (const result of given) accept(result as SweepResult<P>, false)
          report()
        }, undefined),
        onIdle: () => end(),
        onFailure: error => end(error),
      })
      signal?.addEventListener('abort', abort)
    })
  } finally {
    await file?.close()
  }
}

/** Few at once where a trial waits for others' results, so that all threads have some. */
function mostTrials(method: SearchMethod, workers: number): number {
  if (method === 'grid' || method === 'random') return MOST_TRIALS
  return Math.max(1, Math.floor(tpeSettings(method).parallel / (2 * workers)))
}

function keptResult<P extends Point>(
  space: ParameterSpace<P>,
  trial: Trial<P>,
  kept: SweepResult,
  file: string,
): SweepResult<P> {
  if (space.canonical(kept.point as P) === space.canonical(trial.point)) return { ...kept, ...trial }
  throw new IntegrityError(`Trial ${trial.trial} of ${file} has another point than this search gives.`, {
    facts: {
      file,
      trial: trial.trial,
      stored: space.canonical(kept.point as P),
      given: space.canonical(trial.point),
    },
    hint: '`where` or a figure of the evaluator may have changed: name another file, or delete this one to start anew.',
  })
}
