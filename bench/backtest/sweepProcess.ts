import { integer, parameters, runSweep, type SweepResult, shareColumns } from '../../backtest/search/index.ts'
import { minuteBars } from './smaMarket.ts'
import type { SmaRun } from './smaTask.ts'
import type { SmaPair } from './sweepEvaluators.ts'

// node sweepProcess.js CONTENDER BARS WORKERS PAIRS FEE_PPM: sweeps so many pairs of averages, 1,000 at most, in a
// process of its own, so that the memory is that of the sweep.

const [contender = '', bars = '', workers = '', pairs = '', feePpm = ''] = process.argv.slice(2)

/** A pair, and what its run gave. */
type SweptPair = SmaPair & Pick<SmaRun, 'trades' | 'finalEquityE8'>
/** What the process prints. */
export type Swept = {
  /** From the start of the threads to the last result. */
  readonly seconds: number
  /** In the order of the trials, which all contenders share. */
  readonly runs: readonly SweptPair[]
  readonly memoryMb: number
}

const space = parameters({ fast: integer(5, 24), slow: integer(30, 226, { step: 4 }) })
const columns = shareColumns(minuteBars(Number(bars)))

const from = performance.now()
const { results } = await runSweep<SmaPair>({
  space,
  // In random order, so that a sample has pairs of all lengths.
  method: 'random',
  seed: 1,
  trials: Number(pairs),
  objective: 'finalEquityE8',
  workers: Number(workers),
  evaluate: {
    module: new URL('./sweepEvaluators.js', import.meta.url),
    exportName: contender,
    settings: { feePpm: Number(feePpm) },
  },
  columns,
  configuration: { benchmark: 'average-cross' },
})
const seconds = (performance.now() - from) / 1_000
const memoryMb = Math.round(process.resourceUsage().maxRSS / 1_024)
console.log(JSON.stringify({ seconds, runs: results.map(runOf), memoryMb } satisfies Swept))

function runOf(result: SweepResult<SmaPair>): SweptPair {
  if ('error' in result) throw new Error(`${JSON.stringify(result.point)}: ${result.error}`)
  const { trades, finalEquityE8 } = result.figures
  return { ...result.point, trades: Number(trades), finalEquityE8: Number(finalEquityE8) }
}
