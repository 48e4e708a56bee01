import { cashE8, priceE8, quantity, type UnixMs } from '../../core/index.ts'
import type { AccountFill, ClosedLot } from './accountSink.ts'
import { type AccountState, cancelOrder } from './accountState.ts'
import { type Desk, sumLots } from './desk.ts'
import type { HeldLot } from './lot.ts'
import { absolute, big, minus, negative, plus, quotientDown, quotientUp, type Whole } from './whole.ts'

/** A fill that is decided, to be booked. */
export type DecidedFill = {
  readonly order: number | null
  readonly buy: boolean
  readonly quantity: Whole
  readonly priceE8: Whole
  readonly feeE8: Whole
  readonly timeMs: number
  readonly maker: boolean
  readonly cause: AccountFill['cause']
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
  account.sink.filled({
    order: fill.order,
    instrument: desk.index,
    timeMs: fill.timeMs as UnixMs,
    side: buy ? 'buy' : 'sell',
    quantity: quantity(big(fill.quantity)),
    priceE8: priceE8(big(fill.priceE8)),
    feeE8: cashE8(big(fill.feeE8)),
    liquidity: fill.maker ? 'maker' : 'taker',
    cause: fill.cause,
  })
  const cash = buy
    ? negative(quotientUp(fill.quantity, fill.priceE8, desk.unit))
    : quotientDown(fill.quantity, fill.priceE8, desk.unit)
  account.changed = true
  account.cashE8 = plus(minus(account.cashE8, fill.feeE8), cash)
  account.cashNumber = Number(account.cashE8)
  const wasHeld = desk.lots.length > 0
  const rest: Rest = { quantity: fill.quantity, cashE8: cash, feeE8: fill.feeE8 }
  const gone = fill.opens === fill.quantity ? NONE : closeLots(account, desk, fill, cash, rest)
  const opened = fill.opens === 0 ? null : openedLot(account, fill, rest)
  if (opened !== null) desk.lots = desk.lots.length === 0 ? [opened] : [...desk.lots, opened]
  account.held += Number(desk.lots.length > 0) - Number(wasHeld)
  sumLots(desk)
  if (gone.length > 0 && desk.orders.length > 1)
    for (const lot of gone) cancelBracketOf(account, desk, lot, fill)
  return opened
}

/** What is left of a fill once lots were closed with the rest of it. */
type Rest = { quantity: Whole; cashE8: Whole; feeE8: Whole }

const NONE: readonly HeldLot[] = []

/** Closes lots, the oldest first, with what a fill does not open; returns those that are gone. */
function closeLots(
  account: AccountState,
  desk: Desk,
  fill: DecidedFill,
  cash: Whole,
  rest: Rest,
): readonly HeldLot[] {
  const { buy } = fill
  const { lots } = desk
  let toClose = minus(fill.quantity, fill.opens)
  const kept: HeldLot[] = []
  const gone: HeldLot[] = []
  for (const lot of lots) {
    const isOpposite = lot.quantity > 0 !== buy
    if (toClose === 0 || !isOpposite || (fill.lot !== null && lot.id !== fill.lot)) {
      kept.push(lot)
      continue
    }
    const held = absolute(lot.quantity)
    const isWhole = held <= toClose
    const part = isWhole ? held : toClose
    const isLast = part === rest.quantity
    const exitFee = isLast ? rest.feeE8 : quotientDown(fill.feeE8, part, fill.quantity)
    const moved = isLast ? rest.cashE8 : quotientDown(cash, part, fill.quantity)
    const cost = isWhole ? lot.costE8 : quotientDown(lot.costE8, part, held)
    const entryFee = isWhole ? lot.feesE8 : quotientDown(lot.feesE8, part, held)
    toClose = minus(toClose, part)
    rest.quantity = minus(rest.quantity, part)
    rest.cashE8 = minus(rest.cashE8, moved)
    rest.feeE8 = minus(rest.feeE8, exitFee)
    account.sink.lotClosed?.(closedLot(desk, lot, part, fill, minus(moved, cost), plus(entryFee, exitFee)))
    if (isWhole) gone.push(lot)
    else
      kept.push({
        ...lot,
        quantity: buy ? plus(lot.quantity, part) : minus(lot.quantity, part),
        costE8: minus(lot.costE8, cost),
        feesE8: minus(lot.feesE8, entryFee),
      })
  }
  desk.lots = kept
  return gone
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

function openedLot(account: AccountState, fill: DecidedFill, rest: Rest): HeldLot {
  return {
    id: account.nextLot++,
    quantity: fill.buy ? fill.opens : negative(fill.opens),
    entryPriceE8: fill.priceE8,
    costE8: negative(rest.cashE8),
    feesE8: rest.feeE8,
    openedMs: fill.timeMs as UnixMs,
    entryOrder: fill.order ?? -1,
  }
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
