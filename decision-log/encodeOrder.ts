import { bytesToHex } from 'viem'
import type { Hex, Order, OrderSize, TradeTerms, Trail } from '../core/index.ts'
import { ORDER_KINDS } from './outputNumbers.ts'
import { createWordWriter } from './wordWriter.ts'

/** A trade has the most. */
const words = createWordWriter(20)

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
export function encodeOrder(order: Order): Hex {
  return bytesToHex(orderBytes(order))
}

/** The bytes of `encodeOrder`; they stand until its next call. */
export function orderBytes({ terms, referencePriceE8 }: Order): Uint8Array {
  words.begin()
  words.unsigned(ORDER_KINDS.indexOf(terms.kind), 8)
  words.unsigned(referencePriceE8, 256)
  if (terms.kind === 'subscribe') words.unsigned(terms.amountE8, 256)
  else if (terms.kind === 'redeem') {
    words.unsigned(terms.shares, 256)
    words.unsigned(choice(terms.instantly), 8)
  } else writeTrade(terms)
  return words.end()
}

/** The number of a side. */
export const sideNumber = (side: 'buy' | 'sell'): number => (side === 'buy' ? 0 : 1)

function writeTrade(terms: TradeTerms): void {
  const { bracket, goodTillMs, lot } = terms
  words.unsigned(sideNumber(terms.side), 8)
  writeNumbers(sizeNumbers(terms.size))
  words.unsigned('limitE8' in terms ? terms.limitE8 : 0, 256)
  words.unsigned('stopE8' in terms ? terms.stopE8 : 0, 256)
  writeNumbers(terms.kind === 'trailingStop' ? stopNumbers(terms) : NO_STOP)
  words.truth(goodTillMs !== undefined)
  words.unsigned(goodTillMs ?? 0, 64)
  words.unsigned(choice(terms.reduceOnly), 8)
  words.truth(lot !== undefined)
  words.unsigned(lot ?? 0, 64)
  words.unsigned(choice(terms.exclusive), 8)
  words.truth(bracket !== undefined)
  writeNumbers(bracket?.stopLoss === undefined ? NO_STOP : stopNumbers(bracket.stopLoss))
  words.truth(bracket?.takeProfitE8 !== undefined)
  words.unsigned(bracket?.takeProfitE8 ?? 0, 256)
}

function writeNumbers([form, value]: Numbers): void {
  words.unsigned(form, 8)
  words.unsigned(value, 256)
}

/** What is left unsaid and what is said to be false mean the same, but their records' texts differ. */
const choice = (said: boolean | undefined): number => (said === undefined ? 0 : said ? 2 : 1)

type Numbers = readonly [form: number, value: number | bigint]
const NO_STOP: Numbers = [0, 0]

function sizeNumbers(size: OrderSize): Numbers {
  if ('units' in size) return [0, size.units]
  return 'cashE8' in size ? [1, size.cashE8] : [2, size.equityPpm]
}

function stopNumbers(stop: { readonly stopE8: bigint } | Trail): Numbers {
  if ('trailE8' in stop) return [1, stop.trailE8]
  return 'trailPpm' in stop ? [2, stop.trailPpm] : [3, stop.stopE8]
}
