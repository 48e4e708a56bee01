import type { IssuerTerms, OpenOrder } from '../agents/index.ts'
import {
  type CashE8,
  floorDivide,
  type Instrument,
  type MarketColumns,
  type MarketEvent,
  PPM,
  type Ppm,
  priceOf,
  type Quantity,
  quantity,
} from '../core/index.ts'
import type { Holdings } from './venue.ts'

/** One traded instrument as the kernel sees it. Prices are whole 10⁻⁸ in doubles; NaN before the first. */
export type Market = {
  readonly index: number
  readonly instrument: Instrument
  /** Smallest units in one whole unit of the base. */
  readonly unit: bigint
  bidE8: number
  askE8: number
  /** The middle of bid and ask, rounded down. */
  middleE8: number
  /** When the newest price was known. */
  pricedMs: number
  navE8: number
  /** The time that the NAV describes. */
  navMs: number
  /** Its issuer; null for what has none. */
  readonly issuer: IssuerTerms | null
  /** True once a market has priced it. */
  isQuoted: boolean
  /** Position, negative when short, as of when the holdings were looked at last. */
  quantity: Quantity
  /** The same in whole units, and its value at the newest price: estimates. */
  units: number
  valueE8: number
  /** Value of one smallest unit at the price of one whole unit, 10^-decimals. */
  readonly smallestUnit: number
  /** Orders that may still trade, oldest first; without the legs of brackets. */
  openOrders: readonly OpenOrder[]
}

/** A market that has seen no price. */
export function createMarket(
  instrument: Instrument,
  index: number,
  issuers: readonly IssuerTerms[] = [],
): Market {
  return {
    index,
    instrument,
    unit: 10n ** BigInt(instrument.decimals),
    bidE8: Number.NaN,
    askE8: Number.NaN,
    middleE8: Number.NaN,
    pricedMs: Number.NaN,
    navE8: Number.NaN,
    navMs: Number.NEGATIVE_INFINITY,
    issuer: issuers.find(issuer => issuer.instrument === instrument.id) ?? null,
    isQuoted: false,
    quantity: quantity(0n),
    // Fractions, so that the fields hold doubles from the start.
    units: -0,
    valueE8: -0,
    smallestUnit: 1 / 10 ** instrument.decimals,
    openOrders: [],
  }
}

/** Takes in the price of a row that has one. */
export function priceMarket(market: Market, columns: MarketColumns, row: number): void {
  const bid = columns.bidCloseE8[row] as number
  const ask = columns.askCloseE8[row] as number
  market.isQuoted = true
  market.bidE8 = bid
  market.askE8 = ask
  // The sum of the two may not be exact in a double; their difference is.
  market.middleE8 = bid + Math.floor((ask - bid) / 2)
  market.pricedMs = columns.knownAt[row] as number
  market.valueE8 = market.units === 0 ? 0 : market.units * market.middleE8
}

/** Prices what has no market at its NAV. */
export function priceAtNav(market: Market, knownMs: number): void {
  market.bidE8 = market.askE8 = market.middleE8 = market.navE8
  market.pricedMs = knownMs
  market.valueE8 = market.units === 0 ? 0 : market.units * market.middleE8
}

/** Sets a market back to an event that stands, after a withdrawal; to none where null. */
export function repriceMarket(market: Market, priced: MarketEvent | null): void {
  const price = priced === null ? null : priceOf(priced.value)
  market.middleE8 = price === null ? Number.NaN : Number(price)
  market.pricedMs = priced === null ? Number.NaN : priced.knownAt
  const { value } = priced ?? { value: null }
  const sides =
    value?.type === 'bar'
      ? [value.bid.close, value.ask.close]
      : value?.type === 'quote'
        ? [value.bidE8, value.askE8]
        : [price, price]
  market.bidE8 = sides[0] === null || sides[0] === undefined ? Number.NaN : Number(sides[0])
  market.askE8 = sides[1] === null || sides[1] === undefined ? Number.NaN : Number(sides[1])
  market.valueE8 = market.units === 0 || price === null ? 0 : market.units * market.middleE8
}

/** Value of the position at the newest price, rounded down; nothing before the first. */
export function marketValueE8({ index, middleE8, unit }: Market, holdings: Holdings): bigint {
  const held = holdings.quantity(index)
  return held === 0n || Number.isNaN(middleE8) ? 0n : floorDivide(held * BigInt(middleE8), unit)
}

/** Value of a position as a share of equity, rounded towards zero; 0 without equity. */
export function exposureOf(positionE8: bigint, equityE8: CashE8): Ppm {
  return (equityE8 <= 0n ? 0 : Number((positionE8 * BigInt(PPM)) / equityE8)) as Ppm
}
