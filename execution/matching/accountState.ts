import { type CashE8, cashE8 } from '../../core/index.ts'
import type { AccountSink, CancelReason } from './accountSink.ts'
import { type Desk, lastAsk, lastBid, marginOfLots, valueOfLots } from './desk.ts'
import type { ExecutionModels } from './executionModels.ts'
import { ceilDivide } from './rounding.ts'

/** Everything that an account knows. */
export type AccountState = {
  readonly hedging: boolean
  readonly fillAtDecision: boolean
  readonly desks: readonly Desk[]
  readonly models: Required<ExecutionModels>
  readonly sink: AccountSink
  readonly event: PriceEvent
  cashE8: bigint
  /** The same as a double, for estimates: to make one from a bigint makes an object. */
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
 * @param at Prices that one desk is valued at instead of its last.
 */
export function equityE8(
  account: AccountState,
  at: { readonly desk: Desk; readonly bidE8: bigint; readonly askE8: bigint } | null = null,
): CashE8 {
  let equity = account.cashE8
  if (account.held > 0)
    for (const desk of account.desks)
      if (desk.lots.length > 0)
        equity +=
          at?.desk === desk
            ? valueOfLots(desk, at.bidE8, at.askE8)
            : // To make an integer of a price costs as much as to multiply two: of the side that values nothing, none is made.
              valueOfLots(
                desk,
                desk.longQuantity === 0n ? 0n : BigInt(lastBid(desk)),
                desk.shortQuantity === 0n ? 0n : BigInt(lastAsk(desk)),
              )
  return cashE8(equity)
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
export function marginUsedE8(account: AccountState, except: Desk | null = null): CashE8 {
  let margin = 0n
  if (account.held > 0)
    for (const desk of account.desks)
      if (desk !== except && desk.lots.length > 0)
        margin += marginOfLots(
          desk,
          BigInt(lastBid(desk)),
          BigInt(lastAsk(desk)),
          desk.terms.initialMarginPpm,
        )
  return cashE8(margin)
}

/** Initial margin of an amount at a price, rounded up. */
export function initialMarginE8(desk: Desk, quantity: bigint, priceE8: bigint): bigint {
  return ceilDivide(quantity * priceE8 * BigInt(desk.terms.initialMarginPpm), desk.unit * 1_000_000n)
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
