import { type CashE8, InvalidInputError, type UnixMs } from '../core/index.ts'
import { dailyReturns, periodConvention } from './statisticsPeriods.ts'
import {
  annualisedReturn,
  annualisedVolatility,
  drawdown,
  sharpeRatio,
  sortinoRatio,
  totalReturn,
} from './statisticsRatios.ts'
import {
  averageTradeE8,
  exposure,
  type PositionChange,
  profitFactor,
  type TradeOutcome,
  winRate,
} from './statisticsTrades.ts'

/** Equity of a run over time: two columns of one length, times ascending. */
export type EquitySeries = {
  /** UTC milliseconds. */
  readonly timeMs: ArrayLike<number>
  /** Cash plus position at each time, in 10⁻⁸ of the quote currency; doubles or big integers. */
  readonly equityE8: ArrayLike<number | bigint>
}

/** The part of a `BacktestRun` that the statistics read. */
export type StatisticsInput = {
  /** Starts with the initial capital. */
  readonly equity: EquitySeries
  readonly finalEquityE8: CashE8
  /** Closed round trips. */
  readonly trades: readonly TradeOutcome[]
  /** In time order. */
  readonly fills: readonly PositionChange[]
}

/** What a run achieved; every value that is undefined for the run is null. Shares and ratios are plain numbers. */
export type BacktestStatistics = {
  readonly startMs: UnixMs
  readonly endMs: UnixMs
  readonly initialEquityE8: CashE8
  readonly finalEquityE8: CashE8
  /** Final / initial − 1. */
  readonly totalReturn: number | null
  /** CAGR over years of 365.25 days; null under 30 days. */
  readonly annualisedReturn: number | null
  /** Sample standard deviation of daily returns × √periodsPerYear. */
  readonly annualisedVolatility: number | null
  /** Mean / standard deviation of daily returns × √periodsPerYear, risk-free rate 0. */
  readonly sharpe: number | null
  /** Mean / downside deviation (against 0) of daily returns × √periodsPerYear. */
  readonly sortino: number | null
  /** Largest loss from a peak, 0 to 1, over every point of the equity. */
  readonly maxDrawdown: number
  /** Longest time from a peak to its recovery, or to the end. */
  readonly maxDrawdownDurationMs: number
  /** Closed round trips. */
  readonly trades: number
  /** Share of closed trades with a profit after fees. */
  readonly winRate: number | null
  /** Gross profit / gross loss of closed trades; null without a loss. */
  readonly profitFactor: number | null
  /** Mean profit of a closed trade after fees. */
  readonly averageTradeE8: CashE8 | null
  /** Share of the time with a position. */
  readonly exposure: number | null
  readonly periodsPerYear: 365 | 252
  /** Number of daily returns that the ratios rest on. */
  readonly periods: number
  /** How the daily returns were cut and annualised, in words. */
  readonly convention: string
}

/**
 * Computes the statistics of a run, each by the formula in the docstring of its function.
 *
 * @throws InvalidInputError when the equity series is empty, ragged, or goes back in time.
 */
export function computeStatistics(run: StatisticsInput): BacktestStatistics {
  const { timeMs, equityE8 } = run.equity
  const equity = checkedEquity(timeMs, equityE8)
  const startMs = timeMs[0] ?? 0
  const endMs = timeMs[timeMs.length - 1] ?? 0
  const initial = equity[0] ?? 0
  const final = Number(run.finalEquityE8)
  const convention = periodConvention(timeMs)
  const returns = dailyReturns(timeMs, equity, convention)
  const { maxDrawdown, maxDurationMs } = drawdown(timeMs, equity)
  return {
    startMs: startMs as UnixMs,
    endMs: endMs as UnixMs,
    initialEquityE8: BigInt(equityE8[0] ?? 0) as CashE8,
    finalEquityE8: run.finalEquityE8,
    totalReturn: totalReturn(initial, final),
    annualisedReturn: annualisedReturn(initial, final, endMs - startMs),
    annualisedVolatility: annualisedVolatility(returns, convention.periodsPerYear),
    sharpe: sharpeRatio(returns, convention.periodsPerYear),
    sortino: sortinoRatio(returns, convention.periodsPerYear),
    maxDrawdown,
    maxDrawdownDurationMs: maxDurationMs,
    trades: run.trades.length,
    winRate: winRate(run.trades),
    profitFactor: profitFactor(run.trades),
    averageTradeE8: averageTradeE8(run.trades),
    exposure: exposure(run.fills, startMs, endMs),
    periodsPerYear: convention.periodsPerYear,
    periods: returns.length,
    convention: convention.convention,
  }
}

function checkedEquity(timeMs: ArrayLike<number>, equityE8: ArrayLike<number | bigint>): Float64Array {
  if (timeMs.length === 0 || timeMs.length !== equityE8.length)
    throw new InvalidInputError(
      `An equity series of ${timeMs.length} times and ${equityE8.length} values has no statistics.`,
      {
        facts: { times: timeMs.length, values: equityE8.length },
        hint: 'Run the backtest over at least one event.',
      },
    )
  const equity = new Float64Array(timeMs.length)
  for (let i = 0; i < timeMs.length; i++) {
    const value = Number(equityE8[i])
    const time = timeMs[i] ?? Number.NaN
    if (!Number.isFinite(value) || !(time >= (timeMs[i - 1] ?? 0)))
      throw new InvalidInputError(`Point ${i} of the equity series is not finite, or goes back in time.`, {
        facts: { index: i, timeMs: time, equityE8: value },
        hint: 'Pass finite equity in ascending order of time.',
      })
    equity[i] = value
  }
  return equity
}
