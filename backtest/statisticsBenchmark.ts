import { InvalidInputError } from '../core/index.ts'
import { startsLate, timedColumn } from './statisticsColumn.ts'
import type { PeriodReturns } from './statisticsPeriods.ts'
import { finiteOrNull, type Moments, moments, totalReturn } from './statisticsRatios.ts'

/** Prices over time; times ascending, UTC milliseconds. */
export type PriceSeries = {
  readonly timeMs: ArrayLike<number>
  /** In 10⁻⁸ of the quote currency; above zero. */
  readonly priceE8: ArrayLike<number>
}

/** How a run stands to a benchmark; null where it is undefined. */
export type BenchmarkComparison = {
  /** Return of the benchmark from the start of the run to its end. */
  readonly benchmarkReturn: number | null
  /** Jensen's alpha a year, as a share. */
  readonly alpha: number | null
  readonly beta: number | null
}

/** What a run without a benchmark has. */
export const NO_BENCHMARK: BenchmarkComparison = { benchmarkReturn: null, alpha: null, beta: null }

/**
 * Returns of a benchmark over the periods of a run: its last price at or before the end of each period, over
 * its last price at or before the start.
 *
 * @throws InvalidInputError naming the price that is not finite and above zero, or goes back in time; when
 * the benchmark begins after the run.
 */
export function benchmarkReturns(
  periods: PeriodReturns,
  benchmark: PriceSeries,
): { readonly returns: Float64Array; readonly total: number | null } {
  const { timeMs, values } = timedColumn('benchmark prices', benchmark.timeMs, benchmark.priceE8)
  for (let i = 0; i < values.length; i++)
    if ((values[i] ?? 0) <= 0)
      throw new InvalidInputError(`Point ${i} of the benchmark prices is not above zero.`, {
        facts: { index: i, priceE8: values[i] ?? null },
        hint: 'Leave out what is no price.',
      })
  const { endMs, startMs } = periods
  if (!((timeMs[0] ?? Number.NaN) <= startMs)) throw startsLate('benchmark prices', timeMs[0], startMs)
  const returns = new Float64Array(endMs.length)
  let next = 0
  while (next < timeMs.length && (timeMs[next] ?? 0) <= startMs) next++
  const initial = values[next - 1] ?? 0
  let before = initial
  for (let i = 0; i < endMs.length; i++) {
    const end = endMs[i] ?? 0
    while (next < timeMs.length && (timeMs[next] ?? 0) <= end) next++
    const price = values[next - 1] ?? 0
    returns[i] = price / before - 1
    before = price
  }
  return { returns, total: endMs.length === 0 ? null : totalReturn(initial, before) }
}

/**
 * Alpha and beta by least squares of the run's returns over the risk-free rate on the benchmark's, period by
 * period: beta = cov(r, b) / var(b), alpha = (mean(r) − beta · mean(b)) × periods a year (M. Jensen, "The
 * Performance of Mutual Funds in the Period 1945–1964", Journal of Finance 23, 1968). Null with fewer than
 * two returns or when the benchmark does not vary.
 */
export function compareWithBenchmark(
  own: { readonly excess: Float64Array; readonly moments: Moments | null },
  benchmark: { readonly excess: Float64Array; readonly total: number | null },
  periodsPerYear: number,
): BenchmarkComparison {
  const theirs = moments(benchmark.excess)
  if (own.moments === null || theirs === null || theirs.deviation === 0)
    return { benchmarkReturn: benchmark.total, alpha: null, beta: null }
  let covariance = 0
  let variance = 0
  for (let i = 0; i < benchmark.excess.length; i++) {
    const away = (benchmark.excess[i] ?? 0) - theirs.mean
    covariance += ((own.excess[i] ?? 0) - own.moments.mean) * away
    variance += away * away
  }
  const beta = covariance / variance
  return {
    benchmarkReturn: benchmark.total,
    alpha: finiteOrNull((own.moments.mean - beta * theirs.mean) * periodsPerYear),
    beta: finiteOrNull(beta),
  }
}
