import { encodeAbiParameters, parseAbiParameters } from 'viem'
import type { Hex, Order, OrderSize, TradeTerms, Trail } from '../core/index.ts'
import { ORDER_KINDS } from './outputNumbers.ts'

const TRADE = parseAbiParameters(
  `uint8 kind, uint256 referencePriceE8, uint8 side, uint8 sizeIn, uint256 size, uint256 limitE8, uint256 stopE8, uint8 trailIn, uint256 trail, bool hasGoodTill, uint64 goodTillMs, uint8 reduceOnly, bool hasLot, uint64 lot, uint8 exclusive, bool hasBracket, uint8 stopLossIn, uint256 stopLoss, bool hasTakeProfit, uint256 takeProfitE8`,
)
const SUBSCRIBE = parseAbiParameters('uint8 kind, uint256 referencePriceE8, uint256 amountE8')
const REDEEM = parseAbiParameters('uint8 kind, uint256 referencePriceE8, uint256 shares, uint8 instantly')

/**
 * Encodes an order as Solidity's `abi.encode` of these fields. The first, `uint8 kind`, is the index of the
 * terms' kind in `ORDER_KINDS` and says which fields follow; the second is `uint256 referencePriceE8`.
 *
 * A trade (market, limit, stop, stopLimit, trailingStop) goes on:
 * - `uint8 side`: 0 buy, 1 sell
 * - `uint8 sizeIn`, `uint256 size`: 0 smallest units, 1 cash in 10⁻⁸, 2 millionths of equity
 * - `uint256 limitE8`, `uint256 stopE8`: 0 where the kind has none
 * - `uint8 trailIn`, `uint256 trail`: 0 none, 1 a price in 10⁻⁸, 2 millionths of the best price
 * - `bool hasGoodTill`, `uint64 goodTillMs`: 0 where the order is good till cancelled
 * - `uint8 reduceOnly`: 0 unsaid, 1 false, 2 true
 * - `bool hasLot`, `uint64 lot`
 * - `uint8 exclusive`: as `reduceOnly`
 * - `bool hasBracket`
 * - `uint8 stopLossIn`, `uint256 stopLoss`: as the trail; 3 a fixed price in 10⁻⁸
 * - `bool hasTakeProfit`, `uint256 takeProfitE8`
 *
 * A subscription goes on `uint256 amountE8`; a redemption `uint256 shares`, `uint8 instantly` (as `reduceOnly`).
 */
export function encodeOrder({ terms, referencePriceE8 }: Order): Hex {
  const kind = ORDER_KINDS.indexOf(terms.kind)
  switch (terms.kind) {
    case 'subscribe':
      return encodeAbiParameters(SUBSCRIBE, [kind, referencePriceE8, terms.amountE8])
    case 'redeem':
      return encodeAbiParameters(REDEEM, [kind, referencePriceE8, terms.shares, choice(terms.instantly)])
    default:
      return encodeTrade(kind, referencePriceE8, terms)
  }
}

/** The number of a side. */
export const sideNumber = (side: 'buy' | 'sell'): number => (side === 'buy' ? 0 : 1)

function encodeTrade(kind: number, referencePriceE8: bigint, terms: TradeTerms): Hex {
  const { bracket, goodTillMs, lot } = terms
  const [sizeIn, size] = sizeNumbers(terms.size)
  const [trailIn, trail] = terms.kind === 'trailingStop' ? stopNumbers(terms) : NO_STOP
  const [stopLossIn, stopLoss] = bracket?.stopLoss === undefined ? NO_STOP : stopNumbers(bracket.stopLoss)
  return encodeAbiParameters(TRADE, [
    kind,
    referencePriceE8,
    sideNumber(terms.side),
    sizeIn,
    size,
    'limitE8' in terms ? terms.limitE8 : 0n,
    'stopE8' in terms ? terms.stopE8 : 0n,
    trailIn,
    trail,
    goodTillMs !== undefined,
    BigInt(goodTillMs ?? 0),
    choice(terms.reduceOnly),
    lot !== undefined,
    BigInt(lot ?? 0),
    choice(terms.exclusive),
    bracket !== undefined,
    stopLossIn,
    stopLoss,
    bracket?.takeProfitE8 !== undefined,
    bracket?.takeProfitE8 ?? 0n,
  ])
}

/** What is left unsaid and what is said to be false mean the same, but their records' texts differ. */
const choice = (said: boolean | undefined): number => (said === undefined ? 0 : said ? 2 : 1)

type Numbers = readonly [form: number, value: bigint]
const NO_STOP: Numbers = [0, 0n]

function sizeNumbers(size: OrderSize): Numbers {
  if ('units' in size) return [0, size.units]
  return 'cashE8' in size ? [1, size.cashE8] : [2, BigInt(size.equityPpm)]
}

function stopNumbers(stop: { readonly stopE8: bigint } | Trail): Numbers {
  if ('trailE8' in stop) return [1, stop.trailE8]
  return 'trailPpm' in stop ? [2, BigInt(stop.trailPpm)] : [3, stop.stopE8]
}
