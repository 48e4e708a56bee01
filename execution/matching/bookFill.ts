import { cashE8, priceE8, quantity, type UnixMs } from '../../core/index.ts'
import type { AccountFill, BookedFill, ClosedLot } from './accountSink.ts'
import { type AccountState, cancelOrder } from './accountState.ts'
import { type Desk, sumLots } from './desk.ts'
import type { HeldLot } from './lot.ts'
import { absolute, big, minus, negative, plus, quotientDown, quotientUp, type Whole } from './whole.ts'

/** A fill that is decided, to be booked. */
export type DecidedFill = BookedFill & {
  /** How much of it opens a lot; the rest closes. */
  readonly opens: Whole
  /** The one lot that it closes; null for the oldest first. */
  readonly lot: number | null
}

/**
 * Books a fill: what closes goes to the oldest opposite lots first, what is left opens a lot. The fill moves its cash,
 * rounded against the trader; each part has its share of cash and fee by size, rounded down, and the last part the
 * rest. Returns the lot that it opened, or null.
 */
export function bookFill(account: AccountState, desk: Desk, fill: DecidedFill): HeldLot | null {
  const { buy } = fill
  if (account.sink.booked !== undefined) account.sink.booked(desk.index, fill)
  else account.sink.filled?.(accountFill(desk, fill))
  const cash = buy
    ? negative(quotientUp(fill.quantity, fill.priceE8, desk.unit))
    : quotientDown(fill.quantity, fill.priceE8, desk.unit)
  account.changed = true
  account.cashE8 = plus(minus(account.cashE8, fill.feeE8), cash)
  account.cashNumber = Number(account.cashE8)
  if (fill.opens !== fill.quantity) return closeLots(account, desk, fill, cash)
  const opened = openLot(account, desk, fill, cash, fill.feeE8)
  if (desk.lots.length === 1) account.held++
  sumLots(desk)
  return opened
}

/** Closes lots, the oldest first, with what a fill does not open, and opens the rest of it. */
function closeLots(account: AccountState, desk: Desk, fill: DecidedFill, cash: Whole): HeldLot | null {
  const { buy } = fill
  const { lots } = desk
  let toClose = minus(fill.quantity, fill.opens)
  let left = fill.quantity
  let cashLeft = cash
  let feeLeft = fill.feeE8
  let gone: HeldLot[] | null = null
  let kept = 0
  for (let index = 0; index < lots.length; index++) {
    const lot = lots[index] as HeldLot
    const isOpposite = lot.quantity > 0 !== buy
    if (toClose === 0 || !isOpposite || (fill.lot !== null && lot.id !== fill.lot)) {
      lots[kept++] = lot
      continue
    }
    const held = absolute(lot.quantity)
    const isWhole = held <= toClose
    const part = isWhole ? held : toClose
    const isLast = part === left
    const exitFee = isLast ? feeLeft : quotientDown(fill.feeE8, part, fill.quantity)
    const moved = isLast ? cashLeft : quotientDown(cash, part, fill.quantity)
    const cost = isWhole ? lot.costE8 : quotientDown(lot.costE8, part, held)
    const entryFee = isWhole ? lot.feesE8 : quotientDown(lot.feesE8, part, held)
    cashLeft = minus(cashLeft, moved)
    toClose = minus(toClose, part)
    left = minus(left, part)
    feeLeft = minus(feeLeft, exitFee)
    if (account.sink.lotClosed !== undefined)
      account.sink.lotClosed(closedLot(desk, lot, part, fill, minus(moved, cost), plus(entryFee, exitFee)))
    if (!isWhole) lots[kept++] = reducedLot(lot, buy ? part : negative(part), cost, entryFee)
    else if (desk.orders.length > 1) gone = gone === null ? [lot] : [...gone, lot]
  }
  while (lots.length > kept) lots.pop()
  const opened = fill.opens === 0 ? null : openLot(account, desk, fill, cashLeft, feeLeft)
  if (lots.length === 0) account.held--
  sumLots(desk)
  if (gone !== null) for (const lot of gone) cancelBracketOf(account, desk, lot, fill)
  return opened
}

function reducedLot(lot: HeldLot, by: Whole, costE8: Whole, feesE8: Whole): HeldLot {
  return {
    ...lot,
    quantity: plus(lot.quantity, by),
    costE8: minus(lot.costE8, costE8),
    feesE8: minus(lot.feesE8, feesE8),
  }
}

function accountFill(desk: Desk, fill: DecidedFill): AccountFill {
  return {
    order: fill.order,
    instrument: desk.index,
    timeMs: fill.timeMs as UnixMs,
    side: fill.buy ? 'buy' : 'sell',
    quantity: quantity(big(fill.quantity)),
    priceE8: priceE8(big(fill.priceE8)),
    feeE8: cashE8(big(fill.feeE8)),
    liquidity: fill.maker ? 'maker' : 'taker',
    cause: fill.cause,
  }
}

function closedLot(
  desk: Desk,
  lot: HeldLot,
  part: Whole,
  fill: DecidedFill,
  realised: Whole,
  fees: Whole,
): ClosedLot {
  return {
    lot: lot.id,
    instrument: desk.index,
    direction: lot.quantity > 0 ? 'long' : 'short',
    quantity: quantity(big(part)),
    entryPriceE8: priceE8(big(lot.entryPriceE8)),
    exitPriceE8: priceE8(big(fill.priceE8)),
    openedMs: lot.openedMs,
    closedMs: fill.timeMs as UnixMs,
    realisedE8: cashE8(big(realised)),
    feesE8: cashE8(big(fees)),
    entryOrder: lot.entryOrder,
    exitOrder: fill.order,
  }
}

function openLot(
  account: AccountState,
  desk: Desk,
  { buy, opens, priceE8, timeMs, order }: DecidedFill,
  cashE8: Whole,
  feesE8: Whole,
): HeldLot {
  const opened: HeldLot = {
    id: account.nextLot++,
    quantity: buy ? opens : negative(opens),
    entryPriceE8: priceE8,
    costE8: negative(cashE8),
    feesE8,
    openedMs: timeMs as UnixMs,
    entryOrder: order ?? -1,
  }
  desk.lots.push(opened)
  return opened
}

function cancelBracketOf(
  account: AccountState,
  desk: Desk,
  lot: HeldLot,
  { order, timeMs }: DecidedFill,
): void {
  const closer = desk.orders.find(({ id }) => id === order)
  const isOwnLeg = closer !== undefined && closer.role !== 'order' && closer.lot === lot.id
  for (const open of desk.orders)
    if (!open.done && open.lot === lot.id && open.id !== order)
      cancelOrder(account, desk, open.id, timeMs, isOwnLeg ? 'oneCancelsOther' : 'positionClosed')
}
