import { describeStatistics, type ReportAssumption, renderReport } from '../backtest/index.ts'
import { formatInstant, ZERO_HASH } from '../core/index.ts'
import { strategyHash } from '../strategies/index.ts'
import type { AgentBacktest } from './backtestAgent.ts'
import { packageVersion } from './packageFolder.ts'

/** The report of a backtest, as one HTML file. */
export function backtestReport(backtest: AgentBacktest): string {
  const { definition, model, history, run, prices, statistics, luck, trial, trials } = backtest
  const { instrument } = definition
  return renderReport({
    agent: trial.agent,
    currency: instrument.quote,
    markets: [
      {
        instrument: instrument.symbol,
        decimals: instrument.decimals,
        prices,
        fills: run.fills,
        trades: run.trades,
      },
    ],
    equity: run.equity,
    benchmark: {
      label: `${instrument.symbol} held`,
      timeMs: prices.timeMs,
      priceE8: prices.priceE8,
    },
    statistics: describeStatistics(statistics),
    luck,
    sweep: null,
    trials: trials.map(({ configuration, atMs, sharpe }) => ({
      configurationHash: configuration,
      timeMs: atMs,
      sharpe,
    })),
    assumptions: assumptionsOf(backtest),
    hashes: {
      model: model === ZERO_HASH ? null : model,
      strategy: strategyHash(definition.strategy),
      data: history.dataHash,
      configuration: trial.configuration,
    },
    createdAtMs: trial.atMs,
    software: `touchstone ${packageVersion()}`,
  })
}

const percentOf = (ppm: number): string => `${Number((ppm / 10_000).toFixed(4))} %`

function assumptionsOf({ definition, history, trial }: AgentBacktest): ReportAssumption[] {
  const { venue, instrument, capitalE8, minOrderE8, allowShort, limits } = definition
  const money = (amountE8: bigint) =>
    `${(Number(amountE8) / 1e8).toLocaleString('en-US', { maximumFractionDigits: 2 })} ${instrument.quote}`
  return [
    { topic: 'costs', label: 'Commission', value: `${percentOf(venue.feePpm)} of the value, each fill` },
    {
      topic: 'costs',
      label: 'Spread',
      value: `the bars’ and quotes’ own; ${percentOf(venue.halfSpreadPpm)} each way on swaps and trades`,
    },
    { topic: 'costs', label: 'Price impact', value: 'none: an order fills whole at one price' },
    {
      topic: 'fills',
      label: 'Fill',
      value: 'at the next observation of the instrument: a bar’s open, buys at the ask and sells at the bid',
    },
    {
      topic: 'fills',
      label: 'Expiry',
      value: `an order expires when that is more than ${venue.maxPriceAgeMs / 60_000} min later`,
    },
    { topic: 'venue', label: 'Latency', value: 'none beyond the next observation' },
    { topic: 'sizing', label: 'Capital', value: money(capitalE8) },
    {
      topic: 'sizing',
      label: 'Orders',
      value: `of at least ${money(minOrderE8)}; ${allowShort ? 'long and short' : 'long only'}`,
    },
    {
      topic: 'sizing',
      label: 'Limits',
      value: `position ${money(limits.maxPositionE8)}, order ${money(limits.maxOrderE8)}, daily loss ${money(limits.maxDailyLossE8)}; a breach halts the agent`,
    },
    {
      topic: 'data',
      label: 'History',
      value: `${history.events.length.toLocaleString('en-US')} observations known by ${formatInstant(trial.toMs)}`,
    },
  ]
}
