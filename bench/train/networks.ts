import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gaussian, seededRandom } from '../../core/index.ts'
import type { Fit } from '../../models/fit.ts'
import { type NetworkLearner, stepsOf } from '../../models/learner.ts'
import { layersOf } from '../../models/networks/floatNetwork.ts'
import { initialParameters } from '../../models/networks/initialParameters.ts'
import { neededSteps } from '../../models/networks/neededSteps.ts'
import { trainNetworks } from '../../models/networks/trainNetworks.ts'
import { fitScaler } from '../../models/scaler.ts'
import type { BenchmarkResult } from '../benchmark.ts'
import { loadTensorflow } from '../loadTensorflow.ts'

const DESCENT = { learningRate: 0.001, l2: 0, patience: 1_000, epochs: 1_000 }
const SECONDS = 4
const THREADS = [1, 4] as const

type Task = {
  readonly kind: 'mlp' | 'tcn'
  readonly title: string
  readonly learner: NetworkLearner
  readonly columns: number
  readonly rows: number
  /** Targets in samples/s on one thread and on four: a multiple of TensorFlow.js, and at least so many on four. */
  readonly leastTensorflowRatio: number
  readonly leastOnFour: number
}

const TASKS: readonly Task[] = [
  {
    kind: 'mlp',
    title: 'MLP 64-128-64-1, batch 1,024',
    learner: { kind: 'mlp', hidden: [128, 64], batchSize: 1_024, ...DESCENT },
    columns: 64,
    rows: 16_384,
    leastTensorflowRatio: 10,
    leastOnFour: 278_000,
  },
  {
    kind: 'tcn',
    title: 'TCN, 16 inputs, 64 channels, 4 levels, 64 steps, batch 256',
    learner: { kind: 'tcn', steps: 64, channels: 64, levels: 4, kernel: 3, batchSize: 256, ...DESCENT },
    columns: 16,
    rows: 2_048 + 63,
    leastTensorflowRatio: 10,
    leastOnFour: 4_000,
  },
]

/** Training of an MLP and of a TCN, on one thread and on four, beside TensorFlow.js and PyTorch. */
export async function trainNetworksBench(): Promise<BenchmarkResult[]> {
  const results: BenchmarkResult[] = []
  // All of ours first: the memory that TensorFlow.js takes is then not counted.
  const ours = new Map<Task, { readonly rates: number[]; readonly memoryMb: number }>()
  for (const task of TASKS) {
    const rates: number[] = []
    for (const threads of THREADS) rates.push(await inTouchstone(task, threads))
    ours.set(task, { rates, memoryMb: Math.round(process.memoryUsage().rss / 2 ** 20) })
  }
  for (const task of TASKS) {
    const { rates = [], memoryMb = 0 } = ours.get(task) ?? {}
    const tensorflow = await inTensorflow(task)
    for (const [place, threads] of THREADS.entries()) {
      const pytorch = await inPytorch(task, threads)
      results.push({
        name: `train: ${task.title}, ${threads === 1 ? 'one thread' : `${threads} threads`}`,
        unit: 'samples/s',
        ours: rates[place] ?? Number.NaN,
        peers: {
          'tensorflow.js (wasm, one thread)': tensorflow,
          ...(pytorch === null ? {} : { [`pytorch (${threads} threads)`]: pytorch }),
        },
        limit: threads === 1 ? task.leastTensorflowRatio * tensorflow : task.leastOnFour,
        memoryMb,
        notes: [
          ...(pytorch === null ? ['no Python with torch is installed: PyTorch was left out'] : []),
          ...(task.kind === 'tcn' ? [workOf(task)] : []),
        ],
      })
    }
  }
  return results
}

/** Samples per second: the best epoch of some seconds, after the first. */
async function inTouchstone(task: Task, workers: number): Promise<number> {
  const fit = fitOf(task)
  const enough = new AbortController()
  const startMs = performance.now()
  let epochMs = startMs
  let best = 0
  await trainNetworks([fit], {
    workers,
    signal: enough.signal,
    onProgress({ step }) {
      const nowMs = performance.now()
      if (step > 1) best = Math.max(best, (fit.train.length * 1_000) / (nowMs - epochMs))
      epochMs = nowMs
      if (step > 2 && nowMs - startMs > SECONDS * 1_000) enough.abort()
    },
  }).catch(error => {
    if (!enough.signal.aborted) throw error
  })
  return best
}

/** The best batch of some seconds, after the first; its tensors lie ready. */
async function inTensorflow(task: Task): Promise<number> {
  const { tf } = await loadTensorflow()
  const { tensorflowLoss, toBatch, toVariables } = await import(
    '../../models/networks/tensorflowNetwork.fixture.ts'
  )
  const fit = fitOf(task)
  const size = fit.learner.batchSize
  const batch = toBatch(fit, fit.train.slice(0, size))
  const variables = toVariables(
    fit.learner,
    task.columns,
    initialParameters(fit.learner, task.columns, seededRandom(1)),
  )
  const optimizer = tf.train.adam(fit.learner.learningRate)
  let best = 0
  const startMs = performance.now()
  for (let step = 0; step < 3 || performance.now() - startMs < SECONDS * 1_000; step++) {
    const stepMs = performance.now()
    const loss = optimizer.minimize(() => tensorflowLoss(fit, batch, variables).div(size).asScalar(), true)
    loss?.dataSync()
    loss?.dispose()
    if (step > 0) best = Math.max(best, (size * 1_000) / (performance.now() - stepMs))
  }
  return best
}

/** Null where no Python has PyTorch. */
async function inPytorch({ kind }: Task, threads: number): Promise<number | null> {
  const script = join(import.meta.dirname, 'networksInPytorch.py')
  // A Python of one's own often comes first, without what the system's has.
  for (const python of ['python3', '/usr/bin/python3']) {
    const has = await run(python, ['-c', 'import torch']).then(
      () => true,
      () => false,
    )
    if (!has) continue
    const { stdout } = await run(python, [script, kind, String(threads), String(SECONDS)])
    return Number(stdout)
  }
  return null
}

const run = promisify(execFile)

/** What a forward pass multiplies and adds, here and where every step of the window is computed. */
function workOf({ learner, columns }: Task): string {
  const layers = layersOf(learner, columns)
  const needed = neededSteps(layers, stepsOf(learner))
  const sizes = layers.map(({ taps, inputs, outputs }) => taps * inputs * outputs)
  const total = (steps: (layer: number) => number) =>
    sizes.reduce((sum, size, layer) => sum + size * steps(layer), 0)
  const ours = total(layer => needed[layer + 1]?.length ?? 0)
  const all = total(layer => (layer === layers.length - 1 ? 1 : stepsOf(learner)))
  return `the peers compute every step of the window, ${(all / 1e6).toFixed(2)}M products forward; touchstone those that the last step depends on, ${(ours / 1e6).toFixed(2)}M`
}

function fitOf({ learner, columns, rows }: Task): Fit<NetworkLearner> {
  const random = seededRandom(1)
  const values = Float32Array.from({ length: rows * columns }, () => gaussian(random))
  const targets = Float32Array.from({ length: rows }, () => (random() < 0.5 ? 1 : 0))
  const weights = new Float32Array(rows).fill(1)
  const before = stepsOf(learner) - 1
  const train = Uint32Array.from({ length: rows - before }, (_, place) => place + before)
  return {
    set: { values, columns, targets, weights },
    train,
    validation: new Uint32Array(),
    scaler: fitScaler(values, columns, train),
    objective: 'direction',
    learner,
    seed: 1,
  }
}
