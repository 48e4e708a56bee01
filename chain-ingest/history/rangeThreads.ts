import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { threadFile, UnavailableError } from '../../core/index.ts'
import type { RpcSourceOptions } from '../sources/rpcSource.ts'
import type { EncodedRange, EncodingPlan, ReadEncoded } from './encodeRange.ts'
import type { RefusalListener } from './rangeReader.ts'
import { type PackedError, unpackError } from './threadError.ts'

/** What a thread is started with. */
export type ThreadPlan = { readonly rpc: RpcSourceOptions; readonly plan: EncodingPlan }

export type ThreadOrder = { readonly id: number; readonly from: number; readonly to: number }

export type ThreadAnswer =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'refused'
      readonly id: number
      readonly blocks: number
      readonly suggested: number | null
    }
  | { readonly kind: 'range'; readonly id: number; readonly range: EncodedRange }
  | { readonly kind: 'error'; readonly id: number; readonly error: PackedError }

/** Threads that read ranges, each with a connection of its own. */
export type RangeThreads = {
  /** True once all of them can read. */
  isReady(): boolean
  readonly read: ReadEncoded
  close(): Promise<void>
}

/** Beside them, this thread, the node and the database need a core; each takes about 60 MB. */
export const RANGE_THREADS = Math.min(2, availableParallelism() - 1)

/** Young objects of a thread: logs live as long as their range, and are not worth copying meanwhile. */
const YOUNG_MB = 16

type Thread = {
  readonly worker: Worker
  readonly orders: Map<number, Order>
  isReady: boolean
  failure: Error | null
}
type Order = {
  readonly listener: RefusalListener
  readonly resolve: (range: EncodedRange) => void
  readonly reject: (error: Error) => void
}

/**
 * Starts threads that read ranges. Until they are ready, and if one cannot start, `isReady` is false.
 *
 * A thread that ends in the middle of its work fails that work with an UnavailableError.
 */
export function startRangeThreads(plan: ThreadPlan, count = RANGE_THREADS): RangeThreads {
  let next = 0
  const threads: Thread[] = []
  try {
    for (let thread = 0; thread < count; thread++) threads.push(startThread(plan))
  } catch {
    // Where threads cannot be had, what they would do is done without them.
  }

  return {
    isReady: () => threads.length === count && threads.every(({ isReady }) => isReady),
    async read(from, to, listener) {
      const [thread] = threads.toSorted((a, b) => a.orders.size - b.orders.size)
      if (thread === undefined) throw ended('there is none')
      if (thread.failure !== null) throw thread.failure
      return new Promise((resolve, reject) => {
        const id = next++
        thread.orders.set(id, { listener, resolve, reject })
        const order: ThreadOrder = { id, from, to }
        thread.worker.postMessage(order)
      })
    },
    async close() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}

function startThread(workerData: ThreadPlan): Thread {
  const worker = new Worker(
    ...threadFile<ThreadPlan>(import.meta.url, 'rangeThread', workerData, {
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    }),
  )
  const thread: Thread = { worker, orders: new Map(), isReady: false, failure: null }
  const fail = (error: Error) => {
    thread.isReady = false
    thread.failure ??= error
    for (const { reject } of thread.orders.values()) reject(error)
    thread.orders.clear()
  }
  worker.on('message', (answer: ThreadAnswer) => {
    if (answer.kind === 'ready') {
      thread.isReady = true
      return
    }
    const order = thread.orders.get(answer.id)
    if (answer.kind === 'refused') return order?.listener.refused(answer.blocks, answer.suggested)
    thread.orders.delete(answer.id)
    if (answer.kind === 'range') order?.resolve(answer.range)
    else order?.reject(unpackError(answer.error))
  })
  worker.on('error', error => fail(ended(error.message)))
  worker.on('exit', code => fail(ended(`it exited with ${code}`)))
  return thread
}

function ended(reason: string): UnavailableError {
  return new UnavailableError(`A thread that reads logs ended: ${reason}.`, {
    facts: { reason },
    hint: 'Ingest again: it goes on where it stopped. If it ends again, the process may lack memory.',
  })
}
