import type { Prediction } from '../core/index.ts'
import type { MarketView, StrategyView } from '../strategies/index.ts'
import type { AgentMarket, AgentView } from './agentRuntime.ts'
import { unknownFeature } from './unknownName.ts'

/** What an agent makes of one instrument at a decision instant. */
export type Reasoning = {
  readonly agent: string
  readonly names: readonly string[]
  readonly places: ReadonlyMap<string, number>
  readonly vector: Float32Array
  prediction: Prediction | null
}

/**
 * Joins what an agent sees to what it makes of it. A strategy's view is made once for each view, of getters: a
 * field that a strategy does not ask for costs nothing.
 */
export function strategyViewOver(reasonings: readonly Reasoning[]): (view: AgentView) => StrategyView {
  let over: AgentView | null = null
  let made: StrategyView | null = null
  return view => {
    if (view === over && made !== null) return made
    over = view
    made = strategyView(view, reasonings)
    return made
  }
}

function strategyView(view: AgentView, reasonings: readonly Reasoning[]): StrategyView {
  const markets = view.markets.map((market, index) => marketView(market, reasonings[index]))
  const [first] = markets
  if (first === undefined) throw new RangeError('A view needs a market.')
  return {
    instrument: first.instrument,
    get nowMs() {
      return view.nowMs
    },
    get equityE8() {
      return view.equityE8
    },
    get cashE8() {
      return view.cashE8
    },
    get priceE8() {
      return first.priceE8
    },
    get bidE8() {
      return first.bidE8
    },
    get askE8() {
      return first.askE8
    },
    get navE8() {
      return first.navE8
    },
    feature: first.feature,
    get prediction() {
      return first.prediction
    },
    get exposure() {
      return first.exposure
    },
    get quantity() {
      return first.quantity
    },
    get openOrders() {
      return first.openOrders
    },
    markets,
  }
}

function marketView(market: AgentMarket, reasoning: Reasoning | undefined): MarketView {
  return {
    instrument: market.instrument,
    get priceE8() {
      return market.priceE8
    },
    get bidE8() {
      return market.bidE8
    },
    get askE8() {
      return market.askE8
    },
    get navE8() {
      return market.navE8
    },
    feature(wanted) {
      const place = reasoning?.places.get(wanted)
      if (reasoning === undefined || place === undefined)
        throw unknownFeature(reasoning?.agent ?? '', wanted, reasoning?.names ?? [])
      const value = reasoning.vector[place]
      return value === undefined || Number.isNaN(value) ? null : value
    },
    get prediction() {
      return reasoning?.prediction ?? null
    },
    get exposure() {
      return market.exposure
    },
    get quantity() {
      return market.quantity
    },
    get openOrders() {
      return market.openOrders
    },
  }
}
