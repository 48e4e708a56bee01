import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { threadFile, UnavailableError } from '../../core/index.ts'
import type { BoostRound } from './boostTrees.ts'
import type { TreesLayout } from './treesMemory.ts'
import { carryOut, type ThreadAnswer, type ThreadOrder, type ThreadPlan } from './treesWork.ts'

/** One that carries out orders, the next when the last is done. */
export type TreesThread = {
  readonly thread: number
  /** The last answer to an order; each round of a training is told before. */
  ask(order: ThreadOrder, onRound?: (round: BoostRound) => void): Promise<ThreadAnswer>
  close(): Promise<void>
}

/** Starts a thread. It shares the memory with the others and with the caller. */
export function startTreesThread(
  memory: WebAssembly.Memory,
  layout: TreesLayout,
  thread: number,
): TreesThread {
  const worker = new Worker(
    ...threadFile<ThreadPlan>(import.meta.url, 'treesThread', { memory, layout, thread }),
  )
  let pending: { answer(answer: ThreadAnswer): void; fail(error: Error): void } | null = null
  let failure: Error | null = null
  const fail = (reason: string) => {
    failure ??= ended(reason)
    pending?.fail(failure)
    pending = null
  }
  worker.on('message', (answer: ThreadAnswer) => pending?.answer(answer))
  worker.on('error', error => fail(error.message))
  worker.on('exit', code => fail(`it exited with ${code}`))
  return {
    thread,
    ask(order, onRound) {
      return new Promise((resolve, reject) => {
        if (failure !== null) {
          reject(failure)
          return
        }
        pending = {
          answer(answer) {
            if (answer.kind === 'round') onRound?.(answer.round)
            else {
              pending = null
              resolve(answer)
            }
          },
          fail: reject,
        }
        worker.postMessage(order, order.kind === 'edges' ? [order.values.buffer as ArrayBuffer] : [])
      })
    },
    async close() {
      await worker.terminate()
    },
  }
}

/** Does the work of a thread in the calling one, which is free for other work between two rounds. */
export function stayInThread(memory: WebAssembly.Memory, layout: TreesLayout): TreesThread {
  let isClosed = false
  return {
    thread: 0,
    async ask(order, onRound) {
      for (const answer of carryOut({ memory, layout, thread: 0 }, order)) {
        if (answer.kind === 'round') onRound?.(answer.round)
        await setImmediate()
        if (isClosed) break
        if (answer.kind !== 'round') return answer
      }
      return { kind: 'done' }
    },
    async close() {
      isClosed = true
    },
  }
}

function ended(reason: string): UnavailableError {
  return new UnavailableError(`A thread that trains trees ended: ${reason}.`, {
    facts: { reason },
    hint: 'Train again. If it ends again, the process may lack memory: use fewer rows or fewer workers.',
  })
}
