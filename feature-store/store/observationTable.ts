import { and, asc, count, eq, gt, inArray, lte, ne, type SQL, sql } from 'drizzle-orm'
import { unionAll } from 'drizzle-orm/pg-core'
import {
  type BlockHeader,
  type Cursor,
  canonicalJson,
  type EventPosition,
  type Hash,
  type InstrumentId,
  IntegrityError,
  type MarketEvent,
  type ObservationBatch,
  type ObservationQuery,
  type ObservationStore,
  parseCanonicalJson,
  positionOf,
  type StoredObservation,
  type UnixMs,
} from '../../core/index.ts'
import { type Database, LOCKS, type Transaction } from './database.ts'
import { blockHeaders, cursors, observations } from './schema.ts'
import { assertSortable } from './storedText.ts'
import { unnest } from './unnest.ts'

/** Rows per statement: large enough for speed, small enough that a statement stays within a few megabytes. */
const CHUNK_ROWS = 2_000

/** The observation store over the tables `observations`, `cursors` and `block_headers`. */
export function observationTable(database: Database): ObservationStore {
  return {
    append: batch => append(database, batch),
    read: query => read(database, query),

    async count(instruments: readonly InstrumentId[]): Promise<number> {
      const [row] = await database
        .select({ rows: count() })
        .from(observations)
        .where(inArray(observations.instrument, [...instruments]))
      return row?.rows ?? 0
    },

    async cursor(source: string, stream: string): Promise<Cursor | null> {
      const [row] = await database
        .select()
        .from(cursors)
        .where(and(eq(cursors.source, source), eq(cursors.stream, stream)))
      return row ?? null
    },

    async headers(source: string, aboveBlock: number): Promise<BlockHeader[]> {
      return database
        .select({
          number: blockHeaders.number,
          hash: blockHeaders.hash,
          parentHash: blockHeaders.parentHash,
          timestampMs: blockHeaders.timestampMs,
        })
        .from(blockHeaders)
        .where(and(eq(blockHeaders.source, source), gt(blockHeaders.number, aboveBlock)))
        .orderBy(asc(blockHeaders.number))
    },

    async pruneHeaders(source: string, upToBlock: number): Promise<void> {
      await database
        .delete(blockHeaders)
        .where(and(eq(blockHeaders.source, source), lte(blockHeaders.number, upToBlock)))
    },

    rollback: (source, toBlock, toBlockHash) => rollback(database, source, toBlock, toBlockHash),
  }
}

async function append(database: Database, batch: ObservationBatch): Promise<number> {
  const { cursor, headers = [] } = batch
  const rows = batch.observations.map(toRow)
  const sources = new Set([cursor.source, ...rows.map(row => row.source)])
  for (const source of sources) assertSortable('source', source)
  return database.transaction(
    async tx => {
      await lockSources(tx, sources)
      let added = 0
      for (let start = 0; start < rows.length; start += CHUNK_ROWS)
        added += await insertObservations(tx, rows.slice(start, start + CHUNK_ROWS))
      for (let start = 0; start < headers.length; start += CHUNK_ROWS)
        await insertHeaders(tx, cursor.source, headers.slice(start, start + CHUNK_ROWS))
      await tx
        .insert(cursors)
        .values(cursor)
        .onConflictDoUpdate({
          target: [cursors.source, cursors.stream],
          set: { block: cursor.block, blockHash: cursor.blockHash },
        })
      return added
    },
    { isolationLevel: 'read committed' },
  )
}

type ObservationRow = typeof observations.$inferInsert

function toRow({ event, raw, digest }: StoredObservation): ObservationRow {
  const { source, block, logIndex } = positionOf(event)
  return {
    source,
    block,
    logIndex,
    knownAtMs: event.knownAt,
    validAtMs: event.validAt,
    instrument: event.instrument,
    type: event.value.type,
    event: canonicalJson(event),
    raw,
    digest,
  }
}

async function insertObservations(tx: Transaction, rows: readonly ObservationRow[]): Promise<number> {
  const text = (values: string[]) => ({ type: 'text' as const, values })
  const bigint = (values: number[]) => ({ type: 'bigint' as const, values })
  const sources = text(rows.map(row => row.source))
  const blocks = bigint(rows.map(row => row.block))
  const logIndices = { type: 'integer' as const, values: rows.map(row => row.logIndex) }
  const digests = text(rows.map(row => row.digest))
  const columns = [
    sources,
    blocks,
    logIndices,
    bigint(rows.map(row => row.knownAtMs)),
    bigint(rows.map(row => row.validAtMs)),
    text(rows.map(row => row.instrument)),
    text(rows.map(row => row.type)),
    text(rows.map(row => row.event)),
    text(rows.map(row => row.raw)),
    digests,
  ]
  const inserted = await tx
    .insert(observations)
    .select(sql`select * from ${unnest(columns)}`)
    .onConflictDoNothing()
    .returning({ block: observations.block })
  if (inserted.length < rows.length) {
    // Some positions were taken: by the same rows, or the source changed under us.
    const given = sql`${unnest([sources, blocks, logIndices, digests])} as given(source, block, log_index, digest)`
    const [changed] = await tx
      .select({
        source: observations.source,
        block: observations.block,
        logIndex: observations.logIndex,
        stored: observations.digest,
        given: sql<string>`given.digest`,
      })
      .from(observations)
      .innerJoin(
        given,
        sql`given.source = ${observations.source} and given.block = ${observations.block}
          and given.log_index = ${observations.logIndex} and given.digest <> ${observations.digest}`,
      )
      .limit(1)
    if (changed !== undefined)
      throw new IntegrityError(
        `The source gives another observation at ${place(changed)} than the one stored: ${changed.given} instead of ${changed.stored}.`,
        {
          facts: changed,
          hint: 'Roll the source back to before this position, or ingest under the settings (address, finality delay) that the store was filled with.',
        },
      )
  }
  return inserted.length
}

async function insertHeaders(
  tx: Transaction,
  source: string,
  headers: readonly BlockHeader[],
): Promise<void> {
  const numbers = { type: 'bigint' as const, values: headers.map(header => header.number) }
  const hashes = { type: 'text' as const, values: headers.map(header => header.hash) }
  const inserted = await tx
    .insert(blockHeaders)
    .select(
      sql`select ${source}::text, * from ${unnest([
        numbers,
        hashes,
        { type: 'text', values: headers.map(header => header.parentHash) },
        { type: 'bigint', values: headers.map(header => header.timestampMs) },
      ])}`,
    )
    .onConflictDoNothing()
    .returning({ number: blockHeaders.number })
  if (inserted.length === headers.length) return
  const [changed] = await tx
    .select({ block: blockHeaders.number, stored: blockHeaders.hash, given: sql<string>`given.hash` })
    .from(blockHeaders)
    .innerJoin(
      sql`${unnest([numbers, hashes])} as given(number, hash)`,
      and(eq(blockHeaders.number, sql`given.number`), ne(blockHeaders.hash, sql`given.hash`)),
    )
    .where(eq(blockHeaders.source, source))
    .limit(1)
  if (changed !== undefined)
    throw new IntegrityError(
      `Block ${changed.block} of ${source} is ${changed.given}, but ${changed.stored} is stored.`,
      {
        facts: { source, ...changed },
        hint: 'The chain was reorganised: roll the source back to before this block first.',
      },
    )
}

async function read(database: Database, query: ObservationQuery): Promise<StoredObservation[]> {
  const { after, untilMs, limit } = query
  const { knownAtMs, source, block, logIndex, instrument } = observations
  const order: SQL[] = [asc(knownAtMs), asc(source), asc(block), asc(logIndex)]
  const beyond: SQL[] = []
  if (after !== undefined)
    beyond.push(
      sql`(${knownAtMs}, ${source}, ${block}, ${logIndex}) > (${after.knownAt}::bigint, ${after.source}::text, ${after.block}::bigint, ${after.logIndex}::integer)`,
    )
  if (untilMs !== undefined) beyond.push(lte(knownAtMs, untilMs))
  const columns = {
    knownAtMs,
    source,
    block,
    logIndex,
    event: observations.event,
    raw: observations.raw,
    digest: observations.digest,
  }
  const ofInstrument = (id: InstrumentId) =>
    database
      .select(columns)
      .from(observations)
      .where(and(eq(instrument, id), ...beyond))
      .orderBy(...order)
      .limit(limit)
  // One bounded index range per instrument, merged: a rare instrument costs no scan of the others.
  const [first, second, ...others] = [...new Set(query.instruments)].map(ofInstrument)
  if (first === undefined) return []
  const rows =
    second === undefined
      ? await first
      : await unionAll(first, second, ...others)
          .orderBy(...order)
          .limit(limit)
  return rows.map(toStored)
}

type ReadRow = EventPlace & { readonly event: string; readonly raw: string; readonly digest: Hash }
type EventPlace = Omit<EventPosition, 'knownAt'> & { readonly knownAtMs: UnixMs }

function toStored(row: ReadRow): StoredObservation {
  const event = parseEvent(row.event)
  if (event === null)
    throw new IntegrityError(`The stored event at ${place(row)} cannot be read: its text was changed.`, {
      facts: { source: row.source, block: row.block, logIndex: row.logIndex },
      hint: 'Restore the store from a copy, or ingest the source again into a new one.',
    })
  return { event, raw: row.raw, digest: row.digest }
}

function parseEvent(text: string): MarketEvent | null {
  try {
    const event = parseCanonicalJson(text)
    return isMarketEvent(event) ? event : null
  } catch {
    return null
  }
}

type Field = 'instrument' | 'validAt' | 'knownAt' | 'lineage' | 'kind' | 'value' | 'type'

// The form alone: whether the content is what was ingested is the digest's to say, and the audit's to check.
function isMarketEvent(event: unknown): event is MarketEvent {
  return (
    isRecord(event) &&
    typeof event.instrument === 'string' &&
    Number.isSafeInteger(event.validAt) &&
    Number.isSafeInteger(event.knownAt) &&
    isRecord(event.lineage) &&
    (event.lineage.kind === 'chain' || event.lineage.kind === 'feed') &&
    isRecord(event.value) &&
    typeof event.value.type === 'string'
  )
}

function isRecord(value: unknown): value is Partial<Record<Field, unknown>> {
  return value !== null && typeof value === 'object'
}

async function rollback(
  database: Database,
  source: string,
  toBlock: number,
  toBlockHash: Hash | null,
): Promise<number> {
  return database.transaction(
    async tx => {
      await lockSources(tx, new Set([source]))
      const withdrawn = await tx
        .delete(observations)
        .where(and(eq(observations.source, source), gt(observations.block, toBlock)))
        .returning({ block: observations.block })
      await tx
        .delete(blockHeaders)
        .where(and(eq(blockHeaders.source, source), gt(blockHeaders.number, toBlock)))
      // A stream that has not come so far stays where it is.
      await tx
        .update(cursors)
        .set({ block: toBlock, blockHash: toBlockHash })
        .where(and(eq(cursors.source, source), gt(cursors.block, toBlock)))
      return withdrawn.length
    },
    { isolationLevel: 'read committed' },
  )
}

// Serialises the writers of a source, so that no append of an orphaned block lands behind its rollback.
async function lockSources(tx: Transaction, sources: ReadonlySet<string>): Promise<void> {
  for (const source of [...sources].sort())
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCKS.sourceClass}::integer, hashtext(${source}))`)
}

const place = (at: { readonly source: string; readonly block: number; readonly logIndex: number }): string =>
  `${at.source}, block ${at.block}, log ${at.logIndex}`
