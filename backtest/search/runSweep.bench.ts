// What a point of a sweep costs beside its own work, in microseconds: `npx tsx backtest/search/runSweep.bench.ts`.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unixMs } from '../../core/index.ts'
import {
  createSearch,
  integer,
  openTrialLedger,
  parameters,
  real,
  runSweep,
  type SweepOptions,
  shareColumns,
} from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'touchstone-sweep-bench-'))
const module = (work: string) =>
  `data:text/javascript,${encodeURIComponent(
    `export const make = ({ columns: { close } }) => ({ n }) => { ${work}; return { sharpe: close[n % close.length], trades: n } }`,
  )}`
const idle = module('')
const busy = module('for (const end = performance.now() + 1; performance.now() < end; );')

/** Milliseconds from the first result to the last, by point: without what it takes to start the threads. */
async function perPoint(
  options: Partial<SweepOptions<never>> & { readonly trials: number },
): Promise<number> {
  let first: { readonly atMs: number; readonly done: number } | null = null
  await runSweep<{ readonly n: number }>({
    space: parameters({ n: integer(0, 9_999_999) }),
    method: 'random',
    seed: 1,
    objective: 'sharpe',
    workers: 4,
    evaluate: { module: idle, exportName: 'make' },
    columns: shareColumns({ close: Float64Array.from({ length: 1_000 }, (_, n) => n % 97) }),
    configuration: {},
    ...(options as object),
    onProgress: ({ done }) => {
      first ??= { atMs: performance.now(), done }
    },
  })
  const { atMs, done } = first ?? { atMs: 0, done: 0 }
  return (performance.now() - atMs) / (options.trials - done)
}

const microseconds = (milliseconds: number) => `${(milliseconds * 1_000).toFixed(1)} µs`
const line = (name: string, milliseconds: number) =>
  process.stdout.write(`${name.padEnd(46)}${microseconds(milliseconds).padStart(10)} a point\n`)
const report = async (name: string, options: Parameters<typeof perPoint>[0]) =>
  line(name, await perPoint(options))

try {
  const ledger = await openTrialLedger(join(folder, 'trials.jsonl'), { version: 'bench' })
  const period = { ledger, agent: 'bench', fromMs: unixMs(0), toMs: unixMs(1), now: () => unixMs(2) }
  await report('random, in memory', { trials: 200_000 })
  await report('random, kept in a file', { trials: 200_000, file: join(folder, 'a.jsonl') })
  await report('random, in a file and in the trial ledger', {
    trials: 100_000,
    file: join(folder, 'b.jsonl'),
    ledger: period,
  })
  const space = parameters({ n: integer(0, 999_999), rate: real(0, 1), log: real(0.01, 1, { log: true }) })
  for (const trials of [1_000, 10_000]) {
    const search = createSearch({ space, method: 'tpe', seed: 1, trials })
    const startMs = performance.now()
    for (let trial = search.ask(); trial !== null; trial = search.ask()) search.tell(trial, trial.point.rate)
    line(`ask and tell of a tpe search of ${trials} trials`, (performance.now() - startMs) / trials)
  }
  await report('tpe, in memory', { trials: 1_000, method: 'tpe', space: space as never })
  const work = { evaluate: { module: busy, exportName: 'make' } }
  const [one, four] = [
    await perPoint({ trials: 2_000, workers: 1, ...work }),
    await perPoint({ trials: 8_000, ...work }),
  ]
  process.stdout.write(
    `points of 1 ms: ${(1_000 / one).toFixed(0)} a second on one thread, ${(1_000 / four).toFixed(0)} on four\n`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
