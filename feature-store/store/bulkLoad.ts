import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type SQL, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'

import type { PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { valueText } from '../../core/index.ts'
import { COPY_COLUMNS, encodeCopy } from './binaryCopy.ts'
import type { Database, Transaction } from './database.ts'
import { packedLineageSize, packLineage } from './lineageBytes.ts'
import { type NewRow, packedRawSize, packRaw } from './observationRow.ts'
import { unnest } from './unnest.ts'
import { type Pool, withClient } from './withClient.ts'

/** How many rows get into a database fast: each driver has its own way. */
export type BulkLoad = {
  /** Rows of one load: as many as memory should hold twice. */
  readonly chunkRows: number
  /**
   * Runs a transaction. `load` makes rows readable in it, as a relation with the columns of `observations`; the
   * relation of an earlier load is gone then.
   */
  transaction<T>(
    work: (tx: Transaction, load: (rows: readonly NewRow[]) => Promise<SQL>) => Promise<T>,
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
export function copyLoad(pool: Pool): BulkLoad {
  const prepared = new WeakSet<PoolClient>()
  return {
    chunkRows: 20_000,
    transaction: work =>
      withClient(pool, async client => {
        if (!prepared.has(client)) {
          await client.query(
            'create temporary table if not exists observation_staging (like observations) on commit delete rows',
          )
          prepared.add(client)
        }
        let loaded = false
        const load = async (rows: readonly NewRow[]) => {
          if (loaded) await client.query('truncate observation_staging')
          loaded = true
          const copy = client.query(
            copyFrom(`copy observation_staging (${COPY_COLUMNS}) from stdin (format binary)`),
          )
          const rowsSent = pipeline(Readable.from([encodeCopy(rows)], { objectMode: false }), copy)
          await unlessEnded(client, rowsSent)
          return STAGING
        }
        return drizzle(client).transaction(tx => work(tx, load), OPTIONS)
      }),
  }
}

// The stream of a COPY may wait for ever for a server that is gone: the connection itself says so.
async function unlessEnded(client: PoolClient, work: Promise<void>): Promise<void> {
  let lost: () => void = () => undefined
  const ended = new Promise<never>((_resolve, reject) => {
    lost = () => reject(new Error('Connection terminated in the middle of a COPY'))
    client.once('end', lost)
  })
  try {
    await Promise.race([work, ended])
  } finally {
    client.off('end', lost)
  }
}

const NOTHING = Buffer.alloc(0)

function asRelation(rows: readonly NewRow[]): SQL {
  const text = (values: string[]) => ({ type: 'text' as const, values })
  const bigint = (values: number[]) => ({ type: 'bigint' as const, values })
  const integer = (values: number[]) => ({ type: 'integer' as const, values })
  const scratch = Buffer.allocUnsafe(
    Math.max(...rows.map(row => packedRawSize(row) + packedLineageSize(row.observation.event.lineage))),
  )
  const lineages = rows.map(({ observation, place }) =>
    Buffer.from(scratch.subarray(0, packLineage(observation.event.lineage, place, scratch, 0))),
  )
  const raws = rows.map((row, index) =>
    scratch.toString('hex', 0, packRaw(row, scratch, 0, lineages[index] ?? NOTHING)),
  )
  const events = rows.map(({ observation }) => observation.event)
  const columns = unnest([
    text(rows.map(({ place }) => place.source)),
    bigint(rows.map(({ place }) => place.block)),
    integer(rows.map(({ place }) => place.logIndex)),
    bigint(rows.map(({ visibleAtMs }) => visibleAtMs)),
    bigint(events.map(({ knownAt }) => knownAt)),
    bigint(events.map(({ validAt }) => validAt)),
    integer(rows.map(({ instrument }) => instrument)),
    text(lineages.map(lineage => lineage.toString('hex'))),
    text(events.map(({ value }) => valueText(value))),
    text(raws),
    text(rows.map(({ observation }) => observation.digest.slice(2))),
  ])
  return sql`(select source, block, log_index, visible_at_ms, known_at_ms, valid_at_ms, instrument,
    decode(lineage, 'hex') as lineage, value, decode(raw, 'hex') as raw, decode(digest, 'hex') as digest
    from ${columns} as packed(${sql.raw(COPY_COLUMNS)}))`
}
