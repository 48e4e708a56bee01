import {
  type CashE8,
  cashE8,
  floorDivide,
  type PriceE8,
  priceE8,
  type Quantity,
  quantity,
  type UnixMs,
} from '../core/index.ts'

/** A fill of a backtest. */
export type BacktestFill = {
  /** Sequence of the order's decision; null for a liquidation. */
  readonly order: number | null
  /** Index among the agent's traded instruments. */
  readonly market: number
  /** Time of the price: of a bar its open, of a swap its block. */
  readonly timeMs: UnixMs
  readonly side: 'buy' | 'sell'
  /** Always positive. */
  readonly quantity: Quantity
  readonly priceE8: PriceE8
  readonly feeE8: CashE8
}

/** A closed round trip: from no position to no position, or to the other side. */
export type Trade = {
  /** Index among the agent's traded instruments. */
  readonly market: number
  readonly direction: 'long' | 'short'
  readonly entryMs: UnixMs
  readonly exitMs: UnixMs
  /** Average price over all that was opened, rounded down. */
  readonly entryPriceE8: PriceE8
  /** Average price over all that was closed, rounded down. */
  readonly exitPriceE8: PriceE8
  /** All that was opened, and closed again, during the trip. */
  readonly quantity: Quantity
  /** Profit after fees. */
  readonly pnlE8: CashE8
  readonly feesE8: CashE8
}

type OpenTrip = {
  readonly market: number
  readonly direction: 'long' | 'short'
  readonly entryMs: UnixMs
  held: bigint
  opened: bigint
  /** Quantity times price, summed: opened and closed. */
  openedValue: bigint
  closedValue: bigint
  cash: bigint
  fees: bigint
}

/**
 * Joins the fills of each instrument into closed round trips. The cash of a trip is the cash that its fills moved, rounded as the
 * ledger rounds it; a fill through zero is split between the two trips in proportion, the rest of the
 * division going to the second. So the trips' profits sum to the change of cash whenever the agent is flat.
 *
 * @param decimals Of each traded instrument.
 */
export function roundTrips(fills: readonly BacktestFill[], decimals: readonly number[]): Trade[] {
  const units = decimals.map(places => 10n ** BigInt(places))
  const trades: Trade[] = []
  const trips: (OpenTrip | BacktestFill | null)[] = decimals.map(() => null)
  for (let index = 0; index < fills.length; index++) {
    const fill = fills[index] as BacktestFill
    const { market } = fill
    const unit = units[market] ?? 1n
    const open = trips[market] ?? null
    // Most trips are one fill in and one out: of these nothing needs to be summed or divided.
    if (open === null) trips[market] = fill
    else if ('order' in open && open.side !== fill.side && open.quantity === fill.quantity) {
      trades.push(tradeOf(open, fill, unit))
      trips[market] = null
    } else trips[market] = joined('order' in open ? tripOf(open, unit) : open, fill, unit, trades)
  }
  return trades
}

/** Joins a fill to a trip, and returns the trip that is open after it. */
function joined(
  before: OpenTrip,
  fill: BacktestFill,
  unit: bigint,
  trades: Trade[],
): OpenTrip | BacktestFill | null {
  const sign = fill.side === 'buy' ? 1n : -1n
  let trip: OpenTrip | null = before
  let left: bigint = fill.quantity
  let cash = cashOf(fill, unit)
  let fee: bigint = fill.feeE8
  if (trip.held > 0n !== sign > 0n) {
    const held: bigint = trip.held < 0n ? -trip.held : trip.held
    const closed: bigint = held < left ? held : left
    const cashPart = closed === left ? cash : floorDivide(cash * closed, left)
    const feePart = closed === left ? fee : floorDivide(fee * closed, left)
    trip.held += sign * closed
    trip.closedValue += closed * fill.priceE8
    trip.cash += cashPart
    trip.fees += feePart
    left -= closed
    cash -= cashPart
    fee -= feePart
    if (trip.held === 0n) {
      trades.push(closedTrade(trip, fill.timeMs))
      trip = null
    }
  }
  if (left === 0n) return trip
  trip ??= emptyTrip(fill)
  trip.held += sign * left
  trip.opened += left
  trip.openedValue += left * fill.priceE8
  trip.cash += cash
  trip.fees += fee
  return trip
}

/** The cash that a fill moved, before its fee. */
function cashOf({ side, quantity, priceE8 }: BacktestFill, unit: bigint): bigint {
  const value = quantity * priceE8
  return side === 'buy' ? -((value + unit - 1n) / unit) : value / unit
}

function emptyTrip({ market, side, timeMs }: BacktestFill): OpenTrip {
  return {
    market,
    direction: side === 'buy' ? 'long' : 'short',
    entryMs: timeMs,
    held: 0n,
    opened: 0n,
    openedValue: 0n,
    closedValue: 0n,
    cash: 0n,
    fees: 0n,
  }
}

function tripOf(fill: BacktestFill, unit: bigint): OpenTrip {
  const { side, quantity, priceE8, feeE8 } = fill
  return {
    ...emptyTrip(fill),
    held: side === 'buy' ? quantity : -quantity,
    opened: quantity,
    openedValue: quantity * priceE8,
    cash: cashOf(fill, unit),
    fees: feeE8,
  }
}

/** The trip of one fill in and one of the same size out. */
function tradeOf(entry: BacktestFill, exit: BacktestFill, unit: bigint): Trade {
  const fees = entry.feeE8 + exit.feeE8
  return {
    market: entry.market,
    direction: entry.side === 'buy' ? 'long' : 'short',
    entryMs: entry.timeMs,
    exitMs: exit.timeMs,
    entryPriceE8: entry.priceE8,
    exitPriceE8: exit.priceE8,
    quantity: entry.quantity,
    pnlE8: cashE8(cashOf(entry, unit) + cashOf(exit, unit) - fees),
    feesE8: cashE8(fees),
  }
}

function closedTrade(trip: OpenTrip, exitMs: UnixMs): Trade {
  return {
    market: trip.market,
    direction: trip.direction,
    entryMs: trip.entryMs,
    exitMs,
    entryPriceE8: priceE8(trip.openedValue / trip.opened),
    exitPriceE8: priceE8(trip.closedValue / trip.opened),
    quantity: quantity(trip.opened),
    pnlE8: cashE8(trip.cash - trip.fees),
    feesE8: cashE8(trip.fees),
  }
}
