import { Worker } from 'node:worker_threads'
import { type Hash, threadFile, UnavailableError } from '../core/index.ts'
import type { FeatureDefinition, FeatureMatrix } from '../feature-store/index.ts'
import { type ModelSpec, parseSealedModel, type SealedModel } from '../models/index.ts'

/** What a model is trained on, as data: the code of features cannot go to another thread. */
export type ThreadTask = {
  readonly matrix: FeatureMatrix
  readonly spec: ModelSpec
  readonly featureList: readonly Omit<
    FeatureDefinition,
    'init' | 'update' | 'updateRow' | 'updateRows' | 'value' | 'dependsOn'
  >[]
  readonly parent: Hash | undefined
  readonly workers: number
  readonly device: 'cpu'
}

/** The sealed model as its file's text, or why there is none. */
export type ThreadAnswer = { readonly text: string; readonly hash: Hash } | { readonly failure: string }

export type ThreadTraining = Pick<ThreadTask, 'matrix' | 'spec' | 'workers'> & {
  readonly features: readonly FeatureDefinition[]
  readonly parent: Hash | undefined
  /** Ends the training, which then rejects with the signal's reason. */
  readonly signal: AbortSignal
}

/**
 * Trains and seals a model on the CPU, beside everything else: its samples, folds, scores and bootstraps are made on a
 * thread of their own, too. The result is that of `trainModels`, to the bit.
 *
 * @throws UnavailableError saying why there is no model.
 */
export async function trainOnThread({ features, signal, ...task }: ThreadTraining): Promise<SealedModel> {
  signal.throwIfAborted()
  const featureList = features.map(
    ({ name, version, unit, description, params, inputs, scope, maxAgeMs }) => ({
      ...{ name, version, unit, description },
      ...{ params, inputs, scope, maxAgeMs },
    }),
  )
  const worker = new Worker(
    ...threadFile<ThreadTask>(import.meta.url, 'trainingThread', { ...task, featureList, device: 'cpu' }),
  )
  let stop = () => {}
  try {
    const answer = await new Promise<ThreadAnswer>((resolve, reject) => {
      stop = () => reject(signal.reason)
      signal.addEventListener('abort', stop, { once: true })
      worker.on('message', resolve)
      worker.on('error', error => resolve({ failure: error.message }))
      worker.on('exit', code => resolve({ failure: `the thread exited with ${code}` }))
    })
    if ('failure' in answer)
      throw new UnavailableError(`No model was trained: ${answer.failure}`, {
        facts: { model: task.spec.name },
        hint: 'Train it with `touchstone train` to see why.',
      })
    return parseSealedModel(answer.text, answer.hash)
  } finally {
    signal.removeEventListener('abort', stop)
    await worker.terminate()
  }
}
