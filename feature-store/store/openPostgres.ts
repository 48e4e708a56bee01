import type { Store } from '../../core/index.ts'
import type { PostgresOptions } from './serverStore.ts'

export type { PostgresOptions }

/** Enough for ingest, the agents and the API of one process; a server admits 100 by default. */
export const DEFAULT_CONNECTIONS = 10

/**
 * Opens the store on a PostgreSQL server, and brings its schema up to date. Any number of processes may.
 *
 * @throws InvalidInputError when the URL is none, or the server refuses the user.
 * @throws NotFoundError when the server has no such database.
 * @throws UnavailableError when the server cannot be reached.
 */
export async function openPostgres({
  url,
  connections = DEFAULT_CONNECTIONS,
}: PostgresOptions): Promise<Store> {
  // Loaded when a store is opened: a backtest opens none.
  const { openOnServer } = await import('./serverStore.ts')
  return openOnServer({ url, connections })
}
