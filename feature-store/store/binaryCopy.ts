import { valueText } from '../../core/index.ts'
import { packedLineageSize, packLineage } from './lineageBytes.ts'
import { type NewRow, packedRawSize, packRaw } from './observationRow.ts'

/** Columns in the order that `encodeCopy` writes them. */
export const COPY_COLUMNS =
  'source, block, log_index, visible_at_ms, known_at_ms, valid_at_ms, instrument, lineage, value, raw, digest'
const COLUMNS = 11

// PostgreSQL 18, COPY, "Binary Format": signature, flags, length of the header's extension.
const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
const TRAILER_BYTES = 2
const DIGEST_BYTES = 32
/** Column count, eleven lengths, and the values of fixed length. */
const FIXED_BYTES = 2 + COLUMNS * 4 + 4 * 8 + 2 * 4 + DIGEST_BYTES

/** Rows as PostgreSQL's binary COPY takes them: no text to write on one side and parse on the other. */
export function encodeCopy(rows: readonly NewRow[]): Buffer {
  let size = HEADER.length + TRAILER_BYTES
  for (const row of rows) size += rowSize(row)
  const target = Buffer.allocUnsafe(size)
  let at = HEADER.copy(target)
  const text = (value: string) => {
    const written = target.write(value, at + 4)
    at = target.writeInt32BE(written, at) + written
  }
  /** Writes bytes by a function that returns the place behind them, and their length before them. */
  const bytes = (write: (start: number) => number) => {
    const end = write(at + 4)
    target.writeInt32BE(end - at - 4, at)
    at = end
  }
  const integer = (value: number) => {
    at = target.writeInt32BE(4, at)
    at = target.writeInt32BE(value, at)
  }
  const bigint = (value: number) => {
    at = target.writeInt32BE(8, at)
    // Two halves: a bigint for each would cost more than all else here.
    at = target.writeInt32BE(Math.floor(value / 4_294_967_296), at)
    at = target.writeUInt32BE(value >>> 0, at)
  }
  for (const row of rows) {
    const { place, instrument, visibleAtMs, observation } = row
    const { event, digest } = observation
    at = target.writeInt16BE(COLUMNS, at)
    text(place.source)
    bigint(place.block)
    integer(place.logIndex)
    bigint(visibleAtMs)
    bigint(event.knownAt)
    bigint(event.validAt)
    integer(instrument)
    const lineageAt = at + 4
    bytes(start => packLineage(event.lineage, place, target, start))
    const lineage = target.subarray(lineageAt, at)
    text(valueText(event.value))
    bytes(start => packRaw(row, target, start, lineage))
    bytes(start => start + target.write(digest.slice(2), start, 'hex'))
  }
  at = target.writeInt16BE(-1, at)
  return target.subarray(0, at)
}

function rowSize(row: NewRow): number {
  const { source } = row.place
  const { lineage, value } = row.observation.event
  return (
    FIXED_BYTES +
    3 * (source.length + valueText(value).length) +
    packedLineageSize(lineage) +
    packedRawSize(row)
  )
}
