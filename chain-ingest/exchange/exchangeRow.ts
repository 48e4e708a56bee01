import {
  type Canonical,
  canonicalJson,
  IntegrityError,
  type MarketEvent,
  type MarketValue,
  type PriceE8,
  parseCanonicalJson,
  parseDecimal,
  priceE8,
  type StoredObservation,
  toStoredObservation,
  type UnixMs,
  unixMs,
} from '../../core/index.ts'
import { type ExchangeSpec, type ExchangeStream, exchangeFeed } from './exchangeSpec.ts'

/** What every row of a stream has: its number there, what it describes, and when it was known here. */
type RowHead = { readonly sequence: number; readonly validAt: UnixMs; readonly knownAt: UnixMs }

/**
 * A row as ccxt unified it, prices and sizes as the exchange's own decimal text; `info` is what the exchange
 * sent. This is what is stored, and what an audit reads again.
 */
export type ExchangeRow = RowHead &
  (
    | {
        readonly kind: 'bar'
        /** Number of the bar since 1970, and its length. */
        readonly periodMs: number
        /** Open, high, low, close. */
        readonly prices: readonly [string, string, string, string]
        readonly volume: string | null
      }
    | {
        readonly kind: 'trade'
        readonly side: 'buy' | 'sell'
        readonly price: string
        readonly size: string
        readonly info: Canonical
      }
    | {
        readonly kind: 'quote'
        readonly bid: string
        readonly bidSize: string
        readonly ask: string
        readonly askSize: string
        readonly info: Canonical
      }
    | {
        readonly kind: 'gap'
        readonly of: 'bar' | 'trade' | 'quote'
        readonly fromMs: UnixMs
        readonly toMs: UnixMs
        readonly missing: number | null
      }
  )

/**
 * Turns a row into an observation.
 *
 * @throws IntegrityError when a price or size in it is no positive decimal number.
 */
export function exchangeObservation(
  row: ExchangeRow,
  spec: ExchangeSpec,
  stream: ExchangeStream,
): StoredObservation {
  return toStoredObservation(toEvent(row, spec, stream), canonicalJson(row))
}

/**
 * Reads a stored source row of an exchange again, by the same code that ingest used.
 *
 * @throws IntegrityError when the row is no row of an exchange.
 */
export function decodeRawExchangeRow(raw: string, spec: ExchangeSpec, stream: ExchangeStream): MarketEvent {
  const row = parseCanonicalJson(raw)
  if (row !== null && typeof row === 'object' && 'kind' in row && 'sequence' in row)
    return toEvent(row as ExchangeRow, spec, stream)
  throw malformed(spec, 'it is not a row of an exchange')
}

function toEvent(row: ExchangeRow, spec: ExchangeSpec, stream: ExchangeStream): MarketEvent {
  return {
    instrument: spec.instrument.id,
    validAt: unixMs(row.validAt),
    knownAt: unixMs(row.knownAt),
    lineage: { kind: 'feed', feed: exchangeFeed(spec, stream), sequence: row.sequence },
    value: readValue(row, spec),
  }
}

function readValue(row: ExchangeRow, spec: ExchangeSpec): MarketValue {
  switch (row.kind) {
    case 'bar': {
      const [open, high, low, close] = row.prices.map(text => price(text, spec)) as [
        PriceE8,
        PriceE8,
        PriceE8,
        PriceE8,
      ]
      if (low > open || low > close || high < open || high < close)
        throw malformed(spec, `the bar of ${row.sequence} has its low above or its high below another price`)
      const side = { open, high, low, close }
      const bar = { type: 'bar' as const, closeMs: unixMs(row.validAt + row.periodMs), bid: side, ask: side }
      return row.volume === null ? bar : { ...bar, volumeE8: size(row.volume, spec) }
    }
    case 'trade':
      return {
        type: 'trade',
        side: row.side,
        priceE8: price(row.price, spec),
        sizeE8: size(row.size, spec),
      }
    case 'quote': {
      const [bidE8, askE8] = [price(row.bid, spec), price(row.ask, spec)]
      if (bidE8 > askE8) throw malformed(spec, `its bid of ${row.bid} is above its ask of ${row.ask}`)
      return {
        type: 'quote',
        bidE8,
        bidSizeE8: size(row.bidSize, spec),
        askE8,
        askSizeE8: size(row.askSize, spec),
      }
    }
    case 'gap': {
      const { of, fromMs, toMs, missing } = row
      return { type: 'gap', of, fromMs, toMs, missing }
    }
  }
}

function price(text: string, spec: ExchangeSpec): PriceE8 {
  const value = parseDecimal(text, 8)
  if (value === null || value <= 0n) throw malformed(spec, `"${text}" is not a positive price`)
  return priceE8(value)
}

function size(text: string, spec: ExchangeSpec): bigint {
  const value = parseDecimal(text, 8)
  if (value === null || value < 0n) throw malformed(spec, `"${text}" is not a size`)
  return value
}

function malformed({ exchange, symbol }: ExchangeSpec, problem: string): IntegrityError {
  return new IntegrityError(`A row of ${symbol} on ${exchange} cannot be used: ${problem}.`, {
    facts: { exchange, symbol, problem },
    hint: 'Nothing of the batch was stored; ask the exchange again, or leave the stream out.',
  })
}
