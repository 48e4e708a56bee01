import {
  IntegrityError,
  type MarketEvent,
  type MarketValue,
  type Observation,
  type PriceE8,
  parseDecimal,
  parseInstant,
  priceE8,
  type UnixMs,
  unixMs,
} from '../../core/index.ts'
import { parseBarRow } from '../files/barRow.ts'
import type { FeedSpec, NavFeed } from './feedSpec.ts'
import { parseYieldRow } from './yieldRow.ts'

/** What a row says, or a text that says what is wrong with it. */
export type RowReading = Pick<Observation<MarketValue>, 'validAt' | 'knownAt' | 'value'> | string

/** Reads one row of a feed: pure, so that ingest and audit read a row alike. */
export function parseFeedRow(row: string, spec: FeedSpec): RowReading {
  switch (spec.kind) {
    case 'bars':
      return parseBarRow(row, spec)
    case 'nav':
      return parseNav(row, spec)
    case 'yieldCurve':
      return parseYieldRow(row)
  }
}

/** Joins a row's reading to its instrument and place in the feed. */
export function toFeedEvent(
  reading: Exclude<RowReading, string>,
  spec: FeedSpec,
  sequence: number,
): MarketEvent {
  return {
    instrument: spec.instrument.id,
    validAt: reading.validAt,
    knownAt: reading.knownAt,
    lineage: { kind: 'feed', feed: spec.feed, sequence },
    value: reading.value,
  }
}

/**
 * Reads a stored source row of a feed again, by the same code that ingest used.
 *
 * @throws IntegrityError when the row is no row of this feed.
 */
export function decodeRawFeedRow(raw: string, spec: FeedSpec, sequence: number): MarketEvent {
  const reading = parseFeedRow(raw, spec)
  if (typeof reading !== 'string') return toFeedEvent(reading, spec, sequence)
  throw new IntegrityError(`The stored row ${sequence} of ${spec.feed} cannot be read: ${reading}.`, {
    facts: { feed: spec.feed, sequence, problem: reading },
    hint: 'The stored row was changed; ingest the feed again.',
  })
}

const NAV_COLUMNS = 7

function parseNav(row: string, { symbol, publicationDelayMs }: NavFeed): RowReading {
  const cells = row.split(',')
  if (cells.length !== NAV_COLUMNS) return `it has ${cells.length} columns, not ${NAV_COLUMNS}`
  if (cells[0] !== symbol) return `it is of "${cells[0]}", not "${symbol}"`
  const time = parseTime(cells[3])
  if (time === null) return `"${cells[3]}" is not a time`
  const navE8 = parsePrice(cells[4])
  if (navE8 === null) return `"${cells[4]}" is not a positive share price`
  return { validAt: time, knownAt: unixMs(time + publicationDelayMs), value: { type: 'nav', navE8 } }
}

function parseTime(text: string | undefined): UnixMs | null {
  try {
    return text === undefined ? null : parseInstant(text)
  } catch {
    return null
  }
}

function parsePrice(text: string | undefined): PriceE8 | null {
  const value = text === undefined ? null : parseDecimal(text, 8)
  return value === null || value <= 0n ? null : priceE8(value)
}
