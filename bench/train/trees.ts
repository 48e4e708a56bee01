import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gaussian, SCORE_ONE, seededRandom } from '../../core/index.ts'
import type { Fit } from '../../models/fit.ts'
import type { TreesLearner } from '../../models/learner.ts'
import { binsOf, evaluateTrees } from '../../models/trees/evaluateTrees.ts'
import { explainTrees } from '../../models/trees/explainTrees.ts'
import { trainTrees } from '../../models/trees/trainTrees.ts'
import type { TreeEnsemble } from '../../models/trees/treeEnsemble.ts'
import { type BenchmarkResult, nanosecondsPerCall } from '../benchmark.ts'

const ROWS = 1_000_000
/** Rows beside them that nothing is fitted to. */
const HELD_OUT = 100_000
const COLUMNS = 64
const THREADS = [1, 4] as const
/** Seconds that a training may take on four cores. */
const LIMIT_SECONDS = 25

const LEARNER: TreesLearner = {
  kind: 'trees',
  rounds: 100,
  depth: 6,
  learningRate: 0.1,
  l2: 1,
  minLeafWeight: 1,
  minGain: 0,
  rowShare: 1,
  featureShare: 1,
  patience: 100,
}

type Outcome = { readonly seconds: number; readonly logLoss: number }

/**
 * Training of 100 trees of depth 6 on 1M rows x 64 features, bins and all, on one thread and on four, beside
 * XGBoost's histogram trees on the same data; and the explanation of one row.
 */
export async function trainTreesBench(): Promise<BenchmarkResult[]> {
  const fit = fitOf()
  const results: BenchmarkResult[] = []
  const folder = await mkdtemp(join(tmpdir(), 'trees-'))
  try {
    await writeFile(join(folder, 'values'), fit.set.values)
    await writeFile(join(folder, 'targets'), fit.set.targets)
    let ensemble: TreeEnsemble | null = null
    for (const threads of THREADS) {
      const ours = await inTouchstone(fit, threads)
      const memoryMb = Math.round(process.memoryUsage().rss / 2 ** 20)
      const xgboost = await inXgboost(folder, threads)
      ensemble = ours.ensemble
      results.push({
        name: `train-trees: 1M rows x 64 features, 100 trees of depth 6, ${threads === 1 ? 'one thread' : `${threads} threads`}`,
        unit: 's',
        ours: ours.seconds,
        peers: xgboost === null ? {} : { [`xgboost (${threads} threads)`]: xgboost.seconds },
        limit: threads === 1 ? null : LIMIT_SECONDS,
        memoryMb,
        notes: [
          `log loss on ${HELD_OUT} held-out rows: touchstone ${ours.logLoss.toFixed(5)}` +
            (xgboost === null
              ? '; no Python with xgboost is installed: XGBoost was left out'
              : `, xgboost ${xgboost.logLoss.toFixed(5)}`),
        ],
      })
    }
    if (ensemble !== null) results.push(explaining(ensemble, fit))
  } finally {
    await rm(folder, { recursive: true })
  }
  return results
}

async function inTouchstone(
  fit: Fit<TreesLearner>,
  workers: number,
): Promise<Outcome & { readonly ensemble: TreeEnsemble }> {
  const startMs = performance.now()
  const { ensemble } = await trainTrees(fit, { workers })
  const seconds = (performance.now() - startMs) / 1_000
  const rows = Uint32Array.from({ length: HELD_OUT }, (_, place) => ROWS + place)
  let loss = 0
  for (const [place, score] of evaluateTrees(ensemble, fit.set.values, rows).entries()) {
    const margin = (score / SCORE_ONE) * (fit.set.targets[ROWS + place] === 1 ? 1 : -1)
    loss += Math.log1p(Math.exp(-margin))
  }
  return { ensemble, seconds, logLoss: loss / HELD_OUT }
}

/** Null where no Python has XGBoost. */
async function inXgboost(folder: string, threads: number): Promise<Outcome | null> {
  const run = promisify(execFile)
  const script = join(import.meta.dirname, 'treesInXgboost.py')
  // A Python of one's own often comes first, without what the system's has.
  for (const python of ['python3', '/usr/bin/python3']) {
    const has = await run(python, ['-c', 'import xgboost']).then(
      () => true,
      () => false,
    )
    if (!has) continue
    const { stdout } = await run(python, [script, folder, String(ROWS), String(COLUMNS), String(threads)])
    const [seconds = Number.NaN, logLoss = Number.NaN] = stdout.trim().split(' ').map(Number)
    return { seconds, logLoss }
  }
  return null
}

/** Exact Shapley values of one row. */
function explaining(ensemble: TreeEnsemble, { set }: Fit<TreesLearner>): BenchmarkResult {
  const explain = explainTrees(ensemble)
  const rows = Array.from({ length: 100 }, (_, row) =>
    binsOf(ensemble, set.values.subarray(row * COLUMNS, (row + 1) * COLUMNS)),
  )
  let next = 0
  const explainNext = () => void explain(rows[next++ % rows.length] ?? new Uint8Array(COLUMNS))
  return {
    name: 'explain-trees: Shapley values of one row, 100 trees of depth 6',
    unit: 'us/row',
    ours: nanosecondsPerCall(explainNext, 500) / 1_000,
    peers: {},
    limit: 1_000,
  }
}

/** Rises that a slope, a step, an interaction and noise decide. */
function fitOf(): Fit<TreesLearner> {
  const random = seededRandom(1)
  const rows = ROWS + HELD_OUT
  const values = Float32Array.from({ length: rows * COLUMNS }, () => 2 * random() - 1)
  const targets = Float32Array.from({ length: rows }, (_, row) => {
    const [a = 0, b = 0, c = 0, d = 0] = values.subarray(row * COLUMNS, row * COLUMNS + 4)
    return a + (b > 0 && c > 0 ? 2 : 0) + (d > 0.5 ? 1 : 0) - 0.75 + gaussian(random) > 0 ? 1 : 0
  })
  return {
    set: { values, columns: COLUMNS, targets, weights: new Float32Array(rows).fill(1) },
    train: Uint32Array.from({ length: ROWS }, (_, row) => row),
    validation: new Uint32Array(),
    scaler: { mean: new Float32Array(COLUMNS), std: new Float32Array(COLUMNS).fill(1) },
    objective: 'direction',
    learner: LEARNER,
    seed: 1,
  }
}
