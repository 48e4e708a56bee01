import type { ObservationRow } from './observationRow.ts'

/** Columns in the order that `encodeCopy` writes them. */
export const COPY_COLUMNS =
  'source, block, log_index, visible_at_ms, known_at_ms, valid_at_ms, instrument, lineage, value, raw, digest'
const COLUMNS = 11

/** An observation's row with its instrument's number. */
export type NumberedRow = Omit<ObservationRow, 'instrument'> & { readonly instrument: number }

// PostgreSQL 18, COPY, "Binary Format": signature, flags, length of the header's extension.
const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
const TRAILER_BYTES = 2
/** Column count, eleven lengths, and the values of fixed length. */
const FIXED_BYTES = 2 + COLUMNS * 4 + 4 * 8 + 2 * 4

/** Rows as PostgreSQL's binary COPY takes them: no text to write on one side and parse on the other. */
export function encodeCopy(rows: readonly NumberedRow[]): Buffer {
  let size = HEADER.length + TRAILER_BYTES
  for (const { source, lineage, value, raw, digest } of rows)
    size += FIXED_BYTES + 3 * (source.length + value.length) + lineage.length + raw.length + digest.length
  const target = Buffer.allocUnsafe(size)
  let at = HEADER.copy(target)
  const text = (value: string) => {
    const written = target.write(value, at + 4, 'utf8')
    target.writeInt32BE(written, at)
    at += 4 + written
  }
  const bytes = (value: Buffer) => {
    at = target.writeInt32BE(value.length, at)
    at += value.copy(target, at)
  }
  const integer = (value: number) => {
    at = target.writeInt32BE(4, at)
    at = target.writeInt32BE(value, at)
  }
  const bigint = (value: number) => {
    at = target.writeInt32BE(8, at)
    // Two halves: a bigint for each would cost more than all else here. Negative only where a test is.
    at = target.writeInt32BE(Math.floor(value / 4_294_967_296), at)
    at = target.writeUInt32BE(value >>> 0, at)
  }
  for (const row of rows) {
    at = target.writeInt16BE(COLUMNS, at)
    text(row.source)
    bigint(row.block)
    integer(row.logIndex)
    bigint(row.visibleAtMs)
    bigint(row.knownAtMs)
    bigint(row.validAtMs)
    integer(row.instrument)
    bytes(row.lineage)
    text(row.value)
    bytes(row.raw)
    bytes(row.digest)
  }
  at = target.writeInt16BE(-1, at)
  return target.subarray(0, at)
}
