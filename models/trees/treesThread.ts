import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { carryOut, type ThreadOrder, type ThreadPlan } from './treesWork.ts'

// A thread that trains trees.
if (parentPort !== null) serve(parentPort, workerData as ThreadPlan)

function serve(port: MessagePort, plan: ThreadPlan): void {
  port.on('message', (order: ThreadOrder) => {
    for (const answer of carryOut(plan, order)) port.postMessage(answer)
  })
}
