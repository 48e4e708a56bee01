import type { BacktestRun } from './runBacktest.ts'
import type { StatisticsInput } from './statistics.ts'

/** What the statistics read of a run, without an object for each fill and trade where its columns tell them. */
export function statisticsInputOf(run: BacktestRun): StatisticsInput {
  // Field by field: what a run makes when it is first asked for is not to be made for a copy.
  const { equity, finalEquityE8, columns } = run
  const { fills, trades } = columns ?? run
  return { equity, finalEquityE8, fills, trades }
}
