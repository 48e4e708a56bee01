import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { networkKernel } from './networkKernel.ts'
import { LossNotFinite, trainFit } from './trainFit.ts'
import type { ThreadAnswer, ThreadOrder, ThreadPlan } from './trainThreads.ts'

// A thread that trains the fits it is given, in turn.
if (parentPort !== null) serve(parentPort, workerData as ThreadPlan)

function serve(port: MessagePort, { memory }: ThreadPlan): void {
  const kernel = networkKernel(memory)
  const answer = (message: ThreadAnswer) => port.postMessage(message)
  port.on('message', ({ fit, thread, threads, isWatched }: ThreadOrder) => {
    try {
      const history = trainFit(kernel, fit, { thread, threads }, done => {
        if (isWatched) answer({ kind: 'epoch', done })
      })
      answer({ kind: 'trained', history })
    } catch (error) {
      if (!(error instanceof LossNotFinite)) throw error
      answer({ kind: 'notFinite', epoch: error.epoch })
    }
  })
}
