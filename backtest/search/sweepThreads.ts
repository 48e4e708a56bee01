import { setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { InvalidInputError, threadFile, UnavailableError } from '../../core/index.ts'
import type { Trial } from './createSearch.ts'
import type { SharedColumns } from './sharedColumns.ts'
import type { SweepOutcome, SweepResult } from './sweepFigures.ts'

/** What a thread is started with. */
export type ThreadPlan = {
  /** URL of the module. */
  readonly module: string
  readonly exportName: string
  readonly columns: SharedColumns
  /** Shared: what `openSharedFeatures` takes. */
  readonly featureMemory: SharedArrayBuffer
  readonly settings: unknown
  readonly objective: string
  /** Shared: the trial + 1 that each thread is at, 0 between two orders. */
  readonly current: Int32Array
  readonly slot: number
}

/** What a thread is sent: trials to evaluate, or null, after which nothing comes. */
export type ThreadOrder = { readonly trials: readonly Trial[] } | null

export type ThreadAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unusable'; readonly reason: string }
  /** One outcome for each trial of the oldest order that has none. */
  | { readonly kind: 'outcomes'; readonly outcomes: readonly SweepOutcome[]; readonly elapsedMs: number }

export type SweepThreadsOptions = Omit<ThreadPlan, 'current' | 'slot'> & {
  readonly threads: number
  /** Milliseconds that a point may take; null for as long as it likes. */
  readonly mostPointMs: number | null
  /** Trials that one order holds at most. */
  readonly mostTrials: number
  /** Hands out trials, so many at most; none while it has none. */
  readonly take: (atMost: number) => readonly Trial[]
  readonly onResults: (results: readonly SweepResult[]) => void
  /** Called when no trial is out, and `take` has none. */
  readonly onIdle: () => void
  /** Called once, when the threads cannot go on. */
  readonly onFailure: (error: Error) => void
}

/** Threads that evaluate trials. */
export type SweepThreads = { close(): Promise<void> }

/** Work of an order, so that neither messages nor waiting for a slow order cost much. */
const ORDER_MS = 10
/** Orders of a thread, so that it has the next while its results travel. */
const MOST_ORDERS = 2
/** A point that ended its thread so often is given up. */
const MOST_DEATHS = 2
/** Threads that may end in a row without a result between. */
const MOST_DEATHS_IN_A_ROW = 8
/**
 * Room for new objects in each thread, in mebibytes. A point makes much that is soon garbage and little that stays, so
 * more room would be memory for nothing: Node.js would take 48 for each thread.
 */
const YOUNG_MB = 4
/** Time that an idle thread is given to end by itself. */
const END_MS = 1_000
/** Weight of the newest measurement of a point's time. */
const NEWEST = 0.3

type Thread = {
  readonly worker: Worker
  readonly slot: number
  /** What it was seen at, and since when. */
  at: number
  sinceMs: number
  orders: (readonly Trial[])[]
  isReady: boolean
  reason: string | null
  hasEnded: boolean
}

/**
 * Starts threads and keeps them at work. One that ends in the middle of its work is replaced, and its trials are
 * evaluated again; the trial that it ended with is tried once more, and then recorded as failed.
 */
export function startSweepThreads(options: SweepThreadsOptions): SweepThreads {
  const { threads: count, mostPointMs, mostTrials, take, onResults, onIdle, onFailure, ...rest } = options
  const current = new Int32Array(new SharedArrayBuffer(4 * count))
  const threads: Thread[] = []
  const again: Trial[] = []
  const deaths = new Map<number, number>()
  let deathsInARow = 0
  let millisecondsPerTrial = Number.POSITIVE_INFINITY
  let isClosed = false

  const fail = (error: Error): void => {
    if (isClosed) return
    isClosed = true
    // Not while the caller still waits for what this function returns.
    queueMicrotask(() => onFailure(error))
  }

  function start(slot: number): void {
    current[slot] = 0
    let worker: Worker
    try {
      worker = new Worker(
        ...threadFile<ThreadPlan>(
          import.meta.url,
          'sweepThread',
          { ...rest, current, slot },
          { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } },
        ),
      )
    } catch (cause) {
      fail(ended('it could not be started', cause))
      return
    }
    const thread: Thread = {
      worker,
      slot,
      at: 0,
      sinceMs: 0,
      orders: [],
      isReady: false,
      reason: null,
      hasEnded: false,
    }
    threads[slot] = thread
    worker.on('message', (answer: ThreadAnswer) => heard(thread, answer))
    worker.on('error', error => {
      thread.reason = error.message
    })
    worker.on('exit', code => {
      thread.hasEnded = true
      died(thread, thread.reason ?? `it exited with ${code}`)
    })
  }

  function heard(thread: Thread, answer: ThreadAnswer): void {
    if (isClosed) return
    switch (answer.kind) {
      case 'ready':
        thread.isReady = true
        break
      case 'unusable':
        fail(unusable(rest.module, answer.reason))
        return
      case 'outcomes': {
        const { outcomes, elapsedMs } = answer
        const trials = thread.orders.shift() ?? []
        deathsInARow = 0
        const measured = elapsedMs / outcomes.length
        millisecondsPerTrial = Number.isFinite(millisecondsPerTrial)
          ? millisecondsPerTrial + NEWEST * (measured - millisecondsPerTrial)
          : measured
        const results: SweepResult[] = []
        for (const [index, trial] of trials.entries()) {
          const outcome = outcomes[index]
          if (outcome !== undefined) results.push({ ...trial, ...outcome })
        }
        onResults(results)
      }
    }
    // Results may let the search go on for threads that wait.
    wake()
  }

  function died(thread: Thread, reason: string): void {
    if (isClosed) return
    if (!thread.isReady) {
      fail(ended(reason))
      return
    }
    const culprit = Atomics.load(current, thread.slot) - 1
    for (const trial of thread.orders.flat()) {
      const times = (deaths.get(trial.trial) ?? 0) + 1
      if (trial.trial !== culprit) again.push(trial)
      else if (times < MOST_DEATHS) {
        deaths.set(trial.trial, times)
        again.push(trial)
      } else onResults([{ ...trial, error: `It ended its thread ${times} times: ${reason}.` }])
    }
    if (++deathsInARow > MOST_DEATHS_IN_A_ROW) fail(ended(`${reason}, ${deathsInARow} times in a row`))
    else start(thread.slot)
  }

  function wake(): void {
    // One order each first, so that few trials are shared out evenly.
    for (let orders = 1; orders <= MOST_ORDERS; orders++)
      for (const thread of threads)
        if (!isClosed && thread.isReady && thread.orders.length < orders) give(thread)
    const isIdle =
      threads.some(({ isReady }) => isReady) && threads.every(({ orders }) => orders.length === 0)
    if (!isClosed && isIdle && again.length === 0) onIdle()
  }

  function give(thread: Thread): void {
    const atMost = Math.max(1, Math.min(mostTrials, Math.floor(ORDER_MS / millisecondsPerTrial)))
    const trials = again.length > 0 ? again.splice(0, 1) : take(atMost)
    if (trials.length === 0) return
    thread.orders.push(trials)
    const order: ThreadOrder = { trials }
    thread.worker.postMessage(order)
  }

  /** Ends the threads whose point takes too long: then it counts as one that ends its thread. */
  function watch(limitMs: number): void {
    const nowMs = performance.now()
    for (const thread of threads) {
      const at = Atomics.load(current, thread.slot)
      if (at !== thread.at || at === 0) {
        thread.at = at
        thread.sinceMs = nowMs
      } else if (nowMs - thread.sinceMs > limitMs && thread.reason === null) {
        thread.reason = `a point took longer than ${limitMs} ms`
        void thread.worker.terminate()
      }
    }
  }

  for (let slot = 0; slot < count; slot++) start(slot)
  const watching = mostPointMs === null ? null : setInterval(watch, Math.max(1, mostPointMs / 4), mostPointMs)
  return {
    async close() {
      isClosed = true
      if (watching !== null) clearInterval(watching)
      await Promise.all(threads.map(thread => end(thread, current)))
    },
  }
}

/** Lets a thread end by itself where it is idle, which costs it nothing; else ends it. */
async function end({ worker, slot, hasEnded }: Thread, current: Int32Array): Promise<void> {
  if (hasEnded) return
  if (Atomics.load(current, slot) === 0) {
    const ended = new Promise<boolean>(resolve => worker.once('exit', () => resolve(true)))
    const order: ThreadOrder = null
    worker.postMessage(order)
    const waited = new AbortController()
    const late = setTimeout(END_MS, false, { signal: waited.signal }).catch(() => true)
    const isDone = await Promise.race([ended, late])
    waited.abort()
    if (isDone) return
  }
  await worker.terminate()
}

const unusable = (module: string, reason: string): InvalidInputError =>
  new InvalidInputError(`The module ${module} evaluates no points: ${reason}.`, {
    facts: { module, reason },
    hint: 'Export a function from it that takes columns and settings and returns one that takes a point.',
  })

const ended = (reason: string, cause?: unknown): UnavailableError =>
  new UnavailableError(`A thread of the sweep ended: ${reason}.`, {
    facts: { reason },
    hint: 'Run the sweep again: it goes on where it stopped. If it ends again, the process may lack memory.',
    cause,
  })
