import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type SQL, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'

import type pg from 'pg'
import type { PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { COPY_COLUMNS, encodeCopy, type NumberedRow } from './binaryCopy.ts'
import type { Database, Transaction } from './database.ts'
import { unnest } from './unnest.ts'

/** How many rows get into a database fast: each driver has its own way. */
export type BulkLoad = {
  /** Rows of one load: as many as memory should hold twice. */
  readonly chunkRows: number
  /**
   * Runs a transaction. `load` makes rows readable in it, as a relation with the columns of `observations`; the
   * relation of an earlier load is gone then.
   */
  transaction<T>(
    work: (tx: Transaction, load: (rows: readonly NumberedRow[]) => Promise<SQL>) => Promise<T>,
  ): Promise<T>
}

const OPTIONS = { isolationLevel: 'read committed' } as const

/** By arrays in the statement itself, which any driver can: 14,000 rows a second on PGlite. */
export function unnestLoad(database: Database): BulkLoad {
  return {
    chunkRows: 2_000,
    transaction: work => database.transaction(tx => work(tx, async rows => asRelation(rows)), OPTIONS),
  }
}

const STAGING = sql.raw('observation_staging')

/** By binary COPY into a temporary table, which is empty again after the transaction. */
export function copyLoad(pool: InstanceType<typeof pg.Pool>): BulkLoad {
  const prepared = new WeakSet<PoolClient>()
  return {
    chunkRows: 20_000,
    async transaction(work) {
      const client = await pool.connect()
      let failure: unknown
      try {
        if (!prepared.has(client)) {
          await client.query(
            'create temporary table if not exists observation_staging (like observations) on commit delete rows',
          )
          prepared.add(client)
        }
        let loaded = false
        const load = async (rows: readonly NumberedRow[]) => {
          if (loaded) await client.query('truncate observation_staging')
          loaded = true
          const copy = client.query(
            copyFrom(`copy observation_staging (${COPY_COLUMNS}) from stdin (format binary)`),
          )
          await pipeline(Readable.from([encodeCopy(rows)], { objectMode: false }), copy)
          return STAGING
        }
        return await drizzle(client).transaction(tx => work(tx, load), OPTIONS)
      } catch (error) {
        failure = error
        throw error
      } finally {
        // A connection that broke off within a COPY is of no more use.
        client.release(failure instanceof Error && isBroken(failure))
      }
    },
  }
}

function isBroken(error: Error): boolean {
  const { code, message } = error as Error & { readonly code?: string }
  return code === undefined ? /connection|terminat|socket/i.test(message) : /^(57P|08|ECONN|EPIPE)/.test(code)
}

function asRelation(rows: readonly NumberedRow[]): SQL {
  const text = (values: string[]) => ({ type: 'text' as const, values })
  const bigint = (values: number[]) => ({ type: 'bigint' as const, values })
  const integer = (values: number[]) => ({ type: 'integer' as const, values })
  const hex = (values: Buffer[]) => text(values.map(value => value.toString('hex')))
  const columns = unnest([
    text(rows.map(row => row.source)),
    bigint(rows.map(row => row.block)),
    integer(rows.map(row => row.logIndex)),
    bigint(rows.map(row => row.visibleAtMs)),
    bigint(rows.map(row => row.knownAtMs)),
    bigint(rows.map(row => row.validAtMs)),
    integer(rows.map(row => row.instrument)),
    hex(rows.map(row => row.lineage)),
    text(rows.map(row => row.value)),
    hex(rows.map(row => row.raw)),
    hex(rows.map(row => row.digest)),
  ])
  return sql`(select source, block, log_index, visible_at_ms, known_at_ms, valid_at_ms, instrument,
    decode(lineage, 'hex') as lineage, value, decode(raw, 'hex') as raw, decode(digest, 'hex') as digest
    from ${columns} as packed(${sql.raw(COPY_COLUMNS)}))`
}
