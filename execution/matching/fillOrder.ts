import { quantity, type UnixMs } from '../../core/index.ts'
import type { AccountState, PriceEvent } from './accountState.ts'
import { bookFill, type DecidedFill } from './bookFill.ts'
import type { Desk } from './desk.ts'
import { CostsAtTouch, fillCosts, type Touch } from './executionCosts.ts'
import { marginShortfall } from './marginShortfall.ts'
import { sizeAt } from './orderSizeAt.ts'
import type { Rejection } from './rejection.ts'
import { bracketOrder, type RestingOrder } from './restingOrder.ts'
import { larger } from './rounding.ts'

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
  const touch: Touch = { priceE8: BigInt(touchE8), timeMs, maker, volumeE8: event.volumeE8 }
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
    return { reason: 'liquidity', size: quantity(larger(desk.longQuantity, desk.shortQuantity)) }
  const quote = new CostsAtTouch(account, desk, order, touch)
  const isCovered = coversItself(account, order)
  const size = sizeAt(quote)
  if (order.reduceOnly && size === 0n) return { reason: 'nothingToReduce' }
  if (!order.reduceOnly && (size === 0n || size < desk.terms.minimumSize))
    return { reason: 'belowMinimum', size: quantity(size), minimum: desk.terms.minimumSize }
  const costs = quote.of(size)
  if (costs === null) return { reason: 'liquidity', size: quantity(size) }
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
    placeBracket(desk, order, opened.id, Number(touch.priceE8), account.event, moment)
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
function closeAll(account: AccountState, desk: Desk, order: number, { timeMs, volumeE8 }: Touch): boolean {
  const { event } = account
  const fills: DecidedFill[] = []
  for (const buy of [false, true]) {
    const size = buy ? desk.shortQuantity : desk.longQuantity
    if (size === 0n) continue
    const touch = {
      priceE8: BigInt(buy ? event.askOpenE8 : event.bidOpenE8),
      timeMs,
      maker: false,
      volumeE8,
    }
    const costs = fillCosts(account, desk, { buy, reduceOnly: true, limitE8: Number.NaN }, size, touch)
    if (costs === null) return false
    const { priceE8, feeE8 } = costs
    fills.push(closingFill(order, buy, size, priceE8, feeE8, timeMs, 'close'))
  }
  for (const fill of fills) bookFill(account, desk, fill)
  return true
}

/** A taker's fill that closes the oldest lots and opens nothing. */
export function closingFill(
  order: number | null,
  buy: boolean,
  size: bigint,
  priceE8: bigint,
  feeE8: bigint,
  timeMs: number,
  cause: DecidedFill['cause'],
): DecidedFill {
  return { order, buy, quantity: size, priceE8, feeE8, timeMs, maker: false, cause, opens: 0n, lot: null }
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
