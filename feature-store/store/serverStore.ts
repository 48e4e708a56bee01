import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg, { type ClientBase, type PoolConfig } from 'pg'
import { InvalidInputError, type Store } from '../../core/index.ts'
import { copyLoad } from './bulkLoad.ts'
import { LOCKS, PLANNER_SETTINGS } from './database.ts'
import { databaseError } from './databaseError.ts'
import { databaseStore } from './databaseStore.ts'
import { feedOnServer } from './feedDatabase.ts'
import { migrationsFolder } from './migrations.ts'
import { withClient } from './withClient.ts'

export type PostgresOptions = {
  /** `postgres://user:password@host:port/database` */
  readonly url: string
  /** Most connections that this process opens. */
  readonly connections?: number
}

/** After this the server counts as unreachable. */
const CONNECT_TIMEOUT_MS = 10_000

/** pg's types do not know of the hook that prepares a connection before its first use. */
type PreparingConfig = PoolConfig & { readonly onConnect: (client: ClientBase) => Promise<void> }

/** Opens the store on a server: see `openPostgres`, which loads this file, and the driver with it, when it is called. */
export async function openOnServer({ url, connections }: Required<PostgresOptions>): Promise<Store> {
  const name = nameOf(url)
  const config: PreparingConfig = {
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'touchstone',
    onConnect: async client => {
      await client.query(PLANNER_SETTINGS)
    },
  }
  const pool = new pg.Pool(config)
  // A connection that breaks emits an error, idle or not; unheard it would end the process. The call that
  // uses the connection fails with it, and the next one gets another connection.
  pool.on('error', () => undefined)
  pool.on('connect', client => {
    client.on('error', () => undefined)
  })
  try {
    await migrateOnce(pool)
  } catch (error) {
    await pool.end()
    throw databaseError(error, name)
  }
  const database = drizzle(pool)
  database.transaction = (work, config) =>
    withClient(pool, client => drizzle(client).transaction(work as never, config))
  const feed = feedOnServer(pool)
  return databaseStore({ database, bulk: copyLoad(pool), feed, name, close: () => pool.end() })
}

// Two processes that start together must not both create the tables.
async function migrateOnce(pool: InstanceType<typeof pg.Pool>): Promise<void> {
  const client = await pool.connect()
  try {
    const database = drizzle(client)
    const lock = sql`(${LOCKS.storeClass}::integer, ${LOCKS.migrations}::integer)`
    await database.execute(sql`select pg_advisory_lock${lock}`)
    try {
      await migrate(database, { migrationsFolder: migrationsFolder() })
    } finally {
      await database.execute(sql`select pg_advisory_unlock${lock}`)
    }
  } finally {
    client.release()
  }
}

// The URL holds the password, and so do errors about it: neither may get into a message or a cause.
function nameOf(url: string): string {
  if (/^postgres(ql)?:\/\//.test(url))
    try {
      const { host, port, database } = new pg.Client({ connectionString: url })
      return `PostgreSQL at ${host}:${port}, database "${database ?? ''}",`
    } catch {}
  throw new InvalidInputError('The database URL cannot be read.', {
    hint: 'Use the form postgres://user:password@host:port/database, with special characters percent-encoded.',
  })
}
