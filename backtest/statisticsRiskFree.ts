import { formatDecimal, InvalidInputError, PPM, type Ppm } from '../core/index.ts'
import { startsLate, timedColumn } from './statisticsColumn.ts'
import type { PeriodReturns } from './statisticsPeriods.ts'

/** Annual yields over time, as one tenor of a treasury curve gives them; times ascending, UTC milliseconds. */
export type YieldSeries = {
  readonly timeMs: ArrayLike<number>
  /** In millionths: `42_300` is 4.23 % a year. */
  readonly yieldPpm: ArrayLike<number>
}

/** The risk-free rate: one annual rate in millionths, or a series of yields. */
export type RiskFree = Ppm | YieldSeries

const isSeries = (riskFree: RiskFree): riskFree is YieldSeries => typeof riskFree === 'object'

/** The convention in words, as the report prints it. */
export function riskFreeConvention(riskFree: RiskFree): string {
  if (isSeries(riskFree)) return `risk-free rate of ${riskFree.timeMs.length} yields`
  return riskFree === 0
    ? 'risk-free rate 0'
    : `risk-free rate ${formatDecimal(BigInt(Math.round(riskFree)), 4, 2)} % a year`
}

/**
 * Returns over the risk-free rate: r_t − y / periods per year, without compounding, where y is the annual
 * yield last known at the start of the period.
 *
 * @throws InvalidInputError naming the yield that is no number or goes back in time, or when none is known
 * where the first period starts.
 */
export function excessReturns(periods: PeriodReturns, riskFree: RiskFree): Float64Array {
  const { returns, endMs, periodsPerYear } = periods
  if (!isSeries(riskFree)) {
    if (!Number.isFinite(riskFree))
      throw new InvalidInputError(`A risk-free rate of ${riskFree} is no rate.`, {
        facts: { riskFree },
        hint: 'Pass millionths a year: 42,300 for 4.23 %.',
      })
    if (riskFree === 0) return returns
    const rate = riskFree / PPM / periodsPerYear
    const excess = new Float64Array(returns.length)
    for (let i = 0; i < excess.length; i++) excess[i] = (returns[i] ?? 0) - rate
    return excess
  }
  const { timeMs, values } = timedColumn('risk-free yields', riskFree.timeMs, riskFree.yieldPpm)
  const excess = new Float64Array(returns.length)
  let next = 0
  let rate = 0
  let from = periods.startMs
  for (let i = 0; i < returns.length; i++) {
    for (; next < timeMs.length && (timeMs[next] ?? 0) <= from; next++)
      rate = (values[next] ?? 0) / PPM / periodsPerYear
    if (next === 0) throw startsLate('risk-free yields', timeMs[0], from)
    excess[i] = (returns[i] ?? 0) - rate
    from = endMs[i] ?? 0
  }
  return excess
}
