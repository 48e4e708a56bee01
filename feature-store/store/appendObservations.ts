import { and, desc, eq, inArray, ne, type SQL, sql } from 'drizzle-orm'
import {
  type BlockHeader,
  IntegrityError,
  InvalidInputError,
  type ObservationBatch,
  positionOf,
  type SourcePosition,
  type StoredObservation,
  type UnixMs,
} from '../../core/index.ts'
import type { BulkLoad } from './bulkLoad.ts'
import { LOCKS, type Transaction } from './database.ts'
import type { InstrumentNumbers } from './instrumentNumbers.ts'
import { type NewRow, placeText } from './observationRow.ts'
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
  const places = batch.map(({ event }) => checkedPlace(positionOf(event)))
  const sources = new Set([cursor.source, ...places.map(({ source }) => source)])
  for (const source of sources) assertSortable('source', source)
  const ids = await numbers.assign(batch.map(({ event }) => event.instrument))
  return bulk.transaction(async (tx, load) => {
    await lockSources(tx, sources)
    const visibleAt = await visibleTimes(tx, sources)
    let added = 0
    for (let start = 0; start < batch.length; start += bulk.chunkRows) {
      const rows = batch.slice(start, start + bulk.chunkRows).map((observation, index) => {
        const place = places[start + index] as SourcePosition
        const instrument = ids.get(observation.event.instrument) ?? 0
        return { observation, place, instrument, visibleAtMs: visibleAt(observation, place) }
      })
      added += await insertRows(tx, await load(rows), rows)
    }
    for (let start = 0; start < headers.length; start += CHUNK_HEADERS)
      await insertHeaders(tx, cursor.source, headers.slice(start, start + CHUNK_HEADERS))
    await tx
      .insert(cursors)
      .values(cursor)
      .onConflictDoUpdate({
        target: [cursors.source, cursors.stream],
        set: { block: cursor.block, blockHash: cursor.blockHash },
      })
    return added
  })
}

/** Serialises the writers of a source, so that no append of an orphaned block lands behind its rollback. */
export async function lockSources(tx: Transaction, sources: ReadonlySet<string>): Promise<void> {
  for (const source of [...sources].sort())
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCKS.sourceClass}::integer, hashtext(${source}))`)
}

// Bytes are copied as they are, so what is no integer would arrive as another one.
function checkedPlace(place: SourcePosition): SourcePosition {
  const { source, block, logIndex } = place
  if (Number.isSafeInteger(block) && logIndex === (logIndex | 0)) return place
  throw new InvalidInputError(`The observation at ${placeText(place)} has a place that is no whole number.`, {
    facts: { source, block, logIndex },
    hint: 'Number blocks, rows and logs in whole numbers.',
  })
}

type VisibleAt = (observation: StoredObservation, place: SourcePosition) => UnixMs

/** When rows become visible: what replaces a withdrawn block, not before the withdrawal. */
async function visibleTimes(tx: Transaction, sources: ReadonlySet<string>): Promise<VisibleAt> {
  const known = await tx
    .selectDistinct({
      source: withdrawals.source,
      forkBlock: withdrawals.forkBlock,
      visibleAtMs: withdrawals.visibleAtMs,
    })
    .from(withdrawals)
    .where(inArray(withdrawals.source, [...sources]))
    .orderBy(desc(withdrawals.visibleAtMs))
  if (known.length === 0) return ({ event }) => event.knownAt
  return ({ event }, { source, block }) => {
    const last = known.find(each => each.source === source && each.forkBlock < block)
    return last !== undefined && last.visibleAtMs > event.knownAt ? last.visibleAtMs : event.knownAt
  }
}

async function insertRows(tx: Transaction, given: SQL, rows: readonly NewRow[]): Promise<number> {
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
  if (added === rows.length) return added
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
