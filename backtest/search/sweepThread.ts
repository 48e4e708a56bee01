import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { toError } from '../../core/index.ts'
import { openSharedFeatures } from '../../feature-store/index.ts'
import { type CreateEvaluator, checkFigures, type Evaluate, type SweepOutcome } from './sweepFigures.ts'
import type { ThreadAnswer, ThreadOrder, ThreadPlan } from './sweepThreads.ts'

// A thread that evaluates the points it is given, in turn.
if (parentPort !== null) await serve(parentPort, workerData as ThreadPlan)

async function serve(port: MessagePort, plan: ThreadPlan): Promise<void> {
  const answer = (message: ThreadAnswer) => port.postMessage(message)
  let evaluate: Evaluate
  try {
    evaluate = await load(plan)
  } catch (error) {
    answer({ kind: 'unusable', reason: toError(error).message })
    port.close()
    return
  }
  let turn = Promise.resolve()
  port.on('message', (order: ThreadOrder) => {
    if (order === null) {
      // With nothing left to wait for, the thread ends.
      port.close()
      return
    }
    const { trials } = order
    turn = turn.then(async () => {
      const startMs = performance.now()
      const outcomes: SweepOutcome[] = []
      for (const { trial, point } of trials) {
        // Says which point it was, should the thread end with it.
        Atomics.store(plan.current, plan.slot, trial + 1)
        try {
          const given = evaluate(point)
          const figures = given instanceof Promise ? await given : given
          outcomes.push({ figures: checkFigures(figures, plan.objective) })
        } catch (error) {
          outcomes.push({ error: toError(error).message })
        }
      }
      Atomics.store(plan.current, plan.slot, 0)
      answer({ kind: 'outcomes', outcomes, elapsedMs: performance.now() - startMs })
    })
  })
  answer({ kind: 'ready' })
}

async function load({ module, exportName, columns, settings, featureMemory }: ThreadPlan): Promise<Evaluate> {
  const create: unknown = ((await import(module)) as Record<string, unknown>)[exportName]
  if (typeof create !== 'function') throw new Error(`it exports no function "${exportName}"`)
  const evaluate: unknown = await (create as CreateEvaluator)({
    columns,
    settings,
    features: openSharedFeatures(featureMemory),
  })
  if (typeof evaluate !== 'function') throw new Error(`"${exportName}" returned no function`)
  return evaluate as Evaluate
}
