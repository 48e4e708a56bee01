import { type Store, UnavailableError } from '../../core/index.ts'
import { agentTable } from './agentTable.ts'
import type { BulkLoad } from './bulkLoad.ts'
import type { Database } from './database.ts'
import { databaseError } from './databaseError.ts'
import { decisionTable } from './decisionTable.ts'
import { embargoTable } from './embargoTable.ts'
import type { FeedDatabase } from './feedDatabase.ts'
import { modelTable } from './modelTable.ts'
import { observationTable } from './observationTable.ts'

/** An open database: how to reach it, what to call it in messages, and how to let go of it. */
export type OpenDatabase = {
  readonly database: Database
  /** How rows get into it fast. */
  readonly bulk: BulkLoad
  readonly feed: FeedDatabase
  /** The subject of a message, without secrets. */
  readonly name: string
  close(): Promise<void>
}

/** The store over a migrated database. */
export function databaseStore({ database, bulk, feed, name, close }: OpenDatabase): Store {
  let closing: Promise<void> | undefined
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    if (closing !== undefined)
      throw new UnavailableError(`${name} is closed.`, {
        facts: { database: name },
        hint: 'Open the store again.',
      })
    try {
      return await work()
    } catch (error) {
      throw databaseError(error, name)
    }
  }
  return {
    observations: guarded(observationTable(database, bulk), call),
    decisions: guarded(decisionTable(database, feed), call),
    models: guarded(modelTable(database), call),
    agents: guarded(agentTable(database), call),
    embargo: guarded(embargoTable(database), call),
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

type Call = <T>(work: () => Promise<T>) => Promise<T>

/** Runs every method of a port, and of what it holds, through `call`. */
function guarded<P extends object>(port: P, call: Call): P {
  return new Proxy(port, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key)
      if (typeof member === 'object' && member !== null) return guarded(member, call)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => call(async () => Reflect.apply(member, target, args))
    },
  })
}
