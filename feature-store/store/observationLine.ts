import { type Column, type SQL, sql } from 'drizzle-orm'
import type { InstrumentId, UnixMs } from '../../core/index.ts'
import type { ObservationRow } from './observationRow.ts'

/** The columns of a table of observations, or of a query of one. */
type ObservationColumns = Readonly<Record<keyof ObservationRow, Column>>

/**
 * A row as one text: a driver takes about as long for each field as for all of a short text. Numbers, bytes as
 * hexadecimal, the source as JSON, which has no tab of its own, and what is left is the value.
 */
export function lineOf(row: ObservationColumns): SQL<string> {
  const { block, logIndex, visibleAtMs, knownAtMs, validAtMs, instrument, source, value } = row
  const fields = [
    ...[block, logIndex, visibleAtMs, knownAtMs, validAtMs, instrument],
    ...[row.digest, row.lineage, row.raw].map(bytes => sql`encode(${bytes}, 'hex')`),
    ...[sql`to_json(${source})`, value],
  ]
  return sql<string>`concat_ws(E'\\t', ${sql.join(fields, sql`, `)})`
}

/**
 * Reads what `lineOf` gives.
 *
 * @param names Of instruments, by their numbers in the table.
 */
export function parseLine(line: string, names: ReadonlyMap<number, InstrumentId>): ObservationRow {
  let at = 0
  const field = (): string => {
    const end = line.indexOf('\t', at)
    const text = line.slice(at, end)
    at = end + 1
    return text
  }
  const number = (): number => Number(field())
  const bytes = (): Buffer => {
    const text = field()
    return text === '' ? NO_BYTES : Buffer.from(text, 'hex')
  }
  return {
    block: number(),
    logIndex: number(),
    visibleAtMs: number() as UnixMs,
    knownAtMs: number() as UnixMs,
    validAtMs: number() as UnixMs,
    instrument: names.get(number()) as InstrumentId,
    digest: `0x${field()}`,
    lineage: bytes(),
    raw: bytes(),
    source: JSON.parse(field()) as string,
    value: line.slice(at),
  }
}

const NO_BYTES = Buffer.alloc(0)
