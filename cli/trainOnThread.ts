import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type Hash, UnavailableError } from '../core/index.ts'
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
  const worker = new Worker(...threadFile({ ...task, featureList, device: 'cpu' }))
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

function threadFile(workerData: ThreadTask): ConstructorParameters<typeof Worker> {
  const options = { workerData, execArgv: [] }
  if (!import.meta.url.endsWith('.ts')) return [new URL('./trainingThread.js', import.meta.url), options]
  // From source, in development: a thread of Node 20 reads TypeScript only through what it registers by itself.
  const api = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api')).href
  const { href } = new URL('./trainingThread.ts', import.meta.url)
  const start = `import('${api}').then(({ register }) => { register(); return import('${href}') })`
  return [start, { ...options, eval: true }]
}
