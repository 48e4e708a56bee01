import type { MarketView, StrategyView } from '../strategies/index.ts'
import type { AgentMarket, AgentView } from './agentRuntime.ts'
import type { MarketReasoning } from './marketReasoning.ts'
import { unknownFeature } from './unknownName.ts'

/**
 * Joins what an agent sees to what it makes of it. A strategy's view is made once for each view, and reads
 * its fields as they are asked for: a field that a strategy does not ask for costs nothing.
 */
export function strategyViewOver(reasonings: readonly MarketReasoning[]): (view: AgentView) => StrategyView {
  let over: AgentView | null = null
  let made: StrategyView | null = null
  return view => {
    if (view === over && made !== null) return made
    over = view
    made = strategyView(view, reasonings)
    return made
  }
}

function strategyView(view: AgentView, reasonings: readonly MarketReasoning[]): StrategyView {
  const markets = view.markets.map((market, index) => marketView(market, reasonings[index]))
  const [first] = markets
  const [market] = view.markets
  if (first === undefined || market === undefined) throw new RangeError('A view needs a market.')
  const { instrument, feature } = first
  const made = lazily(new Seen(market, reasonings[0] ?? null, view), { ...OF_MARKET, ...OF_AGENT })
  return Object.assign(made, { instrument, feature, markets }) as unknown as StrategyView
}

function marketView(market: AgentMarket, reasoning: MarketReasoning | undefined): MarketView {
  // Most strategies ask in the order of the list, at every decision: the next one is looked at before the map.
  let next = 0
  function feature(wanted: string): number | null {
    if (reasoning === undefined) throw unknownFeature('', wanted, [])
    if (next >= reasoning.names.length) next = 0
    const place = reasoning.names[next] === wanted ? next : reasoning.places.get(wanted)
    if (place === undefined) throw unknownFeature(reasoning.agent, wanted, reasoning.names)
    next = place + 1
    const { columns, at } = reasoning.reading
    const value = columns[place]?.[at]
    return value === undefined || Number.isNaN(value) ? null : value
  }
  const made = lazily(new Seen(market, reasoning ?? null, null), OF_MARKET)
  return Object.assign(made, { instrument: market.instrument, feature }) as unknown as MarketView
}

/** What a strategy's view reads from; hidden, so that a copy of a view has the fields of the view. */
class Seen {
  readonly #market: AgentMarket
  readonly #reasoning: MarketReasoning | null
  readonly #view: AgentView | null

  constructor(market: AgentMarket, reasoning: MarketReasoning | null, view: AgentView | null) {
    this.#market = market
    this.#reasoning = reasoning
    this.#view = view
  }

  static marketOf(seen: Seen): AgentMarket {
    return seen.#market
  }

  static reasoningOf(seen: Seen): MarketReasoning | null {
    return seen.#reasoning
  }

  static viewOf(seen: Seen): AgentView {
    if (seen.#view === null) throw new RangeError('A market has no money of its own.')
    return seen.#view
  }
}

type Lazy = Readonly<Record<string, (this: Seen) => unknown>>

/**
 * Gives an object fields that are computed as they are read. The functions are the same for every view: getters that
 * are closures would each make a view of another shape, and reading them ten times as slow.
 */
function lazily<T extends Seen>(seen: T, fields: Lazy): T {
  for (const [field, get] of Object.entries(fields))
    Object.defineProperty(seen, field, { get, enumerable: true })
  return seen
}

const { marketOf, reasoningOf, viewOf } = Seen

const OF_MARKET = {
  priceE8() {
    return marketOf(this).priceE8
  },
  bidE8() {
    return marketOf(this).bidE8
  },
  askE8() {
    return marketOf(this).askE8
  },
  navE8() {
    return marketOf(this).navE8
  },
  prediction() {
    return reasoningOf(this)?.prediction ?? null
  },
  exposure() {
    return marketOf(this).exposure
  },
  quantity() {
    return marketOf(this).quantity
  },
  openOrders() {
    return marketOf(this).openOrders
  },
} satisfies Lazy

const OF_AGENT = {
  nowMs() {
    return viewOf(this).nowMs
  },
  equityE8() {
    return viewOf(this).equityE8
  },
  cashE8() {
    return viewOf(this).cashE8
  },
} satisfies Lazy
