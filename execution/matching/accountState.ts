import { PPM } from '../../core/index.ts'
import type { AccountSink, CancelReason } from './accountSink.ts'
import { type Desk, lastAsk, lastBid, marginOfLots, valueOfLots } from './desk.ts'
import type { FeeModel, LatencyModel, SlippageModel } from './executionModels.ts'
import { plus, quotientUp, times, type Whole } from './whole.ts'

/** Everything that an account knows. */
export type AccountState = {
  readonly hedging: boolean
  readonly fillAtDecision: boolean
  readonly desks: readonly Desk[]
  readonly models: AccountModels
  readonly sink: AccountSink
  readonly event: PriceEvent
  cashE8: Whole
  /** The same as a double, for estimates. */
  cashNumber: number
  /** Instruments in which there is a lot. */
  held: number
  nextOrder: number
  nextLot: number
  /** True once equity has reached zero. */
  closed: boolean
  /** True while cash or shares of the account's are under way at an issuer. */
  owed: boolean
  /** True when something changed that thresholds were computed from. */
  changed: boolean
}

/** What trading costs. */
export type AccountModels = {
  readonly fees: FeeModel
  /** What the fee is, if that can be told without asking; else null. */
  readonly plainFee: { readonly takerPpm: number; readonly makerPpm: number; readonly fixedE8: Whole } | null
  /** Null where a taker gets the price itself. */
  readonly slippage: SlippageModel | null
  /** False where fees and prices of fills are told without asking a model. */
  readonly isAsked: boolean
  readonly latency: LatencyModel
}

/** The event at hand: a bar, or a price as a bar without extent. Reused, so that no event makes an object. */
export type PriceEvent = {
  /** Counts the events that were looked at. */
  number: number
  isBar: boolean
  openMs: number
  closeMs: number
  bidOpenE8: number
  bidHighE8: number
  bidLowE8: number
  bidCloseE8: number
  askOpenE8: number
  askHighE8: number
  askLowE8: number
  askCloseE8: number
  volumeE8: number
}

/**
 * Cash plus every position at its last price, longs at the bid and shorts at the ask, each rounded down.
 *
 * @param at Desk that is valued at this price instead of its last.
 */
export function equityE8(account: AccountState, at: Desk | null = null, priceE8: Whole = 0): Whole {
  let equity = account.cashE8
  if (account.held > 0)
    for (const desk of account.desks)
      if (desk.lots.length > 0)
        equity = plus(
          equity,
          desk === at ? valueOfLots(desk, priceE8, priceE8) : valueOfLots(desk, lastBid(desk), lastAsk(desk)),
        )
  return equity
}

/** The same at the last prices, as a double. */
export function equityEstimateE8(account: AccountState): number {
  let equity = account.cashNumber
  if (account.held > 0)
    for (const desk of account.desks) {
      if (desk.longUnits > 0) equity += desk.longUnits * lastBid(desk)
      if (desk.shortUnits > 0) equity -= desk.shortUnits * lastAsk(desk)
    }
  return equity
}

/** Initial margin of every position at its last price, each rounded up; of one desk not. */
export function marginUsedE8(account: AccountState, except: Desk | null = null): Whole {
  let margin: Whole = 0
  if (account.held > 0)
    for (const desk of account.desks)
      if (desk !== except && desk.lots.length > 0)
        margin = plus(margin, marginOfLots(desk, lastBid(desk), lastAsk(desk), desk.terms.initialMarginPpm))
  return margin
}

/** Initial margin of an amount at a price, rounded up. */
export function initialMarginE8({ terms, unit, unitMillions }: Desk, quantity: Whole, priceE8: Whole): Whole {
  const { initialMarginPpm } = terms
  return initialMarginPpm === PPM
    ? quotientUp(quantity, priceE8, unit)
    : quotientUp(times(quantity, initialMarginPpm), priceE8, unitMillions)
}

/** Ends an order, and says why. */
export function cancelOrder(
  account: AccountState,
  desk: Desk,
  id: number,
  timeMs: number,
  reason: CancelReason,
): boolean {
  const order = desk.orders.find(open => open.id === id && !open.done)
  if (order === undefined) return false
  order.done = true
  account.changed = true
  account.sink.cancelled(id, timeMs as never, reason)
  return true
}
