import { quantity, type UnixMs } from '../../core/index.ts'
import type { AccountState, PriceEvent } from './accountState.ts'
import { bookFill, type DecidedFill } from './bookFill.ts'
import type { Desk } from './desk.ts'
import { type FillCosts, type Filling, fillCosts, type Touch } from './executionCosts.ts'
import { marginShortfall } from './marginShortfall.ts'
import { sizeAt } from './orderSizeAt.ts'
import type { Rejection } from './rejection.ts'
import { bracketOrder, type RestingOrder } from './restingOrder.ts'
import { larger } from './rounding.ts'
import { big, type Whole } from './whole.ts'

/** What closes all of one side, whatever its price. */
export const SALE: Filling = { buy: false, reduceOnly: true, limitE8: Number.NaN }
export const PURCHASE: Filling = { buy: true, reduceOnly: true, limitE8: Number.NaN }

/** Where in an event an order fills: it decides which legs of its bracket see the rest of the event. */
export type FillMoment = 'open' | 'insideStop' | 'insideLimit'

/** Fills an order at a price of the event, whole, or rejects it with the reason. Either way it is done. */
export function fillOrder(
  account: AccountState,
  desk: Desk,
  order: RestingOrder,
  touchE8: number,
  maker: boolean,
  moment: FillMoment,
): void {
  const { event } = account
  order.done = true
  account.changed = true
  const timeMs = moment === 'open' ? event.openMs : event.closeMs
  const touch: Touch = { priceE8: touchE8, timeMs, maker, volumeE8: event.volumeE8, forced: false }
  const rejection = tryFill(account, desk, order, touch, moment)
  if (rejection !== null) account.sink.rejected(order.id, timeMs as UnixMs, rejection)
}

function tryFill(
  account: AccountState,
  desk: Desk,
  order: RestingOrder,
  touch: Touch,
  moment: FillMoment,
): Rejection | null {
  if (order.exclusive && !closeAll(account, desk, order.id, touch))
    return { reason: 'liquidity', size: quantity(big(larger(desk.longQuantity, desk.shortQuantity))) }
  const isCovered = coversItself(account, order)
  const size = sizeAt(account, desk, order, touch)
  if (order.reduceOnly && size === 0) return { reason: 'nothingToReduce' }
  if (!order.reduceOnly && (size === 0 || size < desk.minimumSize))
    return { reason: 'belowMinimum', size: quantity(big(size)), minimum: desk.terms.minimumSize }
  const costs = fillCosts(account, desk, order, size, touch)
  if (costs === null) return { reason: 'liquidity', size: quantity(big(size)) }
  const shortfall = isCovered ? null : marginShortfall(account, desk, size, touch.priceE8, costs)
  if (shortfall !== null) return shortfall
  const opened = bookFill(account, desk, {
    order: order.id,
    buy: order.buy,
    quantity: size,
    priceE8: costs.priceE8,
    feeE8: costs.feeE8,
    timeMs: touch.timeMs,
    maker: touch.maker,
    cause: order.role,
    opens: costs.opens,
    lot: order.lot,
  })
  if (opened !== null && order.bracket !== null)
    placeBracket(desk, order, opened.id, touch.priceE8, account.event, moment)
  return null
}

/**
 * Whether an order has its margin by how it is sized: with nothing held, a share of the equity is worth, rounded up, at
 * most what is left of the cash after its costs; and the margin of a position is at most what it is worth.
 */
function coversItself({ held }: AccountState, { size }: RestingOrder): boolean {
  return held === 0 && size !== null && 'equityPpm' in size && size.equityPpm <= 1_000_000
}

/** Closes every lot of an instrument, longs at the bid and shorts at the ask, for an order that excludes them. */
function closeAll(account: AccountState, desk: Desk, order: number, touch: Touch): boolean {
  const { longQuantity, shortQuantity } = desk
  const sale = longQuantity === 0 ? null : costsOfClosing(account, desk, false, touch)
  const purchase = shortQuantity === 0 ? null : costsOfClosing(account, desk, true, touch)
  // All or nothing.
  if ((longQuantity !== 0 && sale === null) || (shortQuantity !== 0 && purchase === null)) return false
  const { timeMs } = touch
  if (sale !== null) bookFill(account, desk, closingFill(order, false, longQuantity, sale, timeMs, 'close'))
  if (purchase !== null)
    bookFill(account, desk, closingFill(order, true, shortQuantity, purchase, timeMs, 'close'))
  return true
}

/** What it would cost to close every lot of one side at the open; null when the market cannot take it. */
function costsOfClosing(
  account: AccountState,
  desk: Desk,
  buy: boolean,
  { timeMs, volumeE8 }: Touch,
): FillCosts | null {
  const { event } = account
  const priceE8 = buy ? event.askOpenE8 : event.bidOpenE8
  const size = buy ? desk.shortQuantity : desk.longQuantity
  return fillCosts(account, desk, buy ? PURCHASE : SALE, size, {
    priceE8,
    timeMs,
    maker: false,
    volumeE8,
    forced: false,
  })
}

/** A taker's fill that closes the oldest lots and opens nothing. */
export function closingFill(
  order: number | null,
  buy: boolean,
  size: Whole,
  { priceE8, feeE8 }: FillCosts,
  timeMs: number,
  cause: DecidedFill['cause'],
): DecidedFill {
  return { order, buy, quantity: size, priceE8, feeE8, timeMs, maker: false, cause, opens: 0, lot: null }
}

/** Makes the legs of a bracket, and says which of them see the rest of the event that filled the entry. */
function placeBracket(
  desk: Desk,
  entry: RestingOrder,
  lot: number,
  entryE8: number,
  event: PriceEvent,
  moment: FillMoment,
): void {
  const { stopLoss, takeProfitE8 } = entry.bracket ?? {}
  const birth = { event: event.number, timeMs: event.closeMs, entryE8 }
  let at = desk.orders.indexOf(entry) + 1
  let stopReached = false
  if (stopLoss !== undefined) {
    // A limit that was reached inside the bar lies between the open and the stop: the stop comes after it.
    const live = moment === 'open' ? 'all' : moment === 'insideLimit' ? 'afterLimits' : 'no'
    const leg = bracketOrder(entry, lot, { stopLoss }, { ...birth, live })
    stopReached = leg.buy ? event.askHighE8 >= leg.stopE8 : event.bidLowE8 <= leg.stopE8
    if (at === 0) desk.orders.push(leg)
    else desk.orders.splice(at++, 0, leg)
  }
  if (takeProfitE8 === undefined) return
  // A stop entry and its take-profit lie in one direction; only where the stop-loss was not reached is it known
  // that the take-profit came after the entry.
  const live = moment === 'open' ? 'all' : moment === 'insideStop' && !stopReached ? 'limits' : 'no'
  const leg = bracketOrder(entry, lot, { takeProfitE8 }, { ...birth, live })
  if (at === 0) desk.orders.push(leg)
  else desk.orders.splice(at, 0, leg)
}
