import { and, asc, eq, gt, lte, sql } from 'drizzle-orm'
import type { BlockHeader, Cursor, ObservationStore } from '../../core/index.ts'
import { appendObservations } from './appendObservations.ts'
import type { BulkLoad } from './bulkLoad.ts'
import type { Database } from './database.ts'
import { instrumentNumbers } from './instrumentNumbers.ts'
import { observationDoor } from './observationDoor.ts'
import { countDelivered, listWithdrawals, readDelivered, scanSource } from './readObservations.ts'
import { rollbackSource } from './rollbackSource.ts'
import { blockHeaders, cursors, observations } from './schema.ts'
import { unnest } from './unnest.ts'

/** What the port calls a cursor. */
const CURSOR = {
  source: cursors.source,
  stream: cursors.stream,
  block: cursors.block,
  blockHash: cursors.blockHash,
}

/** Rows of one statement of `discard`. */
const CHUNK_ROWS = 5_000

/** The observation store over the tables `observations`, `cursors`, `block_headers` and `withdrawals`. */
export function observationTable(database: Database, bulk: BulkLoad): ObservationStore {
  const numbers = instrumentNumbers(database)
  return {
    append: batch => appendObservations(bulk, numbers, batch),
    ...(bulk.takesEncoded ? { door: observationDoor(bulk, numbers) } : {}),
    read: query => readDelivered(database, numbers, query),
    scan: query => scanSource(database, numbers, query),
    count: instruments => countDelivered(database, numbers, instruments),
    withdrawals: instruments => listWithdrawals(database, numbers, instruments),
    rollback: rollback => rollbackSource(database, rollback),

    async discard(source, rows): Promise<number> {
      let discarded = 0
      for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
        const chunk = rows.slice(start, start + CHUNK_ROWS)
        const given = unnest([
          { type: 'bigint', values: chunk.map(row => row.block) },
          { type: 'integer', values: chunk.map(row => row.logIndex) },
          { type: 'text', values: chunk.map(row => row.digest.slice(2)) },
        ])
        const gone = await database
          .delete(observations)
          .where(
            and(
              eq(observations.source, source),
              sql`(${observations.block}, ${observations.logIndex}, ${observations.digest}) in
                (select block, log_index, decode(digest, 'hex') from ${given} as given(block, log_index, digest))`,
            ),
          )
          .returning({ block: observations.block })
        discarded += gone.length
      }
      return discarded
    },

    async sources(): Promise<string[]> {
      const withCursor = await database.selectDistinct({ source: cursors.source }).from(cursors)
      // Every append sets a cursor, but perhaps one of another source than its rows are of.
      const withRows = await database.execute<{ source: string }>(sql`
        with recursive names as (
          (select ${observations.source} from ${observations} order by 1 limit 1)
          union all
          select (select ${observations.source} from ${observations} where ${observations.source} > names.source order by 1 limit 1)
          from names where names.source is not null
        ) select source from names where source is not null`)
      const rows = (withRows as unknown as { readonly rows: readonly { readonly source: string }[] }).rows
      return [...new Set([...withCursor, ...rows].map(({ source }) => source))].sort()
    },

    async cursors(source: string): Promise<Cursor[]> {
      return database
        .select(CURSOR)
        .from(cursors)
        .where(eq(cursors.source, source))
        .orderBy(asc(cursors.stream))
    },

    async cursor(source: string, stream: string): Promise<Cursor | null> {
      const [row] = await database
        .select(CURSOR)
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
  }
}
