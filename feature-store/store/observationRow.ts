import {
  type Hash,
  type InstrumentId,
  IntegrityError,
  InvalidInputError,
  type MarketEvent,
  type MarketValue,
  parseCanonicalJson,
  positionOf,
  type SourcePosition,
  type StoredObservation,
  type UnixMs,
} from '../../core/index.ts'
import { knownPieces, unpackLineage } from './lineageBytes.ts'
import { packedSize, packText, unpackText } from './packedText.ts'

/**
 * An observation as a table holds it. Nothing is kept twice: the event is put together again from its columns,
 * and the digest says whether all of them are what they were.
 */
export type ObservationRow = SourcePosition & {
  readonly visibleAtMs: UnixMs
  readonly knownAtMs: UnixMs
  readonly validAtMs: UnixMs
  readonly instrument: InstrumentId
  /** See `packLineage`. */
  readonly lineage: Buffer
  /** Canonical JSON of the market value. */
  readonly value: string
  /** The source row, packed (`packText`) with the lineage's pieces known. */
  readonly raw: Buffer
  readonly digest: Hash
}

/** An observation on its way into a table: its number there for the instrument, and when agents see it. */
export type NewRow = {
  readonly observation: StoredObservation
  readonly place: SourcePosition
  readonly instrument: number
  readonly visibleAtMs: UnixMs
}

/** Most bytes that `packRaw` writes. */
export const packedRawSize = packedSize

/** Writes the source row at a place, and returns the place behind it; `lineage` is what `packLineage` wrote. */
export function packRaw(raw: string, target: Buffer, start: number, lineage: Uint8Array): number {
  return packText(raw, target, start, knownPieces(lineage))
}

/**
 * Puts an observation together again.
 *
 * @throws IntegrityError when a column was changed so that it cannot be read. Whether the content is what was
 * ingested is the digest's to say, and the audit's to check.
 */
export function fromRow(row: ObservationRow): StoredObservation {
  const { source, block, logIndex, instrument, validAtMs, knownAtMs, visibleAtMs } = row
  let event: MarketEvent
  let raw: string
  try {
    const lineage = unpackLineage(row.lineage, row)
    const value = parseCanonicalJson(row.value)
    if (!isMarketValue(value)) throw new TypeError('The value has no type.')
    event = { instrument, validAt: validAtMs, knownAt: knownAtMs, lineage, value }
    raw = unpackText(row.raw, knownPieces(row.lineage))
    positionOf(event)
  } catch (cause) {
    throw new IntegrityError(`The stored event at ${placeText(row)} cannot be read: its text was changed.`, {
      facts: { source, block, logIndex },
      hint: 'Restore the store from a copy, or ingest the source again into a new one.',
      cause,
    })
  }
  const stored = { event, raw, digest: row.digest }
  return visibleAtMs > knownAtMs ? { ...stored, visibleAt: visibleAtMs } : stored
}

/**
 * Checks a place: bytes are copied as they are, so what is no integer would arrive as another one.
 *
 * @throws InvalidInputError
 */
export function assertPlace(place: SourcePosition): void {
  const { source, block, logIndex } = place
  if (Number.isSafeInteger(block) && logIndex === (logIndex | 0)) return
  throw new InvalidInputError(`The observation at ${placeText(place)} has a place that is no whole number.`, {
    facts: { source, block, logIndex },
    hint: 'Number blocks, rows and logs in whole numbers.',
  })
}

/** Names a place for people. */
export const placeText = (at: SourcePosition): string => `${at.source}, block ${at.block}, log ${at.logIndex}`

function isMarketValue(value: unknown): value is MarketValue {
  return value !== null && typeof value === 'object' && 'type' in value && typeof value.type === 'string'
}
