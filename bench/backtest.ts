import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { GRADEMARK_DIFFERS } from './backtest/inGrademark.ts'
import { isSameWork } from './backtest/sameWork.ts'
import type { SideBySide } from './backtest/sideBySide.ts'
import type { Swept } from './backtest/sweepProcess.ts'
import type { BenchmarkResult } from './benchmark.ts'

const MINUTES = 1_000_000
const SWEPT_MINUTES = 100_000
const PAIRS = 1_000
const WORKERS = 4
/** Of the value on each side: 0.2 %. */
const DAILY_FEE_PPM = 2_000
/** 0.001 %: of 0.2 %, tens of thousands of round trips of all the equity would leave nothing to trade with. */
const MINUTE_FEE_PPM = 10
const MOST_DAILY_US = 1_000
const LEAST_BARS = 6_000_000
const LEAST_RUNS = 400
const MOST_SWEEP_MB = 300
/** A contender whose sweep would take longer is given some of the pairs only. */
const MOST_SWEEP_SECONDS = 20
const LEAST_PAIRS = 8

/**
 * A cross of two averages with orders, trades and statistics, beside grademark and beside a loop over typed arrays
 * that does the same: on daily bars in the number of a well-known sample, on a million minutes, and in a sweep of a
 * thousand pairs on four threads.
 */
export async function backtest(): Promise<BenchmarkResult[]> {
  await install()
  await compile()
  const results: BenchmarkResult[] = []
  for (const mode of MODES) results.push(daily(mode, await sideBySide('daily', mode, DAILY_FEE_PPM)))
  const minutes: SideBySide[] = []
  for (const mode of MODES) {
    const measured = await sideBySide(MINUTES, mode, MINUTE_FEE_PPM)
    minutes.push(measured)
    results.push(million(mode, measured))
  }
  const [first, ...rest] = [...results, await sweep(minutes[0])]
  if (first === undefined) return rest
  // What differs holds for all, and is said once.
  return [{ ...first, notes: [...(first.notes ?? []), ...GRADEMARK_DIFFERS] }, ...rest]
}

const MODES = ['long or flat', 'long and short'] as const
type Mode = (typeof MODES)[number]

function daily(mode: Mode, measured: SideBySide): BenchmarkResult {
  return {
    name: `backtest: 2,148 daily bars, ${mode}, warm`,
    unit: 'us',
    ours: measured.ours * 1e6,
    peers: { 'bare loop': measured.bareLoop * 1e6, grademark: measured.grademark * 1e6 },
    limit: MOST_DAILY_US,
    memoryMb: measured.memoryMb,
    notes: notesOf(measured),
  }
}

function million(mode: Mode, measured: SideBySide): BenchmarkResult {
  const bareLoop = MINUTES / measured.bareLoop
  return {
    name: `backtest: 1M minute bars, ${mode}`,
    unit: 'bars/s',
    ours: MINUTES / measured.ours,
    peers: { 'bare loop': bareLoop, grademark: MINUTES / measured.grademark },
    limit: Math.max(LEAST_BARS, bareLoop / 2),
    memoryMb: measured.memoryMb,
    notes: notesOf(measured),
  }
}

function notesOf({ trades, grademarkTrades, apart }: SideBySide): string[] {
  return [
    `${trades} trades, as in the bare loop, whose final equity is ${apart.toExponential(1)} apart; ${grademarkTrades} in grademark`,
  ]
}

/** @param measured how fast each is on one thread: one that would take too long is given a part of the pairs. */
async function sweep(measured: SideBySide | undefined): Promise<BenchmarkResult> {
  const [ours, bareLoop, grademark] = [
    await sweepIn('ours', measured?.ours),
    await sweepIn('bareLoop', measured?.bareLoop),
    await sweepIn('grademark', measured?.grademark),
  ]
  // All draw their pairs in one order.
  for (const [index, run] of ours.runs.entries()) {
    const bare = bareLoop.runs[index]
    if (bare === undefined) break
    if (run.fast !== bare.fast || run.slow !== bare.slow || !isSameWork(run, bare))
      throw new Error(`not the same work: ${JSON.stringify(run)}, the bare loop ${JSON.stringify(bare)}`)
  }
  const perSecond = ({ runs, seconds }: Swept) => runs.length / seconds
  return {
    name: `backtest: sweep of ${PAIRS} pairs on ${SWEPT_MINUTES} bars, ${WORKERS} workers`,
    unit: 'runs/s',
    ours: perSecond(ours),
    peers: { 'bare loop': perSecond(bareLoop), grademark: perSecond(grademark) },
    limit: LEAST_RUNS,
    memoryMb: ours.memoryMb,
    notes: [
      `memory has a target of ${MOST_SWEEP_MB} MB`,
      ...Object.entries({ 'bare loop': bareLoop, grademark }).map(
        ([name, { memoryMb }]) => `${name}: ${memoryMb} MB`,
      ),
      ...Object.entries({ touchstone: ours, 'bare loop': bareLoop, grademark })
        .filter(([, { runs }]) => runs.length < PAIRS)
        .map(([name, { runs }]) => `${name}: a sample of ${runs.length} pairs`),
    ],
  }
}

const directory = join(import.meta.dirname, 'backtest')
const run = promisify(execFile)

async function install(): Promise<void> {
  if (existsSync(join(directory, 'node_modules/grademark/package.json'))) return
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: directory })
}

/** Compiles to plain JavaScript, as users run it: what runs TypeScript directly wraps every function. */
async function compile(): Promise<void> {
  await run('npx', ['tsc', '-p', join(directory, 'tsconfig.json')])
}

async function runCompiled<T>(script: string, ...settings: readonly (string | number)[]): Promise<T> {
  const file = join(directory, 'dist/bench/backtest', script)
  const { stdout } = await run(process.execPath, [file, ...settings.map(String)], { maxBuffer: 2 ** 26 })
  return JSON.parse(stdout) as T
}

const sideBySide = (bars: 'daily' | number, mode: Mode, feePpm: number) =>
  runCompiled<SideBySide>('sideBySideProcess.js', bars, String(mode === 'long and short'), feePpm)

function sweepIn(contender: 'ours' | 'bareLoop' | 'grademark', secondsForMinutes = 0): Promise<Swept> {
  const seconds = (secondsForMinutes * SWEPT_MINUTES) / MINUTES / WORKERS
  const pairs = Math.min(PAIRS, Math.max(LEAST_PAIRS, Math.floor(MOST_SWEEP_SECONDS / seconds)))
  return runCompiled('sweepProcess.js', contender, SWEPT_MINUTES, WORKERS, pairs, MINUTE_FEE_PPM)
}
