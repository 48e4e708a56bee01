import { type CashE8, InvalidInputError, type Ppm, type UnixMs } from '../core/index.ts'
import { minimumTrackRecord, probabilisticSharpe } from './luck/sharpeEvidence.ts'
import {
  type BenchmarkComparison,
  benchmarkReturns,
  compareWithBenchmark,
  NO_BENCHMARK,
  type PriceSeries,
} from './statisticsBenchmark.ts'
import { asColumn } from './statisticsColumn.ts'
import { type PricePath, type TradeSpan, tradeExcursions } from './statisticsExcursions.ts'
import {
  averageExposure,
  type Decimals,
  exposure,
  type PositionChange,
  turnover,
} from './statisticsExposure.ts'
import { type EquityPath, walkEquity } from './statisticsPath.ts'
import {
  type Annualisation,
  type PeriodReturns,
  periodReturns,
  type ReturnPeriod,
  YEAR_MS,
} from './statisticsPeriods.ts'
import {
  annualisedReturn,
  annualisedVolatility,
  calmarRatio,
  type Moments,
  moments,
  omegaRatio,
  sharpeRatio,
  sortinoRatio,
  totalReturn,
} from './statisticsRatios.ts'
import { excessReturns, type RiskFree, riskFreeConvention } from './statisticsRiskFree.ts'
import { type Tails, tails } from './statisticsTail.ts'
import { type FillColumns, isColumns, spansOf, type TradeColumns } from './statisticsTradeColumns.ts'
import { type TradeOutcome, type TradeStatistics, tradeStatistics } from './statisticsTrades.ts'

/** Equity of a run over time: columns of one length, times ascending. */
export type EquitySeries = {
  /** UTC milliseconds. */
  readonly timeMs: ArrayLike<number>
  /** Cash plus position at each time, in 10⁻⁸ of the quote currency; doubles or big integers. */
  readonly equityE8: ArrayLike<number | bigint>
  /** Value of all positions without their sign; without it the average exposure is null. */
  readonly grossE8?: ArrayLike<number>
}

/** The part of a `BacktestRun` that the statistics read. */
export type StatisticsInput = {
  /** Starts with the initial capital. */
  readonly equity: EquitySeries
  readonly finalEquityE8: CashE8
  /** Closed round trips. */
  readonly trades: readonly (TradeOutcome & Partial<TradeSpan>)[] | TradeColumns
  /** In time order. */
  readonly fills: readonly PositionChange[] | FillColumns
}

/** The conventions that the figures follow; what is left out is named in each comment. */
export type StatisticsOptions = {
  /** `daily`. */
  readonly returns?: ReturnPeriod
  /** `data`. */
  readonly annualisation?: Annualisation
  /** 0. */
  readonly riskFree?: RiskFree
  /** None: alpha and beta are null. */
  readonly benchmark?: PriceSeries | null
  /** Return per period below which omega counts a loss; 0. */
  readonly omegaThreshold?: number
  /** Decimals of the quantities, of all instruments or of each; without them turnover and the returns of trades are null. */
  readonly decimals?: Decimals
  /** Prices of what is traded; without them the excursions are null. */
  readonly prices?: PricePath
}

/** What a run achieved; every value that is undefined for the run is null. Shares and ratios are plain numbers. */
export type BacktestStatistics = Omit<EquityPath, 'meanEquityE8'> &
  Tails &
  BenchmarkComparison &
  TradeStatistics & {
    readonly startMs: UnixMs
    readonly endMs: UnixMs
    readonly initialEquityE8: CashE8
    readonly finalEquityE8: CashE8
    /** Final / initial − 1. */
    readonly totalReturn: number | null
    /** CAGR over years of 365.25 days; null under 30 days. */
    readonly annualisedReturn: number | null
    /** Sample standard deviation of the returns × √periodsPerYear. */
    readonly annualisedVolatility: number | null
    /** Mean / standard deviation of the returns over the risk-free rate × √periodsPerYear. */
    readonly sharpe: number | null
    /** Mean / downside deviation of the returns over the risk-free rate × √periodsPerYear. */
    readonly sortino: number | null
    /** Annualised return / max drawdown. */
    readonly calmar: number | null
    /** Gains over the threshold / shortfalls below it. */
    readonly omega: number | null
    /** Return per period that omega is taken about. */
    readonly omegaThreshold: number
    /** Of the returns over the risk-free rate: 0 for a normal distribution. */
    readonly skewness: number | null
    /** Of the same: 3 for a normal distribution. */
    readonly kurtosis: number | null
    /** Probability that the true Sharpe ratio is above 0. */
    readonly probabilisticSharpe: number | null
    /** Returns that are needed to say with 95 % confidence that the Sharpe ratio is above 0. */
    readonly minimumTrackRecord: number | null
    /** Share of the time with a position. */
    readonly exposure: number | null
    /** Mean over time of positions without their sign / equity. */
    readonly averageExposure: number | null
    /** Half of the value of all fills / mean equity, a year. */
    readonly turnover: number | null
    /** Mean over the trades of how far the price went against them, as a share of the entry price. */
    readonly averageAdverseExcursion: number | null
    /** Mean over the trades of how far it went for them. */
    readonly averageFavourableExcursion: number | null
    /** What the returns are taken between. */
    readonly returns: ReturnPeriod
    readonly periodsPerYear: number
    /** Number of returns that the ratios rest on. */
    readonly periods: number
    /** How the returns were cut and annualised, in words. */
    readonly convention: string
    /** The risk-free rate in words. */
    readonly riskFreeConvention: string
  }

/** Fewer returns than this make no probability: two days of luck are no evidence. */
const MINIMUM_EVIDENCE = 20

/**
 * Computes the statistics of a run, each by the formula in the docstring of its function.
 *
 * @throws InvalidInputError when the equity series is empty, ragged, not finite or goes back in time, naming
 * the point; when a series of the options is, or does not reach back to the start of the run.
 */
export function computeStatistics(run: StatisticsInput, options: StatisticsOptions = {}): BacktestStatistics {
  const { riskFree = 0 as Ppm, benchmark = null, omegaThreshold = 0, decimals = null } = options
  assertColumns(run.equity)
  if (!Number.isFinite(omegaThreshold))
    throw new InvalidInputError(`An omega threshold of ${omegaThreshold} is no return.`, {
      facts: { omegaThreshold },
      hint: 'Pass a return per period, such as 0.',
    })
  const timeMs = asColumn(run.equity.timeMs)
  const equity = asColumn(run.equity.equityE8)
  const { meanEquityE8, ...path } = walkEquity(timeMs, equity)
  const startMs = timeMs[0] ?? 0
  const endMs = timeMs[timeMs.length - 1] ?? 0
  const initial = equity[0] ?? 0
  const final = Number(run.finalEquityE8)
  const periods = periodReturns(timeMs, equity, options)
  const { returns, periodsPerYear } = periods
  const excess = excessReturns(periods, riskFree)
  const plain = moments(returns)
  const over = excess === returns ? plain : moments(excess)
  const annualised = annualisedReturn(initial, final, endMs - startMs)
  return {
    startMs: startMs as UnixMs,
    endMs: endMs as UnixMs,
    initialEquityE8: BigInt(Math.round(initial)) as CashE8,
    finalEquityE8: run.finalEquityE8,
    totalReturn: totalReturn(initial, final),
    annualisedReturn: annualised,
    annualisedVolatility: annualisedVolatility(plain, periodsPerYear),
    sharpe: sharpeRatio(over, periodsPerYear),
    sortino: sortinoRatio(excess, periodsPerYear),
    calmar: calmarRatio(annualised, path.maxDrawdown),
    omega: omegaRatio(returns, omegaThreshold),
    omegaThreshold,
    ...tails(returns),
    skewness: over?.skewness ?? null,
    kurtosis: over?.kurtosis ?? null,
    ...evidence(over),
    ...path,
    exposure: exposure(run.fills, startMs, endMs),
    averageExposure:
      run.equity.grossE8 === undefined ? null : averageExposure(timeMs, equity, run.equity.grossE8),
    turnover: turnover(run.fills, { decimals, meanEquityE8, years: (endMs - startMs) / YEAR_MS }),
    ...(benchmark === null ? NO_BENCHMARK : comparison(periods, benchmark, riskFree, excess, over)),
    ...tradeStatistics(run.trades, decimals),
    ...averageExcursions(run.trades, options.prices),
    returns: options.returns ?? 'daily',
    periodsPerYear,
    periods: returns.length,
    convention: periods.convention,
    riskFreeConvention: riskFreeConvention(riskFree),
  }
}

function evidence(
  over: Moments | null,
): Pick<BacktestStatistics, 'probabilisticSharpe' | 'minimumTrackRecord'> {
  const { count = 0, mean = 0, deviation = 0, skewness = null, kurtosis = null } = over ?? {}
  if (skewness === null || kurtosis === null || count < MINIMUM_EVIDENCE)
    return { probabilisticSharpe: null, minimumTrackRecord: null }
  const of = { sharpe: mean / deviation, periods: count, skewness, kurtosis }
  return { probabilisticSharpe: probabilisticSharpe(of), minimumTrackRecord: minimumTrackRecord(of) }
}

function comparison(
  periods: PeriodReturns,
  benchmark: PriceSeries,
  riskFree: RiskFree,
  excess: Float64Array,
  over: Moments | null,
): BenchmarkComparison {
  const { returns, total } = benchmarkReturns(periods, benchmark)
  return compareWithBenchmark(
    { excess, moments: over },
    { excess: excessReturns({ ...periods, returns }, riskFree), total },
    periods.periodsPerYear,
  )
}

function averageExcursions(
  trades: StatisticsInput['trades'],
  prices: PricePath | undefined,
): Pick<BacktestStatistics, 'averageAdverseExcursion' | 'averageFavourableExcursion'> {
  const none = { averageAdverseExcursion: null, averageFavourableExcursion: null }
  if (prices === undefined) return none
  const spans = isColumns(trades) ? spansOf(trades) : trades
  if (spans.length === 0 || !spans.every(isSpan)) return none
  const { adverse, favourable } = tradeExcursions(spans, prices)
  return {
    averageAdverseExcursion: moments(adverse)?.mean ?? null,
    averageFavourableExcursion: moments(favourable)?.mean ?? null,
  }
}

function isSpan(trade: Partial<TradeSpan>): trade is TradeSpan {
  const { direction, entryMs, exitMs, entryPriceE8, exitPriceE8 } = trade
  return (
    direction !== undefined &&
    entryMs !== undefined &&
    exitMs !== undefined &&
    entryPriceE8 !== undefined &&
    exitPriceE8 !== undefined
  )
}

function assertColumns({ timeMs, equityE8, grossE8 = equityE8 as ArrayLike<number> }: EquitySeries): void {
  if (timeMs.length > 0 && timeMs.length === equityE8.length && timeMs.length === grossE8.length) return
  throw new InvalidInputError(
    `An equity series of ${timeMs.length} times and ${equityE8.length} values has no statistics.`,
    {
      facts: { times: timeMs.length, values: equityE8.length, gross: grossE8.length },
      hint: 'Run the backtest over at least one event.',
    },
  )
}
