import { asColumn, timedColumn } from '../statisticsColumn.ts'
import type { ReportBenchmark, ReportInput } from './reportInput.ts'

/** The curves of the first chart, one value for each point of the equity. */
export type EquityColumns = {
  readonly timeMs: Float64Array
  readonly equityE8: Float64Array
  /** Share below the last peak, zero or below; zero where the peak is not above zero. */
  readonly drawdown: Float64Array
  /** Rebased to the initial equity; no number before its first price. Null without a benchmark. */
  readonly benchmarkE8: Float64Array | null
}

/**
 * Makes the columns.
 *
 * @throws InvalidInputError when a series is ragged, not finite or goes back in time, naming the point.
 */
export function equityColumns({
  equity,
  benchmark,
}: Pick<ReportInput, 'equity' | 'benchmark'>): EquityColumns {
  const { timeMs, values } = timedColumn('equity values', equity.timeMs, asColumn(equity.equityE8))
  return {
    timeMs,
    equityE8: values,
    drawdown: drawdownOf(values),
    benchmarkE8: benchmark === null ? null : rebased(timeMs, values[0] ?? 0, benchmark),
  }
}

function drawdownOf(equity: Float64Array): Float64Array {
  const drawdown = new Float64Array(equity.length)
  let peak = Number.NEGATIVE_INFINITY
  for (let i = 0; i < equity.length; i++) {
    const value = equity[i] ?? 0
    if (value > peak) peak = value
    drawdown[i] = peak > 0 ? Math.min(0, value / peak - 1) : 0
  }
  return drawdown
}

function rebased(times: Float64Array, initial: number, benchmark: ReportBenchmark): Float64Array | null {
  const { timeMs, values } = timedColumn('benchmark prices', benchmark.timeMs, asColumn(benchmark.priceE8))
  const column = new Float64Array(times.length)
  let base = Number.NaN
  let next = 0
  for (let i = 0; i < times.length; i++) {
    while (next < timeMs.length && (timeMs[next] ?? 0) <= (times[i] ?? 0)) next++
    const price = next === 0 ? Number.NaN : (values[next - 1] ?? 0)
    if (Number.isNaN(base) && price > 0) base = price
    column[i] = (price / base) * initial
  }
  return Number.isNaN(base) ? null : column
}
