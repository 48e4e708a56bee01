import { type SQL, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'

import type { PoolClient } from 'pg'
import { canonicalJson } from '../../core/index.ts'
import { COPY_COLUMNS, encodeRows } from './binaryCopy.ts'
import { copyInto } from './copyInto.ts'
import type { Database, Transaction } from './database.ts'
import { packedLineageSize, packLineage } from './lineageBytes.ts'
import { type NewRow, packedRawSize, packRaw } from './observationRow.ts'
import { unnest } from './unnest.ts'
import { type Pool, withClient } from './withClient.ts'

/** How many rows get into a database fast: each driver has its own way. */
export type BulkLoad = {
  /** Rows of one load: as many as memory should hold twice. */
  readonly chunkRows: number
  /** Whether `Loading.copy` is there. */
  readonly takesEncoded: boolean
  transaction<T>(work: (tx: Transaction, into: Loading) => Promise<T>): Promise<T>
}

/** How rows get into the database within a transaction. */
export type Loading = {
  /**
   * Makes rows readable, as a relation with the columns of `observations`; the relation of an earlier call is gone
   * then.
   */
  stage(rows: readonly NewRow[]): Promise<SQL>
  /** By COPY, where the driver can. */
  readonly copy: Copying | null
}

/** Rows by COPY, as runs of a `CopyWriter`. */
export type Copying = {
  stage(runs: Iterable<Uint8Array>): Promise<SQL>
  /** Writes rows into `observations`, which may hold none of them yet: twice as fast as over a relation. */
  insert(runs: Iterable<Uint8Array>): Promise<void>
}

const OPTIONS = { isolationLevel: 'read committed' } as const

/** By arrays in the statement itself, which any driver can: 14,000 rows a second on PGlite. */
export function unnestLoad(database: Database): BulkLoad {
  const loading: Loading = { stage: async rows => asRelation(rows), copy: null }
  return {
    chunkRows: 2_000,
    takesEncoded: false,
    transaction: work => database.transaction(tx => work(tx, loading), OPTIONS),
  }
}

const STAGING = 'observation_staging'

/** By binary COPY, into a temporary table where rows may be stored already; it is empty again after the transaction. */
export function copyLoad(pool: Pool): BulkLoad {
  const prepared = new WeakSet<PoolClient>()
  return {
    chunkRows: 20_000,
    takesEncoded: true,
    transaction: work =>
      withClient(pool, async client => {
        if (!prepared.has(client)) {
          await client.query(
            `create temporary table if not exists ${STAGING} (like observations) on commit delete rows`,
          )
          prepared.add(client)
        }
        let staged = false
        const copy: Copying = {
          insert: runs => copyInto(client, `observations (${COPY_COLUMNS})`, runs),
          async stage(runs) {
            if (staged) await client.query(`truncate ${STAGING}`)
            staged = true
            await copyInto(client, `${STAGING} (${COPY_COLUMNS})`, runs)
            return sql.raw(STAGING)
          },
        }
        const loading: Loading = { stage: rows => copy.stage(encodeRows(rows)), copy }
        return drizzle(client).transaction(tx => work(tx, loading), OPTIONS)
      }),
  }
}

const NOTHING = Buffer.alloc(0)

function asRelation(rows: readonly NewRow[]): SQL {
  const text = (values: string[]) => ({ type: 'text' as const, values })
  const bigint = (values: number[]) => ({ type: 'bigint' as const, values })
  const integer = (values: number[]) => ({ type: 'integer' as const, values })
  const scratch = Buffer.allocUnsafe(
    Math.max(
      ...rows.map(({ observation: { event, raw } }) => packedRawSize(raw) + packedLineageSize(event.lineage)),
    ),
  )
  const lineages = rows.map(({ observation, place }) =>
    Buffer.from(scratch.subarray(0, packLineage(observation.event.lineage, place, scratch, 0))),
  )
  const raws = rows.map((row, index) =>
    scratch.toString('hex', 0, packRaw(row.observation.raw, scratch, 0, lineages[index] ?? NOTHING)),
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
    text(events.map(({ value }) => canonicalJson(value))),
    text(raws),
    text(rows.map(({ observation }) => observation.digest.slice(2))),
  ])
  return sql`(select source, block, log_index, visible_at_ms, known_at_ms, valid_at_ms, instrument,
    decode(lineage, 'hex') as lineage, value, decode(raw, 'hex') as raw, decode(digest, 'hex') as digest
    from ${columns} as packed(${sql.raw(COPY_COLUMNS)}))`
}
