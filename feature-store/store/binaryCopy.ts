import { canonicalJson } from '../../core/index.ts'
import { writeBigint, writeInteger, writeLength, writeText } from './copyFormat.ts'
import { packedLineageSize, packLineage } from './lineageBytes.ts'
import { type NewRow, packedRawSize, packRaw } from './observationRow.ts'

/** Columns in the order that `createCopyWriter` writes them. */
export const COPY_COLUMNS =
  'source, block, log_index, visible_at_ms, known_at_ms, valid_at_ms, instrument, lineage, value, raw, digest'
const COLUMNS = 11

const DIGEST_BYTES = 32
/** Column count, eleven lengths, and the values of fixed length. */
const FIXED_BYTES = 2 + COLUMNS * 4 + 4 * 8 + 2 * 4 + DIGEST_BYTES
/** Bytes of one piece: some hundred rows. */
const PIECE_BYTES = 256 * 1_024

/** Rows as PostgreSQL's binary COPY takes them: no text to write on one side and parse on the other. */
export type CopyWriter = {
  add(row: NewRow): void
  /** Pieces that were full since the last call. */
  full(): Uint8Array<ArrayBuffer>[]
  /** The pieces since the last call of `full`, the last one included. */
  end(): Uint8Array<ArrayBuffer>[]
}

/** Starts a run of rows; `copyFile` joins runs to what COPY reads. */
export function createCopyWriter(): CopyWriter {
  let pieces: Uint8Array<ArrayBuffer>[] = []
  let target: Buffer<ArrayBuffer> = Buffer.allocUnsafeSlow(0)
  let at = 0
  const finish = () => {
    const piece = new Uint8Array(target.buffer, 0, at)
    // The rest of a short one is not worth its memory.
    if (at > 0) pieces.push(at < target.length / 2 ? piece.slice() : piece)
    at = 0
  }
  const full = () => {
    const done = pieces
    pieces = []
    return done
  }
  return {
    add(row) {
      const value = canonicalJson(row.observation.event.value)
      const needed = rowSize(row, value)
      if (at + needed > target.length) {
        finish()
        // Not of Node's pool, which other buffers share: a piece may change threads.
        target = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, needed))
      }
      at = writeRow(row, value, target, at)
    },
    full,
    end() {
      finish()
      target = Buffer.allocUnsafeSlow(0)
      return full()
    },
  }
}

/** Encodes rows piece by piece, as the reader asks for them. */
export function* encodeRows(rows: readonly NewRow[]): Generator<Uint8Array> {
  const writer = createCopyWriter()
  for (const row of rows) {
    writer.add(row)
    yield* writer.full()
  }
  yield* writer.end()
}

/** Writes a row, and returns the place behind it. */
function writeRow(row: NewRow, value: string, target: Buffer, start: number): number {
  const { place, instrument, visibleAtMs, observation } = row
  const { event, digest, raw } = observation
  let at = target.writeInt16BE(COLUMNS, start)
  at = writeText(place.source, target, at)
  at = writeBigint(place.block, target, at)
  at = writeInteger(place.logIndex, target, at)
  at = writeBigint(visibleAtMs, target, at)
  at = writeBigint(event.knownAt, target, at)
  at = writeBigint(event.validAt, target, at)
  at = writeInteger(instrument, target, at)
  const lineageAt = at + 4
  at = writeLength(packLineage(event.lineage, place, target, lineageAt), target, at)
  const lineage = target.subarray(lineageAt, at)
  at = writeText(value, target, at)
  at = writeLength(packRaw(raw, target, at + 4, lineage), target, at)
  return writeLength(at + 4 + target.write(digest.slice(2), at + 4, 'hex'), target, at)
}

/** Most bytes that a row takes. */
function rowSize({ place, observation }: NewRow, value: string): number {
  const { event, raw } = observation
  const texts = 3 * (place.source.length + value.length)
  return FIXED_BYTES + texts + packedLineageSize(event.lineage) + packedRawSize(raw)
}
