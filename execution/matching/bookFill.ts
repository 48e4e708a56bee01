import { cashE8, priceE8, quantity, type UnixMs } from '../../core/index.ts'
import type { AccountFill, ClosedLot } from './accountSink.ts'
import { type AccountState, cancelOrder } from './accountState.ts'
import { type Desk, sumLots } from './desk.ts'
import type { Lot } from './lot.ts'
import { ceilDivide, floorDivide, magnitude } from './rounding.ts'

/** A fill that is decided, to be booked. */
export type DecidedFill = {
  readonly order: number | null
  readonly buy: boolean
  readonly quantity: bigint
  readonly priceE8: bigint
  readonly feeE8: bigint
  readonly timeMs: number
  readonly maker: boolean
  readonly cause: AccountFill['cause']
  /** How much of it opens a lot; the rest closes. */
  readonly opens: bigint
  /** The one lot that it closes; null for the oldest first. */
  readonly lot: number | null
}

/**
 * Books a fill: what closes goes to the oldest opposite lots first, what is left opens a lot. The fill moves its cash,
 * rounded against the trader; each part has its share of cash and fee by size, rounded down, and the last part the
 * rest. Returns the lot that it opened, or null.
 */
export function bookFill(account: AccountState, desk: Desk, fill: DecidedFill): Lot | null {
  const { sink } = account
  const { buy } = fill
  const timeMs = fill.timeMs as UnixMs
  sink.filled({
    order: fill.order,
    instrument: desk.index,
    timeMs,
    side: buy ? 'buy' : 'sell',
    quantity: quantity(fill.quantity),
    priceE8: priceE8(fill.priceE8),
    feeE8: cashE8(fill.feeE8),
    liquidity: fill.maker ? 'maker' : 'taker',
    cause: fill.cause,
  })
  account.changed = true
  account.cashE8 -= fill.feeE8
  let toClose = fill.quantity - fill.opens
  let left = fill.quantity
  let feeLeft = fill.feeE8
  const cash = cashMoved(buy, fill.quantity, fill.priceE8, desk.unit)
  let cashLeft = cash
  account.cashE8 += cash
  const { lots } = desk
  let kept = lots
  let gone: Lot[] | null = null
  if (toClose > 0n) {
    kept = []
    for (let index = 0; index < lots.length; index++) {
      const lot = lots[index] as Lot
      const isOpposite = lot.quantity > 0n !== buy
      if (toClose === 0n || !isOpposite || (fill.lot !== null && lot.id !== fill.lot)) {
        kept.push(lot)
        continue
      }
      const held = magnitude(lot.quantity)
      const isWhole = held <= toClose
      const part = isWhole ? held : toClose
      const isLast = part === left
      const exitFee = isLast ? feeLeft : (fill.feeE8 * part) / fill.quantity
      const moved = isLast ? cashLeft : floorDivide(cash * part, fill.quantity)
      const cost = isWhole ? lot.costE8 : floorDivide(lot.costE8 * part, held)
      const entryFee = isWhole ? lot.feesE8 : (lot.feesE8 * part) / held
      cashLeft -= moved
      toClose -= part
      left -= part
      feeLeft -= exitFee
      sink.lotClosed?.(closedLot(lot, part, fill, moved - cost, entryFee + exitFee))
      if (isWhole) {
        if (gone === null) gone = [lot]
        else gone.push(lot)
      } else
        kept.push({
          ...lot,
          quantity: quantity(lot.quantity + (buy ? part : -part)),
          costE8: cashE8(lot.costE8 - cost),
          feesE8: cashE8(lot.feesE8 - entryFee),
        })
    }
  }
  const opened = fill.opens === 0n ? null : openedLot(account, desk, fill, cashLeft, feeLeft)
  const wasHeld = lots.length > 0
  desk.lots = opened === null ? kept : kept.length === 0 ? [opened] : [...kept, opened]
  account.held += Number(desk.lots.length > 0) - Number(wasHeld)
  sumLots(desk)
  account.cashNumber = Number(account.cashE8)
  if (gone !== null && desk.orders.length > 1)
    for (const lot of gone) cancelBracketOf(account, desk, lot, fill)
  return opened
}

function closedLot(lot: Lot, part: bigint, fill: DecidedFill, realised: bigint, fees: bigint): ClosedLot {
  return {
    lot: lot.id,
    instrument: lot.instrument,
    direction: lot.quantity > 0n ? 'long' : 'short',
    quantity: quantity(part),
    entryPriceE8: lot.entryPriceE8,
    exitPriceE8: priceE8(fill.priceE8),
    openedMs: lot.openedMs,
    closedMs: fill.timeMs as UnixMs,
    realisedE8: cashE8(realised),
    feesE8: cashE8(fees),
    entryOrder: lot.entryOrder,
    exitOrder: fill.order,
  }
}

function openedLot(account: AccountState, desk: Desk, fill: DecidedFill, moved: bigint, feesE8: bigint): Lot {
  return {
    id: account.nextLot++,
    instrument: desk.index,
    quantity: quantity(fill.buy ? fill.opens : -fill.opens),
    entryPriceE8: priceE8(fill.priceE8),
    costE8: cashE8(-moved),
    feesE8: cashE8(feesE8),
    openedMs: fill.timeMs as UnixMs,
    entryOrder: fill.order ?? -1,
  }
}

/** Paid, rounded up, or received, rounded down. */
const cashMoved = (buy: boolean, size: bigint, price: bigint, unit: bigint): bigint =>
  buy ? -ceilDivide(size * price, unit) : floorDivide(size * price, unit)

function cancelBracketOf(account: AccountState, desk: Desk, lot: Lot, { order, timeMs }: DecidedFill): void {
  const closer = desk.orders.find(({ id }) => id === order)
  const isOwnLeg = closer !== undefined && closer.role !== 'order' && closer.lot === lot.id
  for (const open of desk.orders)
    if (!open.done && open.lot === lot.id && open.id !== order)
      cancelOrder(account, desk, open.id, timeMs, isOwnLeg ? 'oneCancelsOther' : 'positionClosed')
}
