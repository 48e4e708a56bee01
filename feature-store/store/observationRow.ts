import {
  canonicalJson,
  type Hash,
  type InstrumentId,
  IntegrityError,
  type MarketEvent,
  type MarketValue,
  parseCanonicalJson,
  positionOf,
  type SourcePosition,
  type StoredObservation,
  type UnixMs,
} from '../../core/index.ts'
import { knownPieces, packLineage, unpackLineage } from './lineageBytes.ts'
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
  readonly digest: Buffer
}

/** Takes an observation apart; `visibleAtMs` is when agents see it. */
export function toRow(
  { event, raw, digest }: StoredObservation,
  position: SourcePosition,
  visibleAtMs: UnixMs,
): ObservationRow {
  const packed = Buffer.allocUnsafe(packedSize(raw))
  return {
    ...position,
    visibleAtMs,
    knownAtMs: event.knownAt,
    validAtMs: event.validAt,
    instrument: event.instrument,
    lineage: packLineage(event.lineage, position),
    value: canonicalJson(event.value),
    raw: packed.subarray(0, packText(raw, packed, 0, knownPieces(event.lineage))),
    digest: Buffer.from(digest.slice(2), 'hex'),
  }
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
    raw = unpackText(row.raw, knownPieces(lineage))
    positionOf(event)
  } catch (cause) {
    throw new IntegrityError(`The stored event at ${placeText(row)} cannot be read: its text was changed.`, {
      facts: { source, block, logIndex },
      hint: 'Restore the store from a copy, or ingest the source again into a new one.',
      cause,
    })
  }
  const stored = { event, raw, digest: `0x${row.digest.toString('hex')}` as Hash }
  return visibleAtMs > knownAtMs ? { ...stored, visibleAt: visibleAtMs } : stored
}

/** Names a place for people. */
export const placeText = (at: SourcePosition): string => `${at.source}, block ${at.block}, log ${at.logIndex}`

function isMarketValue(value: unknown): value is MarketValue {
  return value !== null && typeof value === 'object' && 'type' in value && typeof value.type === 'string'
}
