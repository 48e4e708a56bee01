import {
  type AgentDefinition,
  DEFAULT_POOL_MOVE_PPM,
  type IssuerTerms,
  tradedInstruments,
} from '../agents/index.ts'
import {
  describeStatistics,
  type ReportAssumption,
  type ReportMarket,
  type ReportSweep,
  renderReport,
} from '../backtest/index.ts'
import { formatInstant, type InstrumentId, PPM, ZERO_HASH } from '../core/index.ts'
import { DEFAULT_MAINTENANCE_MARGIN_PPM } from '../execution/index.ts'
import { strategyHash } from '../strategies/index.ts'
import type { AgentBacktest } from './backtestAgent.ts'
import { packageVersion } from './packageFolder.ts'
import { reportRequests } from './reportRequests.ts'

/** The report of a backtest, and of the sweep that it is the best point of, as one HTML file. */
export function backtestReport(backtest: AgentBacktest, sweep: ReportSweep | null = null): string {
  const { definition, model, history, run, markets, statistics, luck, trial, trials } = backtest
  const { instrument } = definition
  const [own] = markets
  return renderReport({
    agent: trial.agent,
    currency: instrument.quote,
    markets: reportMarkets(backtest),
    equity: run.equity,
    benchmark:
      own === undefined || own.prices.timeMs.length === 0
        ? null
        : {
            label: `${instrument.symbol} held`,
            timeMs: own.prices.timeMs,
            priceE8: own.prices.priceE8,
          },
    statistics: describeStatistics(statistics),
    luck,
    sweep,
    trials: trials.map(({ configuration, atMs, sharpe }) => ({
      configurationHash: configuration,
      timeMs: atMs,
      sharpe,
    })),
    ...(definition.issuers.length === 0
      ? {}
      : { rwaRequests: reportRequests(run.decisions, tradedInstruments(definition)) }),
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

/** What was traded, as the report shows it. */
export function reportMarkets({ markets }: Pick<AgentBacktest, 'markets'>): ReportMarket[] {
  return markets.map(({ instrument, prices, fills, trades }) => ({
    instrument: instrument.symbol,
    decimals: instrument.decimals,
    prices,
    fills,
    trades,
  }))
}

const percentOf = (ppm: number): string => `${Number((ppm / 10_000).toFixed(4))} %`

function assumptionsOf({ definition, history, assumed, trial }: AgentBacktest): ReportAssumption[] {
  const { venue, instrument, capitalE8, minOrderE8, allowShort, limits } = definition
  const money = (amountE8: bigint) =>
    `${(Number(amountE8) / 1e8).toLocaleString('en-US', { maximumFractionDigits: 2 })} ${instrument.quote}`
  const initialPpm = venue.initialMarginPpm ?? PPM
  const maintenancePpm = venue.maintenanceMarginPpm ?? Math.min(initialPpm, DEFAULT_MAINTENANCE_MARGIN_PPM)
  const some = (given: unknown, assumption: ReportAssumption) => (given === undefined ? [] : [assumption])
  return [
    {
      topic: 'costs',
      label: 'Commission',
      value: `${percentOf(venue.feePpm)} of the value, each fill${venue.makerFeePpm === undefined ? '' : `; ${percentOf(venue.makerFeePpm)} where the order rested`}`,
    },
    ...some(venue.fixedFeeE8, {
      topic: 'costs',
      label: 'Fixed fee',
      value: `${money(venue.fixedFeeE8 ?? 0n)} each fill`,
    }),
    {
      topic: 'costs',
      label: 'Spread',
      value: `the bars’ and quotes’ own; ${percentOf(venue.halfSpreadPpm)} each way on swaps and trades${venue.pools === undefined ? '' : ', but for pools'}${venue.entrySpreadPpm === undefined ? '' : `; ${percentOf(venue.entrySpreadPpm)} more on entry`}`,
    },
    {
      topic: 'costs',
      label: 'Price impact',
      value:
        venue.impactPpm !== undefined
          ? `${percentOf(venue.impactPpm)} × √(size / volume of the bar)`
          : venue.pools === undefined
            ? 'none: an order fills whole at one price'
            : 'by the curves of pools; others fill whole at one price',
    },
    ...chainAssumptions(definition, money),
    {
      topic: 'fills',
      label: 'Market orders',
      value:
        venue.marketOrders === 'thisClose'
          ? 'at the price that they were decided on'
          : 'at the next observation of the instrument: a bar’s open, buys at the ask and sells at the bid',
    },
    {
      topic: 'fills',
      label: 'Expiry',
      value: `a market order ends when that is more than ${venue.maxPriceAgeMs / 60_000} min later`,
    },
    {
      topic: 'venue',
      label: 'Latency',
      value:
        [
          ...(venue.latencyMs === undefined ? [] : [`${venue.latencyMs} ms`]),
          ...(venue.latencyBlocks === undefined
            ? []
            : [
                `${venue.latencyBlocks.blocks} blocks of ${venue.latencyBlocks.periodMs / 1_000} s from the newest one known`,
              ]),
        ].join(', then ') || 'none beyond the next observation',
    },
    {
      topic: 'venue',
      label: 'Margin',
      value: `${percentOf(initialPpm)} of a position’s value to open it; liquidated under ${percentOf(maintenancePpm)}; no interest on cash or debt`,
    },
    { topic: 'sizing', label: 'Capital', value: money(capitalE8) },
    {
      topic: 'sizing',
      label: 'Orders',
      value: `of at least ${money(minOrderE8)}; ${allowShort ? 'long and short' : 'long only'}; what opens a position is sized at its fill, net of costs`,
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
    ...assumed.map(
      (value): ReportAssumption => ({ topic: 'data', label: 'Assumed', value, replacesRecords: true }),
    ),
    ...definition.issuers.map(
      (issuer): ReportAssumption => ({
        topic: 'venue',
        label: `Issuer of ${symbolOf(definition, issuer.instrument)}`,
        value: issuerText(issuer),
      }),
    ),
  ]
}

const symbolOf = (definition: AgentDefinition, id: InstrumentId): string =>
  tradedInstruments(definition).find(instrument => instrument.id === id)?.symbol ?? id

/** What pools and gas cost. */
function chainAssumptions(
  definition: AgentDefinition,
  money: (amountE8: bigint) => string,
): ReportAssumption[] {
  const { pools = [], gas } = definition.venue
  const curves = pools.map(
    ({ instrument, curve, feePpm, maxMovePpm = DEFAULT_POOL_MOVE_PPM }): ReportAssumption => ({
      topic: 'costs',
      label: `Pool of ${symbolOf(definition, instrument)}`,
      value: `${curve === 'uniswapV3' ? 'Uniswap v3' : 'constant-product'} curve at its state after the swap that an order meets, fee ${percentOf(feePpm)}${curve === 'uniswapV3' ? `; an order that moves the price by more than ${percentOf(maxMovePpm)} is not filled` : ''}`,
    }),
  )
  if (gas === undefined) return curves
  const { units, gasPrice, coinPrice } = gas
  const price = 'wei' in gasPrice ? `${Number(gasPrice.wei) / 1e9} gwei` : `the price of ${gasPrice.gweiOf}`
  const coin =
    'priceE8' in coinPrice
      ? money(coinPrice.priceE8)
      : `the price of ${symbolOf(definition, coinPrice.priceOf)}`
  return [
    ...curves,
    {
      topic: 'costs',
      label: 'Gas',
      value: `${units.toLocaleString('en-US')} units each fill, at ${price} and a coin at ${coin}, as known then`,
    },
  ]
}

/** How an issuer deals, in a few words. */
function issuerText(issuer: IssuerTerms): string {
  if (issuer.kind === 'nav') {
    const settled = (side: typeof issuer.terms.subscription) =>
      side === null
        ? 'none'
        : `until ${side.cutOff}, fee ${percentOf(side.fee.ppm)}, settled T+${side.settlement.days} ${side.settlement.basis} days`
    return `at the first NAV struck after the cut-off; subscriptions ${settled(issuer.terms.subscription)}; redemptions ${settled(issuer.terms.redemption)}`
  }
  const queued = (side: typeof issuer.terms.deposit) =>
    side === null
      ? 'none'
      : `fee ${percentOf(side.fee.ppm)}, fulfilled after ${(side.typicalDelayMs / 3_600_000).toLocaleString('en-US')} h${side.capacity === null ? '' : `, at most ${(Number(side.capacity.assetsE8) / 1e8).toLocaleString('en-US')} in ${side.capacity.periodMs / 3_600_000} h`}`
  return `by a queue, at the rate of the fulfilment; deposits ${queued(issuer.terms.deposit)}; redemptions ${queued(issuer.terms.redemption)}`
}
