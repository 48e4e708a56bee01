import type { Trade } from 'ccxt'
import { type Canonical, InvalidInputError, type UnixMs, unixMs } from '../../core/index.ts'
import type { ExchangeRow } from './exchangeRow.ts'
import type { ExchangeSpec } from './exchangeSpec.ts'
import type { PushedQuote } from './openExchange.ts'

export type TradeRow = Extract<ExchangeRow, { kind: 'trade' }>
export type QuoteRow = Extract<ExchangeRow, { kind: 'quote' }>

/**
 * The number of a trade: the exchange's own id, which counts without a gap.
 *
 * @throws InvalidInputError where the exchange names trades by texts: a gap could not be seen.
 */
export function tradeNumber({ id }: Trade, { exchange, symbol }: ExchangeSpec): number {
  const number = /^\d{1,15}$/.test(id ?? '') ? Number(id) : null
  if (number !== null) return number
  throw new InvalidInputError(`${exchange} does not number the trades of ${symbol}: one is called "${id}".`, {
    facts: { exchange, symbol, trade: id ?? null },
    hint: 'Leave `trades` out of its streams, and read its bars or quotes.',
  })
}

/** A trade as ccxt unified it; never known before it was made, nor before `earliestMs`. */
export function tradeRow(trade: Trade, spec: ExchangeSpec, knownAtMs: number, earliestMs: number): TradeRow {
  const { timestamp, side, price, amount } = trade
  const validAt = unixMs(timestamp ?? knownAtMs)
  return {
    kind: 'trade',
    sequence: tradeNumber(trade, spec),
    validAt,
    knownAt: unixMs(Math.max(validAt, knownAtMs, earliestMs)),
    side: side === 'sell' ? 'sell' : 'buy',
    price: String(price),
    size: String(amount),
    info: plain(trade.info),
  }
}

/** A pushed quote; null where one side of the book is empty. */
export function quoteRow(
  quote: PushedQuote,
  sequence: number,
  knownAtMs: number,
  earliestMs: number,
): QuoteRow | null {
  const { bid, bidVolume, ask, askVolume, timestamp } = quote
  if (bid == null || ask == null) return null
  const knownAt: UnixMs = unixMs(Math.max(timestamp ?? 0, knownAtMs, earliestMs))
  return {
    kind: 'quote',
    sequence,
    validAt: unixMs(timestamp ?? knownAt),
    knownAt,
    bid: String(bid),
    bidSize: String(bidVolume ?? 0),
    ask: String(ask),
    askSize: String(askVolume ?? 0),
    info: plain(quote.info),
  }
}

// What the exchange sent came as JSON, so JSON holds it.
const plain = (info: unknown): Canonical => JSON.parse(JSON.stringify(info ?? null)) as Canonical
