import { type AgentDefinition, type AgentSource, tradedInstruments } from '../../agents/index.ts'
import { cashE8, E8, MINUTE_MS, type OrderTerms, ppm, priceE8, quantity, unixMs } from '../../core/index.ts'
import { quotedSpread } from '../../feature-store/index.ts'
import { defineStrategy, type MarketView, type StrategyView } from '../../strategies/index.ts'
import { restlessAgent } from './restlessAgent.ts'
import { GOLD } from './syntheticMarket.ts'

/** Something of every kind of order, by the price and time alone. */
function termsFor({ priceE8: price }: MarketView, nowMs: number, choice: number): OrderTerms {
  const at = (ppmOff: number) => priceE8((price * BigInt(1_000_000 + ppmOff)) / 1_000_000n)
  const side = choice % 2 === 0 ? 'buy' : 'sell'
  const away = side === 'buy' ? 1 : -1
  const bracket = { stopLoss: { stopE8: at(-away * 9_000) }, takeProfitE8: at(away * 7_000) }
  const terms: readonly OrderTerms[] = [
    { kind: 'market', side, size: { cashE8: cashE8(5_000n * E8) }, bracket },
    { kind: 'limit', side, limitE8: at(-away * 1_500), size: { units: quantity(2_000n) } },
    { kind: 'stop', side, stopE8: at(away * 2_000), size: { equityPpm: ppm(0.2) } },
    {
      kind: 'stopLimit',
      side,
      stopE8: at(away * 1_000),
      limitE8: at(away * 1_200),
      size: { units: quantity(1_500n) },
      goodTillMs: unixMs(nowMs + 20 * MINUTE_MS),
    },
    { kind: 'trailingStop', side, trailPpm: ppm(0.004), size: { units: quantity(900n) }, reduceOnly: true },
    { kind: 'market', side, size: { equityPpm: ppm(0.5) }, exclusive: true },
    {
      kind: 'market',
      side,
      size: { units: quantity(700n) },
      bracket: { stopLoss: { trailPpm: ppm(0.003) } },
    },
  ]
  return terms[choice % terms.length] as OrderTerms
}

const trader = defineStrategy({
  name: 'order-trader',
  version: 1,
  params: {},
  decide({ nowMs, markets, cashE8: free }: StrategyView) {
    return markets.map(market => {
      const mixed = Number((market.priceE8 / 1_000n) % 101n) + (nowMs % 83) + Number(free % 3n)
      const choice = Math.abs(Math.trunc(mixed))
      const signal = {
        direction: choice % 2 === 0 ? 1 : -1,
        strength: ppm(0.5),
        confidence: ppm(0.5),
        horizonMs: MINUTE_MS,
      } as const
      const [oldest] = market.openOrders
      return {
        instrument: market.instrument,
        signal,
        ...(choice % 3 === 0 && oldest !== undefined ? { cancel: [oldest.sequence] } : {}),
        ...(choice % 5 === 0 ? {} : { orders: [termsFor(market, nowMs, choice)] }),
      }
    })
  },
})

/** An agent that gives orders of every kind, with brackets, times and cancellations, on margin. */
export function orderTrader(changes: Partial<AgentSource> = {}): AgentDefinition {
  const base = restlessAgent()
  return restlessAgent({
    name: 'order-trader',
    features: [quotedSpread],
    strategy: trader,
    venue: { ...base.venue, makerFeePpm: ppm(0.0001), fixedFeeE8: cashE8(E8 / 10n), latencyMs: 50 },
    ...changes,
  })
}

/** The same over two instruments. */
export const SILVER = { ...GOLD, id: 'test:XAG' as typeof GOLD.id, symbol: 'XAG', decimals: 5 }
export const twoMarketTrader = (): AgentDefinition => orderTrader({ alsoTrades: [SILVER] })

export const marketsOf = (definition: AgentDefinition) => tradedInstruments(definition).map(({ id }) => id)
