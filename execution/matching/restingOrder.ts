import type { TradeTerms } from '../../core/index.ts'
import type { Bracket, OrderKind, OrderSize, Trail } from './orderTerms.ts'
import type { Whole } from './whole.ts'

/** An order at the venue. Prices are whole 10⁻⁸ in doubles: what is compared on every bar. */
export type RestingOrder = {
  readonly id: number
  readonly instrument: number
  readonly buy: boolean
  readonly kind: OrderKind['kind']
  readonly role: 'order' | 'stopLoss' | 'takeProfit'
  /** Null for the whole of its lot. */
  readonly size: OrderSize | null
  readonly reduceOnly: boolean
  readonly exclusive: boolean
  /** The lot that it reduces; null for any. */
  readonly lot: number | null
  readonly bracket: Bracket | null
  /** Equity when the order was decided on; zero where the size does not need it. */
  readonly decisionEquityE8: Whole
  readonly submittedMs: number
  readonly activeMs: number
  /** Infinite when good till cancelled. */
  readonly goodTillMs: number
  /** NaN where the kind has none. */
  readonly limitE8: number
  /** NaN where the kind has none; a trailing stop moves it. */
  stopE8: number
  readonly trailE8: number
  readonly trailPpm: number
  /** Best price that a trailing stop has seen; NaN before the first. */
  bestE8: number
  /** A stop-limit whose stop was reached: from then on a limit. */
  triggered: boolean
  /** The event inside which the stop was reached; that bar's extreme may have come before. */
  triggeredIn: number
  /** The event that made it, for the bracket of an entry. */
  readonly bornIn: number
  /** Whether it takes part in the event that made it. */
  readonly liveAtBirth: 'all' | 'limits' | 'afterLimits' | 'no'
  done: boolean
}

/** How many orders the bracket of an order makes, whose ids follow its own. */
export function legsOf({ bracket }: TradeTerms): number {
  if (bracket === undefined) return 0
  return Number(bracket.stopLoss !== undefined) + Number(bracket.takeProfitE8 !== undefined)
}

/** When an order was made and when it counts. */
export type OrderTimes = Pick<RestingOrder, 'submittedMs' | 'activeMs' | 'goodTillMs'>

/** The record of an accepted order. */
export function restingOrder(
  id: number,
  terms: TradeTerms,
  instrument: number,
  times: OrderTimes,
  decisionEquityE8: Whole,
  markE8: number,
): RestingOrder {
  const order: RestingOrder = {
    id,
    instrument,
    buy: terms.side === 'buy',
    kind: terms.kind,
    role: 'order',
    size: terms.size,
    reduceOnly: terms.reduceOnly === true || terms.lot !== undefined,
    exclusive: terms.exclusive === true,
    lot: terms.lot ?? null,
    bracket: terms.bracket ?? null,
    decisionEquityE8,
    submittedMs: times.submittedMs,
    activeMs: times.activeMs,
    goodTillMs: times.goodTillMs,
    limitE8: 'limitE8' in terms ? Number(terms.limitE8) : Number.NaN,
    stopE8: 'stopE8' in terms ? Number(terms.stopE8) : Number.NaN,
    trailE8: 'trailE8' in terms ? Number(terms.trailE8) : 0,
    trailPpm: 'trailPpm' in terms ? terms.trailPpm : 0,
    bestE8: Number.NaN,
    triggered: false,
    triggeredIn: -1,
    bornIn: -1,
    liveAtBirth: 'no',
    done: false,
  }
  if (order.kind === 'trailingStop' && !Number.isNaN(markE8)) trailFrom(order, markE8)
  return order
}

/** The stop-loss or take-profit of a lot that an entry opened. */
export function bracketOrder(
  parent: RestingOrder,
  lot: number,
  leg: { readonly stopLoss: { readonly stopE8: bigint } | Trail } | { readonly takeProfitE8: bigint },
  birth: {
    readonly event: number
    readonly timeMs: number
    readonly entryE8: number
    readonly live: RestingOrder['liveAtBirth']
  },
): RestingOrder {
  const stopLoss = 'stopLoss' in leg ? leg.stopLoss : null
  const legs = parent.bracket?.stopLoss === undefined || stopLoss !== null ? 1 : 2
  const order: RestingOrder = {
    id: parent.id + legs,
    instrument: parent.instrument,
    buy: !parent.buy,
    kind: stopLoss === null ? 'limit' : 'stopE8' in stopLoss ? 'stop' : 'trailingStop',
    role: stopLoss === null ? 'takeProfit' : 'stopLoss',
    size: null,
    reduceOnly: true,
    exclusive: false,
    lot,
    bracket: null,
    decisionEquityE8: parent.decisionEquityE8,
    submittedMs: birth.timeMs,
    activeMs: birth.timeMs,
    goodTillMs: Number.POSITIVE_INFINITY,
    limitE8: 'takeProfitE8' in leg ? Number(leg.takeProfitE8) : Number.NaN,
    stopE8: stopLoss !== null && 'stopE8' in stopLoss ? Number(stopLoss.stopE8) : Number.NaN,
    trailE8: stopLoss !== null && 'trailE8' in stopLoss ? Number(stopLoss.trailE8) : 0,
    trailPpm: stopLoss !== null && 'trailPpm' in stopLoss ? stopLoss.trailPpm : 0,
    bestE8: Number.NaN,
    triggered: false,
    triggeredIn: -1,
    bornIn: birth.event,
    liveAtBirth: birth.live,
    done: false,
  }
  if (order.kind === 'trailingStop') trailFrom(order, birth.entryE8)
  return order
}

/** Moves a trailing stop to where it belongs behind a best price; rounded away from the price. */
export function trailFrom(order: RestingOrder, bestE8: number): void {
  order.bestE8 = bestE8
  if (order.trailPpm === 0) {
    order.stopE8 = order.buy ? bestE8 + order.trailE8 : bestE8 - order.trailE8
    return
  }
  // Split, so that every product stays a whole number below 2⁵³.
  const millions = Math.floor(bestE8 / 1_000_000)
  const rest = bestE8 - millions * 1_000_000
  const share = rest * order.trailPpm
  order.stopE8 = order.buy
    ? bestE8 + millions * order.trailPpm + Math.ceil(share / 1_000_000)
    : bestE8 - millions * order.trailPpm - Math.ceil(share / 1_000_000)
}
