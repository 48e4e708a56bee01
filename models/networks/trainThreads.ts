import { Worker } from 'node:worker_threads'
import { InvalidInputError, threadFile, UnavailableError } from '../../core/index.ts'
import type { FitHistory } from '../fit.ts'
import type { FitMemory } from './fitMemory.ts'
import type { EpochDone } from './trainFit.ts'

/** What a thread is started with. */
export type ThreadPlan = { readonly memory: WebAssembly.Memory }

export type ThreadOrder = {
  readonly fit: FitMemory
  readonly thread: number
  readonly threads: number
  /** Whether epochs are to be told. */
  readonly isWatched: boolean
}

export type ThreadAnswer =
  | { readonly kind: 'epoch'; readonly done: EpochDone }
  /** The history from the first thread of the fit's team. */
  | { readonly kind: 'trained'; readonly history: FitHistory | null }
  | { readonly kind: 'notFinite'; readonly epoch: number }

export type FitOrder = {
  /** Place of the fit among those given, for errors. */
  readonly index: number
  readonly fit: FitMemory
  readonly onEpoch?: (done: EpochDone) => void
}

/** Threads over one memory that train fits. */
export type TrainThreads = {
  /** Trains a fit on the first so many threads together, or on one given thread alone. */
  train(order: FitOrder, threads: { readonly first: number } | { readonly only: number }): Promise<FitHistory>
  /** Ends the threads, at once. What is still being trained is rejected with the reason. */
  close(reason: unknown): Promise<void>
}

type Job = {
  readonly order: FitOrder
  readonly resolve: (history: FitHistory | null) => void
  readonly reject: (reason: unknown) => void
}
type Thread = { readonly worker: Worker; job: Job | null }

/**
 * Starts threads.
 *
 * What they train is rejected with an InvalidInputError when its loss is not finite, and with an UnavailableError when
 * a thread ends.
 */
export function startTrainThreads(memory: WebAssembly.Memory, count: number): TrainThreads {
  const threads: Thread[] = []
  let failure: { readonly reason: unknown } | null = null
  const fail = (reason: unknown): void => {
    failure ??= { reason }
    // One thread's end leaves the others of its team waiting for good.
    for (const thread of threads) {
      thread.job?.reject(failure.reason)
      thread.job = null
    }
  }
  for (let place = 0; place < count; place++) threads.push(start())

  function start(): Thread {
    const worker = new Worker(...threadFile<ThreadPlan>(import.meta.url, 'trainThread', { memory }))
    const thread: Thread = { worker, job: null }
    worker.on('message', (answer: ThreadAnswer) => {
      const { job } = thread
      if (job === null) return
      if (answer.kind === 'epoch') tell(job.order, answer.done)
      else if (answer.kind === 'notFinite') fail(notFinite(job.order, answer.epoch))
      else {
        thread.job = null
        job.resolve(answer.history)
      }
    })
    worker.on('error', error => fail(ended(error.message)))
    worker.on('exit', code => fail(ended(`it exited with ${code}`)))
    return thread
  }

  function tell({ onEpoch }: FitOrder, done: EpochDone): void {
    try {
      onEpoch?.(done)
    } catch (error) {
      fail(error)
    }
  }

  function give(place: number, order: FitOrder, team: Pick<ThreadOrder, 'thread' | 'threads'>) {
    return new Promise<FitHistory | null>((resolve, reject) => {
      const thread = threads[place]
      if (failure !== null || thread === undefined) return reject(failure?.reason)
      thread.job = { order, resolve, reject }
      const { fit, onEpoch } = order
      const message: ThreadOrder = { fit, ...team, isWatched: onEpoch !== undefined }
      thread.worker.postMessage(message)
    })
  }

  return {
    async train(order, team) {
      const given =
        'only' in team
          ? [give(team.only, order, { thread: 0, threads: 1 })]
          : Array.from({ length: team.first }, (_, thread) =>
              give(thread, order, { thread, threads: team.first }),
            )
      const [history] = await Promise.all(given)
      if (history == null) throw ended('it returned no history')
      return history
    },
    async close(reason) {
      fail(reason)
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}

function notFinite({ index, fit }: FitOrder, epoch: number): InvalidInputError {
  const { learningRate } = fit.learner
  return new InvalidInputError(`The loss of fit ${index} is not finite in epoch ${epoch}.`, {
    facts: { fit: index, epoch, learningRate },
    hint: `Lower the learning rate, ${learningRate}, and look for extreme targets and weights.`,
  })
}

function ended(reason: string): UnavailableError {
  return new UnavailableError(`A thread that trains networks ended: ${reason}.`, {
    facts: { reason },
    hint: 'Train again. If it ends again, the process may lack memory: use fewer workers.',
  })
}
