import { seededRandom } from '../../core/index.ts'
import { integer, parameters, type SweepOptions, shareColumns } from './index.ts'
import type { Pair } from './sweepEvaluators.fixture.ts'

// The sweeps that the tests run.

/** The module of the evaluators. */
export const module = new URL('./sweepEvaluators.fixture.ts', import.meta.url)
const random = seededRandom(7)
let price = 100
/** A random walk. */
export const columns = shareColumns({
  close: Float64Array.from({ length: 3_000 }, () => {
    price *= 1 + (random() - 0.5) * 0.02
    return price
  }),
})
export const space = parameters(
  { fast: integer(2, 20), slow: integer(5, 60, { step: 5 }) },
  { where: ({ fast, slow }) => fast < slow },
)
export const configuration = { agent: 'average-cross', version: 1 }
/** Every pair of averages. */
export const sweep: SweepOptions<Pair> = {
  space,
  method: 'grid',
  seed: 1,
  objective: 'sharpe',
  workers: 3,
  evaluate: { module, exportName: 'averageCross' },
  columns,
  configuration,
}

const numbers = parameters({ n: integer(1, 30) }, { where: ({ n }) => n !== 27 })
/** Numbers of which some fail, each in a way of its own. */
export const misbehaving: SweepOptions<{ readonly n: number }> = {
  space: numbers,
  method: 'grid',
  seed: 1,
  objective: 'sharpe',
  workers: 2,
  evaluate: {
    module,
    exportName: 'misbehaving',
    settings: { flags: new Int32Array(new SharedArrayBuffer(4)) },
  },
  configuration,
}

/** Sees how often points are evaluated, over all threads. */
export function counted(options: SweepOptions<Pair>, busyMs = 0) {
  const counts = new Int32Array(new SharedArrayBuffer(4))
  const evaluate = { ...options.evaluate, settings: { counts, busyMs } }
  return { options: { ...options, evaluate }, evaluated: () => Atomics.load(counts, 0) }
}
