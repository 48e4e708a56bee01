import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { createRpcSource } from '../sources/rpcSource.ts'
import { createRangeEncoder } from './encodeRange.ts'
import type { ThreadAnswer, ThreadOrder, ThreadPlan } from './rangeThreads.ts'
import { packError } from './threadError.ts'

// A thread that reads ranges of a node and hands them back in a store's own form.
if (parentPort !== null) await serve(parentPort, workerData as ThreadPlan)

async function serve(port: MessagePort, { rpc, plan }: ThreadPlan): Promise<void> {
  const answer = (message: ThreadAnswer, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)
  const source = await createRpcSource(rpc)
  const read = await createRangeEncoder(source, plan)
  port.on('message', async ({ id, from, to }: ThreadOrder) => {
    try {
      const range = await read(from, to, {
        refused: (blocks, suggested) => answer({ kind: 'refused', id, blocks, suggested }),
      })
      const memory = range.observations.pieces.map(({ buffer }) => buffer)
      answer({ kind: 'range', id, range }, memory)
    } catch (error) {
      answer({ kind: 'error', id, error: packError(error) })
    }
  })
  answer({ kind: 'ready' })
}
