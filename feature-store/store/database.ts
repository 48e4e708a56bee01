import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'

/** A PostgreSQL database behind drizzle, whichever driver serves it. */
export type Database = PgDatabase<PgQueryResultHKT>

/** An open transaction of a `Database`. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]

/**
 * Advisory locks: two classes (the ASCII codes of `TOUC` and the number after it) and the keys of the first.
 * A transaction takes its lock first, so that its later statements see what the previous holder committed.
 */
export const LOCKS = {
  storeClass: 0x544f5543,
  /** Its keys are hashes of source names. */
  sourceClass: 0x544f5544,
  migrations: 0,
  decisions: 1,
} as const

/**
 * Set for every session. Every read here follows an index in its order and stops at a limit; on a table
 * without statistics (PGlite gathers none by itself) the planner would rather gather and sort all that is left.
 */
export const PLANNER_SETTINGS = 'set enable_bitmapscan = off'
