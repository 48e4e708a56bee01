import { and, desc, eq, gte, inArray, lte, ne, type SQL, sql } from 'drizzle-orm'
import {
  type BlockHeader,
  type Cursor,
  IntegrityError,
  type ObservationBatch,
  positionOf,
  type RowPlace,
  type SourcePosition,
  type StoredObservation,
  type UnixMs,
} from '../../core/index.ts'
import { encodeRows } from './binaryCopy.ts'
import type { BulkLoad, Loading } from './bulkLoad.ts'
import { LOCKS, type Transaction } from './database.ts'
import type { InstrumentNumbers } from './instrumentNumbers.ts'
import { assertPlace, type NewRow, placeText } from './observationRow.ts'
import { blockHeaders, cursors, observations, withdrawals } from './schema.ts'
import { assertSortable } from './storedText.ts'
import { unnest } from './unnest.ts'

/** Headers of one statement. */
const CHUNK_HEADERS = 2_000

/** Stores a batch whole or not at all; see `ObservationStore.append`. */
export async function appendObservations(
  bulk: BulkLoad,
  numbers: InstrumentNumbers,
  { observations: batch, cursor, headers = [] }: ObservationBatch,
): Promise<number> {
  const places = batch.map(({ event }) => positionOf(event))
  for (const place of places) assertPlace(place)
  const sources = new Set([cursor.source, ...places.map(({ source }) => source)])
  for (const source of sources) assertSortable('source', source)
  const ids = await numbers.assign(batch.map(({ event }) => event.instrument))
  return bulk.transaction(async (tx, loading) => {
    await lockSources(tx, sources)
    const visibleAt = visibleTimes(await knownWithdrawals(tx, sources))
    let added = 0
    for (let start = 0; start < batch.length; start += bulk.chunkRows) {
      const rows = batch.slice(start, start + bulk.chunkRows).map((observation, index) => {
        const place = places[start + index] as SourcePosition
        const instrument = ids.get(observation.event.instrument) ?? 0
        return { observation, place, instrument, visibleAtMs: visibleAt(observation, place) }
      })
      added += await storeRows(tx, loading, rows)
    }
    for (let start = 0; start < headers.length; start += CHUNK_HEADERS)
      await insertHeaders(tx, cursor.source, headers.slice(start, start + CHUNK_HEADERS))
    await moveCursor(tx, cursor)
    return added
  })
}

/** Sets how far a stream is stored. */
export async function moveCursor(tx: Transaction, cursor: Cursor): Promise<void> {
  await tx
    .insert(cursors)
    .values(cursor)
    .onConflictDoUpdate({
      target: [cursors.source, cursors.stream],
      set: { block: cursor.block, blockHash: cursor.blockHash },
    })
}

async function storeRows(tx: Transaction, loading: Loading, rows: readonly NewRow[]): Promise<number> {
  const places = rows.map(({ place }) => place)
  const [first, last] = [places[0], places.at(-1)]
  const isOrdered = places.every(({ source, block, logIndex }, index) => {
    const before = places[index - 1]
    if (before === undefined) return true
    return source === before.source && (block - before.block || logIndex - before.logIndex) > 0
  })
  if (loading.copy !== null && first !== undefined && last !== undefined && isOrdered)
    if (await holdsNone(tx, first.source, first, last)) {
      await loading.copy.insert(encodeRows(rows))
      return rows.length
    }
  return insertRows(tx, await loading.stage(rows), rows.length)
}

/** Whether a source has no row from one place to another. */
export async function holdsNone(
  tx: Transaction,
  source: string,
  first: RowPlace,
  last: RowPlace,
): Promise<boolean> {
  const [found] = await tx
    .select({ block: observations.block })
    .from(observations)
    .where(
      and(
        eq(observations.source, source),
        gte(observations.block, first.block),
        lte(observations.block, last.block),
      ),
    )
    .limit(1)
  return found === undefined
}

/** Serialises the writers of a source, so that no append of an orphaned block lands behind its rollback. */
export async function lockSources(tx: Transaction, sources: ReadonlySet<string>): Promise<void> {
  for (const source of [...sources].sort())
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCKS.sourceClass}::integer, hashtext(${source}))`)
}

type VisibleAt = (observation: StoredObservation, place: SourcePosition) => UnixMs

type KnownWithdrawal = { readonly source: string; readonly forkBlock: number; readonly visibleAtMs: UnixMs }

/** Withdrawals of some sources, the latest first. */
export async function knownWithdrawals(
  tx: Transaction,
  sources: ReadonlySet<string>,
): Promise<readonly KnownWithdrawal[]> {
  return tx
    .selectDistinct({
      source: withdrawals.source,
      forkBlock: withdrawals.forkBlock,
      visibleAtMs: withdrawals.visibleAtMs,
    })
    .from(withdrawals)
    .where(inArray(withdrawals.source, [...sources]))
    .orderBy(desc(withdrawals.visibleAtMs))
}

/** When rows become visible: what replaces a withdrawn block, not before the withdrawal. */
function visibleTimes(known: readonly KnownWithdrawal[]): VisibleAt {
  if (known.length === 0) return ({ event }) => event.knownAt
  return ({ event }, { source, block }) => {
    const last = known.find(each => each.source === source && each.forkBlock < block)
    return last !== undefined && last.visibleAtMs > event.knownAt ? last.visibleAtMs : event.knownAt
  }
}

/** Writes the rows of a relation that are not stored yet; returns how many they were. */
export async function insertRows(tx: Transaction, given: SQL, rows: number): Promise<number> {
  const [counted] = await tx
    .with(
      tx
        .$with('inserted')
        .as(
          tx
            .insert(observations)
            .select(sql`select * from ${given} as given`)
            .onConflictDoNothing()
            .returning({ block: observations.block }),
        ),
    )
    .select({ rows: sql<number>`count(*)::integer` })
    .from(sql`inserted`)
  const added = counted?.rows ?? 0
  if (added === rows) return added
  const [changed] = await tx
    .select({
      source: observations.source,
      block: observations.block,
      logIndex: observations.logIndex,
      stored: sql<string>`'0x' || encode(${observations.digest}, 'hex')`,
      given: sql<string>`'0x' || encode(given.digest, 'hex')`,
    })
    .from(observations)
    .innerJoin(
      sql`${given} as given`,
      sql`given.source = ${observations.source} and given.block = ${observations.block}
        and given.log_index = ${observations.logIndex} and given.digest <> ${observations.digest}`,
    )
    .limit(1)
  if (changed === undefined) return added
  throw new IntegrityError(
    `The source gives another observation at ${placeText(changed)} than the one stored: ${changed.given} instead of ${changed.stored}.`,
    {
      facts: changed,
      hint: 'Roll the source back to before this position, or ingest under the settings (address, finality delay) that the store was filled with.',
    },
  )
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
  if (changed === undefined) return
  throw new IntegrityError(
    `Block ${changed.block} of ${source} is ${changed.given}, but ${changed.stored} is stored.`,
    {
      facts: { source, ...changed },
      hint: 'The chain was reorganised: roll the source back to before this block first.',
    },
  )
}
