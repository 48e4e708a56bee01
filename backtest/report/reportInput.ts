import type { UnixMs } from '../../core/index.ts'
import type { BacktestFill, Trade } from '../roundTrips.ts'
import type { StatisticsOptions } from '../statistics.ts'
import type { Figure, FigureUnit } from '../statisticsFigure.ts'
import type { ReportRwaRequest } from './rwaRequest.ts'

/** Prices over time, ascending: of bars their closes, with highs and lows where they are known. */
export type ReportPrices = {
  readonly timeMs: ArrayLike<number>
  /** In 10⁻⁸ of the quote currency. */
  readonly priceE8: ArrayLike<number | bigint>
  readonly highE8?: ArrayLike<number | bigint>
  readonly lowE8?: ArrayLike<number | bigint>
}

/** One instrument that the agent traded. */
export type ReportMarket = {
  readonly instrument: string
  /** Of its quantities. */
  readonly decimals: number
  readonly prices: ReportPrices | null
  /** In time order. */
  readonly fills: readonly BacktestFill[]
  /** Closed round trips, by exit. */
  readonly trades: readonly Trade[]
}

/** What the equity is compared with; it is rebased to the initial equity. */
export type ReportBenchmark = { readonly label: string } & Pick<ReportPrices, 'timeMs' | 'priceE8'>

/** Value of positions over time as shares of equity, each held until the next; short ones are positive too. */
export type ReportExposure = {
  readonly timeMs: ArrayLike<number>
  readonly long: ArrayLike<number>
  readonly short: ArrayLike<number>
}

/** The points of a sweep over two parameters; several points of one pair are averaged. */
export type ReportSweep = {
  readonly xLabel: string
  readonly yLabel: string
  readonly valueLabel: string
  readonly valueUnit: FigureUnit
  /** Whether the best points are those with the least value; the most unless given. */
  readonly least?: boolean
  readonly points: readonly {
    readonly x: number | string
    readonly y: number | string
    /** Null where the point failed, or has no such figure. */
    readonly value: number | null
  }[]
  /** The point of this run. */
  readonly chosen?: { readonly x: number | string; readonly y: number | string }
}

/** One line of the trial ledger. */
export type ReportTrial = {
  readonly configurationHash: string
  readonly timeMs: UnixMs
  /** Annualised. */
  readonly sharpe: number | null
}

/** What an assumption is about, in the order of the page; the headline names those about costs. */
export type AssumptionTopic = 'costs' | 'fills' | 'venue' | 'sizing' | 'data' | 'statistics'

/** One thing that the run takes for granted. */
export type ReportAssumption = {
  readonly topic: AssumptionTopic
  readonly label: string
  readonly value: string
  /** Set where it stands in place of records: the headline says so, for the figures are then of no real market. */
  readonly replacesRecords?: true
}

/** Everything that a report shows. What is null, or an empty list, is said to be missing. */
export type ReportInput = {
  readonly agent: string
  /** Quote currency, as it is written after an amount. */
  readonly currency: string
  readonly markets: readonly ReportMarket[]
  /** Subscriptions and redemptions in the order of asking; left out for an agent that makes none. */
  readonly rwaRequests?: readonly ReportRwaRequest[]
  /** Not empty, ascending. */
  readonly equity: {
    readonly timeMs: ArrayLike<number>
    /** In 10⁻⁸ of the quote currency. */
    readonly equityE8: ArrayLike<number | bigint>
  }
  readonly benchmark: ReportBenchmark | null
  /** As `describeStatistics` gives them. */
  readonly statistics: readonly Figure[]
  /** As `luckFigures` gives them. */
  readonly luck: readonly Figure[]
  /** How the statistics cut their returns, for the distribution; as `computeStatistics` does when left out. */
  readonly conventions?: Pick<StatisticsOptions, 'returns' | 'annualisation'>
  /** Computed from the fills when left out; shares that came by subscription are in no fill. */
  readonly exposure?: ReportExposure
  readonly sweep: ReportSweep | null
  /** In the order in which they were run, this one included. */
  readonly trials: readonly ReportTrial[] | null
  readonly assumptions: readonly ReportAssumption[]
  readonly hashes: {
    /** Null for an agent without a model. */
    readonly model: string | null
    readonly strategy: string
    readonly data: string
    /** Names this run in the ledger. */
    readonly configuration: string
  }
  /** Null leaves it out, so that the same run gives the same file. */
  readonly createdAtMs: UnixMs | null
  /** Name and version of the program. */
  readonly software: string
}
