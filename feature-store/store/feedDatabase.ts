import { drizzle } from 'drizzle-orm/node-postgres'
import { type CopyInto, copyInto } from './copyInto.ts'
import { type Database, LOCKS } from './database.ts'
import { type Pool, withClient } from './withClient.ts'

/** How decisions get into a database. */
export type FeedDatabase = {
  /** Runs work in a transaction that alone writes decisions while it lasts, and into which rows can be copied. */
  transaction<T>(work: (tx: Database, copy: CopyInto) => Promise<T>): Promise<T>
  /** Whether this process stands still while the database works. */
  readonly blocks: boolean
}

// The feed sequence must have no gap, so a later writer waits until the earlier commits or rolls back. And a decision
// must be on disk when its commit returns, also where the server is told otherwise. One message, as each costs a journey.
const BEGIN = `begin isolation level read committed;
  select pg_advisory_xact_lock(${LOCKS.storeClass}, ${LOCKS.decisions}),
    case when current_setting('synchronous_commit') = 'off'
      then set_config('synchronous_commit', 'on', true) end`

/** The feed on a server, which any number of processes may write. */
export function feedOnServer(pool: Pool): FeedDatabase {
  return {
    blocks: false,
    transaction: work =>
      withClient(pool, async client => {
        try {
          await client.query(BEGIN)
          const result = await work(drizzle(client), (target, runs) => copyInto(client, target, runs))
          await client.query('commit')
          return result
        } catch (error) {
          await client.query('rollback')
          throw error
        }
      }),
  }
}
