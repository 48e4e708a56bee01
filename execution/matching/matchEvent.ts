import { cashE8, priceE8, type UnixMs } from '../../core/index.ts'
import { type AccountState, cancelOrder, equityE8, type PriceEvent } from './accountState.ts'
import { bookFill } from './bookFill.ts'
import { type Desk, lastAsk, lastBid } from './desk.ts'
import { fillCosts } from './executionCosts.ts'
import { closingFill, fillOrder, PURCHASE, SALE } from './fillOrder.ts'
import { breachAtOpen, breachInside, type ClosingPrices } from './liquidation.ts'
import { type RestingOrder, trailFrom } from './restingOrder.ts'
import { big } from './whole.ts'

/**
 * Lets one event act on an instrument's orders and positions, in the order that docs/fills.md sets out:
 * expiry, margin at the open, orders at the open, stops inside, margin inside, limits inside, the stops of what
 * limits opened, margin again, trailing stops, expiry.
 */
export function matchEvent(account: AccountState, desk: Desk): void {
  const { event } = account
  expireOrders(account, desk, event.openMs)
  if (!liquidateIf(account, desk, breachAtOpen(account, desk, event))) {
    eachOrder(account, desk, matchAtOpen)
    // As a rule there was one market order, and nothing that the rest of the event could touch.
    if (desk.orders.every(isDone)) liquidateIf(account, desk, breachInside(account, desk, event))
    else matchInside(account, desk)
  }
  closeIfRuined(account, event.closeMs)
}

/** What follows the open where orders are left: stops, margin, limits, the stops of what they opened, margin again. */
function matchInside(account: AccountState, desk: Desk): void {
  const { event } = account
  eachOrder(account, desk, matchStopInside)
  if (!liquidateIf(account, desk, breachInside(account, desk, event))) {
    eachOrder(account, desk, matchLimitInside)
    eachOrder(account, desk, matchStopAfterLimits)
    liquidateIf(account, desk, breachInside(account, desk, event))
  }
  for (const order of desk.orders) if (!order.done && order.kind === 'trailingStop') ratchet(account, order)
  expireOrders(account, desk, event.closeMs)
}

/** Ends the orders of an instrument that are not good at a time. */
export function expireOrders(account: AccountState, desk: Desk, timeMs: number): void {
  const { orders } = desk
  for (let index = 0; index < orders.length; index++) {
    const order = orders[index] as RestingOrder
    if (order.done || order.goodTillMs > timeMs) continue
    order.done = true
    account.changed = true
    account.sink.expired(order.id, order.goodTillMs as UnixMs)
  }
}

/** Closes the account when nothing is held, no equity is left and nothing is owed to it. */
export function closeIfRuined(account: AccountState, timeMs: number): void {
  if (account.closed || account.owed || account.held > 0 || account.cashE8 > 0) return
  account.closed = true
  for (const desk of account.desks)
    for (const order of desk.orders) cancelOrder(account, desk, order.id, timeMs, 'accountClosed')
  account.sink.accountClosed(timeMs as UnixMs, cashE8(big(equityE8(account))))
}

const isDone = ({ done }: RestingOrder): boolean => done

function eachOrder(
  account: AccountState,
  desk: Desk,
  match: (account: AccountState, desk: Desk, order: RestingOrder) => void,
): void {
  // By index: an entry that fills puts its bracket behind itself.
  for (let index = 0; index < desk.orders.length; index++) {
    const order = desk.orders[index]
    if (order !== undefined && !order.done && takesPart(order, account.event)) match(account, desk, order)
  }
}

// An order that arrives inside a bar, or at the price that caused it, waits for the next.
function takesPart(order: RestingOrder, { number, isBar, openMs, closeMs }: PriceEvent): boolean {
  if (order.bornIn === number) return order.liveAtBirth !== 'no'
  return isBar ? openMs >= order.activeMs : closeMs > order.submittedMs && closeMs >= order.activeMs
}

function matchAtOpen(account: AccountState, desk: Desk, order: RestingOrder): void {
  const { event } = account
  const openE8 = order.buy ? event.askOpenE8 : event.bidOpenE8
  if (order.bornIn === event.number && order.liveAtBirth !== 'all') return
  if (order.kind === 'trailingStop' && Number.isNaN(order.bestE8)) {
    trailFrom(order, openE8)
    account.changed = true
  }
  if (order.kind === 'stopLimit' && !order.triggered && isBeyondStop(order, openE8)) {
    order.triggered = true
    account.changed = true
  }
  const fills =
    order.kind === 'market' ||
    (isLimit(order)
      ? isWithinLimit(order, openE8)
      : order.kind !== 'stopLimit' && isBeyondStop(order, openE8))
  if (fills) fillOrder(account, desk, order, openE8, false, 'open')
}

function matchStopInside(account: AccountState, desk: Desk, order: RestingOrder): void {
  const { event } = account
  if (isLimit(order) || order.kind === 'market' || isCutShort(order, event)) return
  if (order.bornIn === event.number && order.liveAtBirth !== 'all') return
  if (!isBeyondStop(order, order.buy ? event.askHighE8 : event.bidLowE8)) return
  if (order.kind !== 'stopLimit' || isWithinLimit(order, order.stopE8)) {
    fillOrder(account, desk, order, order.stopE8, false, 'insideStop')
    return
  }
  order.triggered = true
  order.triggeredIn = event.number
  account.changed = true
}

function matchLimitInside(account: AccountState, desk: Desk, order: RestingOrder): void {
  const { event } = account
  if (!isLimit(order) || isCutShort(order, event)) return
  if (order.bornIn === event.number && order.liveAtBirth === 'afterLimits') return
  // The extreme may have come before the stop that made it a limit; the close came after.
  const reachedE8 =
    order.triggeredIn === event.number
      ? order.buy
        ? event.askCloseE8
        : event.bidCloseE8
      : order.buy
        ? event.askLowE8
        : event.bidHighE8
  if (isWithinLimit(order, reachedE8)) fillOrder(account, desk, order, order.limitE8, true, 'insideLimit')
}

function matchStopAfterLimits(account: AccountState, desk: Desk, order: RestingOrder): void {
  const { event } = account
  if (order.bornIn !== event.number || order.liveAtBirth !== 'afterLimits') return
  if (isBeyondStop(order, order.buy ? event.askHighE8 : event.bidLowE8))
    fillOrder(account, desk, order, order.stopE8, false, 'insideStop')
}

const isLimit = (order: RestingOrder): boolean => order.kind === 'limit' || order.triggered
const isWithinLimit = ({ buy, limitE8 }: RestingOrder, price: number): boolean =>
  buy ? price <= limitE8 : price >= limitE8
const isBeyondStop = ({ buy, stopE8 }: RestingOrder, price: number): boolean =>
  buy ? price >= stopE8 : price <= stopE8
// Good at the open only: nobody knows what came before its end.
const isCutShort = ({ goodTillMs }: RestingOrder, { closeMs }: PriceEvent): boolean => goodTillMs < closeMs

/** Moves a trailing stop after the event's own triggers were checked. */
function ratchet(account: AccountState, order: RestingOrder): void {
  const { event } = account
  if (!takesPart(order, event) && order.bornIn !== event.number) return
  // Of a bar inside which it was made only the close is known to come after.
  const whole = order.bornIn !== event.number || order.liveAtBirth === 'all'
  const best = order.buy
    ? whole
      ? event.askLowE8
      : event.askCloseE8
    : whole
      ? event.bidHighE8
      : event.bidCloseE8
  if (order.buy ? best >= order.bestE8 : best <= order.bestE8) return
  trailFrom(order, best)
  account.changed = true
}

/** Cancels every order and closes every position of the account, if the margin was breached. */
function liquidateIf(account: AccountState, desk: Desk, breach: ClosingPrices | null): boolean {
  if (breach === null) return false
  const { event } = account
  const timeMs = breach.atOpen ? event.openMs : event.closeMs
  const hurts = desk.longQuantity > desk.shortQuantity ? breach.bidE8 : breach.askE8
  account.sink.liquidated(desk.index, timeMs as UnixMs, priceE8(hurts))
  for (const other of account.desks)
    for (const order of other.orders) cancelOrder(account, other, order.id, timeMs, 'liquidated')
  liquidateDesk(account, desk, breach, timeMs, event.volumeE8)
  for (const other of account.desks)
    if (other !== desk && other.lots.length > 0)
      liquidateDesk(
        account,
        other,
        { bidE8: BigInt(lastBid(other)), askE8: BigInt(lastAsk(other)) },
        timeMs,
        0,
      )
  closeIfRuined(account, timeMs)
  return true
}

function liquidateDesk(
  account: AccountState,
  desk: Desk,
  { bidE8, askE8 }: Pick<ClosingPrices, 'bidE8' | 'askE8'>,
  timeMs: number,
  volumeE8: number,
): void {
  for (const buy of [false, true]) {
    const size = buy ? desk.shortQuantity : desk.longQuantity
    if (size === 0) continue
    const touch = { priceE8: Number(buy ? askE8 : bidE8), timeMs, maker: false, volumeE8, forced: true }
    const costs = fillCosts(account, desk, buy ? PURCHASE : SALE, size, touch)
    if (costs === null) continue
    bookFill(account, desk, closingFill(null, buy, size, costs, timeMs, 'liquidation'))
  }
}
