import { PPM } from '../../core/index.ts'
import type { BarColumns } from './barColumns.ts'
import type { InstrumentTerms } from './instrumentTerms.ts'
import type { HeldLot } from './lot.ts'
import type { RestingOrder } from './restingOrder.ts'
import { big, minus, plus, quotientDown, quotientUp, times, type Whole, whole } from './whole.ts'

/** One instrument's part of an account: its last price, its orders, its lots. */
export type Desk = {
  readonly index: number
  readonly terms: InstrumentTerms
  /** Smallest units in one whole unit of the base. */
  readonly unit: Whole
  readonly unitNumber: number
  /** A million times as many: what a share in millionths of a value is divided by. */
  readonly unitMillions: Whole
  readonly sizeStep: Whole
  readonly minimumSize: Whole
  /** The last bar, by reference: nothing is copied on a bar that concerns no order. Null before the first. */
  bars: BarColumns | null
  row: number
  /** The last price that was not a bar's; NaN before the first. */
  bidE8: number
  askE8: number
  priceMs: number
  /** In the order of their ids: by submission, a bracket after its entry. */
  orders: RestingOrder[]
  /** Oldest first. */
  lots: HeldLot[]
  longQuantity: Whole
  /** Positive. */
  shortQuantity: Whole
  /** Longs less shorts; asked for at every bar, so it is made once. */
  netQuantity: bigint
  /** The same as doubles, in whole units: for estimates that only ever lead to an exact computation. */
  longUnits: number
  shortUnits: number
  /** True with neither an order nor a lot. */
  idle: boolean
  /** An event inside all of these changes nothing. */
  readonly wakes: Wakes
}

/** Prices and a time from which on something may happen to an order or a lot. */
export type Wakes = {
  /** Ask at or under. */
  askLow: number
  /** Ask at or over. */
  askHigh: number
  /** Bid at or over. */
  bidHigh: number
  /** Bid at or under. */
  bidLow: number
  /** Event that ends at or after. */
  ms: number
}

/** A desk that has seen no price. */
export function createDesk(index: number, terms: InstrumentTerms): Desk {
  const unit = 10n ** BigInt(terms.decimals)
  return {
    index,
    terms,
    unit: whole(unit),
    unitNumber: Number(unit),
    unitMillions: whole(unit * 1_000_000n),
    sizeStep: whole(terms.sizeStep),
    minimumSize: whole(terms.minimumSize),
    bars: null,
    row: 0,
    bidE8: Number.NaN,
    askE8: Number.NaN,
    priceMs: Number.NaN,
    orders: [],
    lots: [],
    longQuantity: 0,
    shortQuantity: 0,
    netQuantity: 0n,
    longUnits: 0,
    shortUnits: 0,
    idle: true,
    // Infinite doubles, so that the fields hold doubles from the start.
    wakes: {
      askLow: Number.NEGATIVE_INFINITY,
      askHigh: Number.POSITIVE_INFINITY,
      bidHigh: Number.POSITIVE_INFINITY,
      bidLow: Number.NEGATIVE_INFINITY,
      ms: Number.POSITIVE_INFINITY,
    },
  }
}

/** The last bid; NaN before the first price. */
export function lastBid(desk: Desk): number {
  return desk.bars === null ? desk.bidE8 : (desk.bars.bidCloseE8[desk.row] ?? Number.NaN)
}

/** The last ask; NaN before the first price. */
export function lastAsk(desk: Desk): number {
  return desk.bars === null ? desk.askE8 : (desk.bars.askCloseE8[desk.row] ?? Number.NaN)
}

/** The time of the last price: a bar's close. */
export function lastPriceMs(desk: Desk): number {
  return desk.bars === null ? desk.priceMs : (desk.bars.closeMs[desk.row] ?? Number.NaN)
}

/** What closing the positions would bring at these prices before fees, rounded down. */
export function valueOfLots({ longQuantity, shortQuantity, unit }: Desk, bidE8: Whole, askE8: Whole): Whole {
  const long = longQuantity === 0 ? 0 : quotientDown(longQuantity, bidE8, unit)
  return shortQuantity === 0 ? long : minus(long, quotientUp(shortQuantity, askE8, unit))
}

/** A share of the value of all lots, long and short added, rounded up. */
export function marginOfLots(desk: Desk, bidE8: Whole, askE8: Whole, ppm: number): Whole {
  const gross = plus(times(desk.longQuantity, bidE8), times(desk.shortQuantity, askE8))
  return ppm === PPM ? quotientUp(gross, 1, desk.unit) : quotientUp(gross, ppm, desk.unitMillions)
}

/** Recomputes the sums of the lots after a change. */
export function sumLots(desk: Desk): void {
  const { lots } = desk
  let long: Whole = 0
  let short: Whole = 0
  for (let index = 0; index < lots.length; index++) {
    const { quantity } = lots[index] as HeldLot
    if (quantity > 0) long = plus(long, quantity)
    else short = minus(short, quantity)
  }
  desk.longQuantity = long
  desk.shortQuantity = short
  desk.netQuantity = long === 0 && short === 0 ? 0n : big(minus(long, short))
  desk.longUnits = Number(long) / desk.unitNumber
  desk.shortUnits = Number(short) / desk.unitNumber
}
