import type { RecordedDecision } from '../../core/index.ts'
import { writeBigint, writeNull, writeText } from './copyFormat.ts'

/** The table of decisions with its columns, in the order that `encodeDecisions` writes them. */
export const DECISION_TARGET =
  'decisions (agent, sequence, feed_sequence, kind, instrument, time_ms, body, leaf, signature, reveal_at_ms, key_hash, ciphertext, envelope_signature)'
const COLUMNS = 13

/** Rows of one piece. */
const PIECE_ROWS = 64
/** A row's column count, the columns' lengths, and the numbers of 8 bytes. */
const FIXED_BYTES = 2 + COLUMNS * 4 + 4 * 8
/** Most bytes of UTF-8 that a UTF-16 unit takes. */
const UNIT_BYTES = 3

/** Encodes decisions for a binary COPY, piece by piece. */
export function* encodeDecisions(rows: readonly RecordedDecision[]): Generator<Uint8Array> {
  for (let start = 0; start < rows.length; start += PIECE_ROWS) {
    const part = rows.slice(start, start + PIECE_ROWS)
    const target = Buffer.allocUnsafe(part.reduce((size, row) => size + mostBytes(row), 0))
    let at = 0
    for (const row of part) at = writeRow(row, target, at)
    yield target.subarray(0, at)
  }
}

function writeRow(row: RecordedDecision, target: Buffer, start: number): number {
  let at = target.writeInt16BE(COLUMNS, start)
  at = writeText(row.agent, target, at)
  at = writeBigint(row.sequence, target, at)
  at = writeBigint(row.feedSequence, target, at)
  at = writeText(row.kind, target, at)
  at = writeText(row.instrument, target, at)
  at = writeBigint(row.timeMs, target, at)
  at = writeText(row.body, target, at)
  at = writeText(row.leaf, target, at)
  at = writeText(row.signature, target, at)
  const { sealed } = row
  if (sealed === undefined) {
    for (let column = 0; column < 4; column++) at = writeNull(target, at)
    return at
  }
  at = writeBigint(sealed.revealAtMs, target, at)
  at = writeText(sealed.keyHash, target, at)
  at = writeText(sealed.ciphertext, target, at)
  return writeText(sealed.signature, target, at)
}

function mostBytes({ agent, kind, instrument, body, leaf, signature, sealed }: RecordedDecision): number {
  const units = agent.length + kind.length + instrument.length + body.length + leaf.length + signature.length
  const more =
    sealed === undefined ? 0 : sealed.keyHash.length + sealed.ciphertext.length + sealed.signature.length
  return FIXED_BYTES + UNIT_BYTES * (units + more)
}
