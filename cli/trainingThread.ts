import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { toError } from '../core/index.ts'
import type { FeatureDefinition } from '../feature-store/index.ts'
import { serialiseSealedModel, trainModels } from '../models/index.ts'
import type { ThreadAnswer, ThreadTask } from './trainOnThread.ts'

// A thread that trains one model, seals it and ends.
if (parentPort !== null) await answer(parentPort, workerData as ThreadTask)

async function answer(port: MessagePort, { featureList, ...task }: ThreadTask): Promise<void> {
  port.postMessage(await train({ featureList, ...task }))
  port.close()
}

async function train({ featureList, ...task }: ThreadTask): Promise<ThreadAnswer> {
  try {
    // Training reads what the features are called and made of; their code stays where the matrix was built.
    const { models } = await trainModels({
      ...task,
      featureList: featureList as readonly FeatureDefinition[],
    })
    const last = models.at(-1)
    if (last === undefined) throw new RangeError('A training gives a model.')
    return { text: serialiseSealedModel(last.model).text, hash: last.hash }
  } catch (error) {
    return { failure: toError(error).message }
  }
}
