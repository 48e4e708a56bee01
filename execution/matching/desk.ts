import type { BarColumns } from './barColumns.ts'
import type { InstrumentTerms } from './instrumentTerms.ts'
import type { Lot } from './lot.ts'
import type { RestingOrder } from './restingOrder.ts'
import { ceilDivide, floorDivide } from './rounding.ts'

/** One instrument's part of an account: its last price, its orders, its lots. */
export type Desk = {
  readonly index: number
  readonly terms: InstrumentTerms
  /** Smallest units in one whole unit of the base. */
  readonly unit: bigint
  readonly unitNumber: number
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
  lots: Lot[]
  longQuantity: bigint
  /** Positive. */
  shortQuantity: bigint
  /** Longs less shorts. */
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
  return {
    index,
    terms,
    unit: 10n ** BigInt(terms.decimals),
    unitNumber: Number(10n ** BigInt(terms.decimals)),
    bars: null,
    row: 0,
    bidE8: Number.NaN,
    askE8: Number.NaN,
    priceMs: Number.NaN,
    orders: [],
    lots: [],
    longQuantity: 0n,
    shortQuantity: 0n,
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
export function valueOfLots(desk: Desk, bidE8: bigint, askE8: bigint): bigint {
  const { longQuantity, shortQuantity, unit } = desk
  let value = 0n
  if (longQuantity !== 0n) value += floorDivide(longQuantity * bidE8, unit)
  if (shortQuantity !== 0n) value -= ceilDivide(shortQuantity * askE8, unit)
  return value
}

/** A share of the value of all lots, long and short added, rounded up. */
export function marginOfLots(desk: Desk, bidE8: bigint, askE8: bigint, ppm: number): bigint {
  const gross = desk.longQuantity * bidE8 + desk.shortQuantity * askE8
  return ceilDivide(gross * BigInt(ppm), desk.unit * 1_000_000n)
}

/** Recomputes the sums of the lots after a change. */
export function sumLots(desk: Desk): void {
  const { lots } = desk
  let long = 0n
  let short = 0n
  for (let index = 0; index < lots.length; index++) {
    const { quantity } = lots[index] as Lot
    if (quantity > 0n) long = long === 0n ? quantity : long + quantity
    else short -= quantity
  }
  desk.longQuantity = long
  desk.shortQuantity = short
  desk.netQuantity = short === 0n ? long : long - short
  desk.longUnits = long === 0n ? 0 : Number(long) / desk.unitNumber
  desk.shortUnits = short === 0n ? 0 : Number(short) / desk.unitNumber
}
