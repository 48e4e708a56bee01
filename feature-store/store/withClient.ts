import type pg from 'pg'
import type { PoolClient } from 'pg'

/** A pool of connections to a server. */
export type Pool = InstanceType<typeof pg.Pool>

/**
 * Lends a connection of a pool for as long as `use` runs, and gives it back whatever happens: one that broke is
 * not used again. (drizzle's own transactions keep a connection for ever that broke before they began.)
 */
export async function withClient<T>(pool: Pool, use: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let failure: unknown
  try {
    return await use(client)
  } catch (error) {
    failure = error
    throw error
  } finally {
    client.release(isBroken(failure))
  }
}

function isBroken(failure: unknown): boolean {
  for (let error = failure; error instanceof Error; error = error.cause) {
    const { code, message } = error as Error & { readonly code?: string }
    if (code !== undefined && /^(57P|08|ECONN|EPIPE|ERR_STREAM)/.test(code)) return true
    if (/connection|terminat|socket|queryable/i.test(message)) return true
  }
  return false
}
