import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gaussian, seededRandom, toError } from '../core/index.ts'
import type { Fit } from '../models/fit.ts'
import { type Gpu, openGpu } from '../models/gpu/openGpu.ts'
import { trainNetworksOnGpu } from '../models/gpu/trainNetworksOnGpu.ts'
import { type NetworkLearner, stepsOf } from '../models/learner.ts'
import { fitScaler } from '../models/scaler.ts'
import type { BenchmarkResult } from './benchmark.ts'

const DESCENT = { l2: 0, patience: 100_000, epochs: 100_000 }
/** Learning rates of a population: the members of one seed and different rates take their rows in the same order. */
const RATES = 8

type Task = {
  readonly kind: 'mlp' | 'tcn'
  readonly title: string
  readonly learner: (learningRate: number) => NetworkLearner
  readonly columns: number
  /** Rows to fit to: on a card, and on its imitation, which is only to show that it works. */
  readonly rows: { readonly card: number; readonly software: number }
  readonly members: { readonly card: readonly number[]; readonly software: readonly number[] }
}

const TASKS: readonly Task[] = [
  {
    kind: 'mlp',
    title: 'MLP 64-128-64-1, batch 1,024',
    learner: learningRate => ({ kind: 'mlp', hidden: [128, 64], batchSize: 1_024, learningRate, ...DESCENT }),
    columns: 64,
    rows: { card: 131_072, software: 2_048 },
    members: { card: [1, 16, 64], software: [1, 4] },
  },
  {
    kind: 'tcn',
    title: 'TCN, 16 inputs, 64 channels, 4 levels, 64 steps, batch 256',
    learner: learningRate => ({
      kind: 'tcn',
      steps: 64,
      channels: 64,
      levels: 4,
      kernel: 3,
      batchSize: 256,
      learningRate,
      ...DESCENT,
    }),
    columns: 16,
    rows: { card: 32_768, software: 256 },
    members: { card: [1, 16, 64], software: [1] },
  },
]

/** Training of populations on the GPU that is there, beside PyTorch on the same card. */
export async function trainGpu(): Promise<BenchmarkResult[]> {
  const results: BenchmarkResult[] = []
  for await (const result of measureGpu()) results.push(result)
  return results
}

/** As `trainGpu`, each result as soon as it is measured; what fails is a result too, that says why. */
export async function* measureGpu(): AsyncGenerator<BenchmarkResult> {
  const gpu = await openGpu()
  if ('unavailable' in gpu) throw new Error(`${gpu.unavailable} ${gpu.remedy}`)
  const where = gpu.software ? 'software' : 'card'
  const seconds = gpu.software ? 1 : 5
  try {
    for (const task of TASKS)
      for (const members of task.members[where]) {
        const name = `train-gpu: ${task.title}, ${members === 1 ? 'one network' : `${members} networks together`}`
        const failures: string[] = []
        const ours = await inTouchstone(gpu, task, members, task.rows[where], seconds).catch(error => {
          failures.push(`touchstone failed: ${toError(error).message}`)
          return Number.NaN
        })
        const pytorch = gpu.software ? null : await inPytorch(task.kind, members, seconds)
        const ways = Object.entries(pytorch?.samplesPerSecond ?? {})
        const peers = Object.fromEntries(ways.map(([way, rate]) => [`pytorch (${way})`, rate]))
        const notes = [...failures, ...notesOf(gpu, pytorch)]
        yield { name, unit: 'samples/s', ours, peers, limit: null, notes }
      }
  } finally {
    gpu.close()
  }
}

/** Samples per second of all members together: the best epoch of some seconds, after the first. */
async function inTouchstone(
  gpu: Gpu,
  task: Task,
  members: number,
  rows: number,
  seconds: number,
): Promise<number> {
  const fits = populationOf(task, members, rows)
  const enough = new AbortController()
  const startMs = performance.now()
  let epochMs = startMs
  let best = 0
  await trainNetworksOnGpu(gpu, fits, {
    signal: enough.signal,
    onProgress({ fit, step }) {
      // All members end an epoch together: the first to be told of it stands for them.
      if (fit !== 0) return
      const nowMs = performance.now()
      if (step > 1) best = Math.max(best, (rows * members * 1_000) / (nowMs - epochMs))
      epochMs = nowMs
      if (step > 2 && nowMs - startMs > seconds * 1_000) enough.abort()
    },
  }).catch(error => {
    if (!enough.signal.aborted) throw error
  })
  return best
}

function populationOf({ learner, columns }: Task, members: number, rows: number): Fit<NetworkLearner>[] {
  const random = seededRandom(11)
  const first = stepsOf(learner(0.001)) - 1
  const count = rows + first
  const values = Float32Array.from({ length: count * columns }, () => gaussian(random))
  const train = Uint32Array.from({ length: rows }, (_, row) => row + first)
  const set = {
    values,
    columns,
    targets: Float32Array.from({ length: count }, () => (random() < 0.5 ? 0 : 1)),
    weights: new Float32Array(count).fill(1),
  }
  const common = {
    set,
    train,
    validation: new Uint32Array(0),
    scaler: fitScaler(values, columns, train),
    objective: 'direction' as const,
  }
  return Array.from({ length: members }, (_, member) => ({
    ...common,
    learner: learner(0.0002 * (1 + (member % RATES))),
    seed: Math.floor(member / RATES),
  }))
}

type Pytorch = {
  readonly device: string | null
  readonly version: string
  readonly samplesPerSecond: Readonly<Record<string, number>>
  readonly failed: Readonly<Record<string, string>>
}

/** Null where no Python has PyTorch. */
async function inPytorch(kind: Task['kind'], members: number, seconds: number): Promise<Pytorch | null> {
  // Beside this file in the sources, beside the bundle in a bundle.
  const script = ['trainGpu/populationInPytorch.py', 'populationInPytorch.py']
    .map(path => join(import.meta.dirname, path))
    .find(path => existsSync(path))
  if (script === undefined) return null
  // A Python of one's own often comes first, without what the system's has.
  for (const python of ['python3', '/usr/bin/python3']) {
    const answer = await promisify(execFile)(python, [script, kind, String(members), String(seconds)]).catch(
      () => null,
    )
    if (answer !== null) return JSON.parse(answer.stdout)
  }
  return null
}

function notesOf(gpu: Gpu, pytorch: Pytorch | null): string[] {
  const notes = [`on ${gpu.name}`]
  if (gpu.software) return [...notes, 'an imitation in software: a check that it works, not a measurement']
  if (pytorch === null) return [...notes, 'no Python with torch is installed: PyTorch was left out']
  if (pytorch.device === null) return [...notes, 'PyTorch finds no CUDA card: it was left out']
  for (const [way, reason] of Object.entries(pytorch.failed)) notes.push(`pytorch (${way}): ${reason}`)
  return [...notes, `PyTorch ${pytorch.version} on ${pytorch.device}`]
}
