import type { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { copyFile } from './copyFormat.ts'
import type { CopyInto } from './copyInto.ts'
import type { FeedDatabase } from './feedDatabase.ts'

/** The feed in an embedded database, whose one owner runs one transaction at a time. */
export function feedInProcess(client: PGlite): FeedDatabase {
  return {
    blocks: true,
    transaction: work =>
      client.transaction(transaction => {
        // It reads what it copies from a device of its own.
        const copy: CopyInto = async (target, runs) => {
          const blob = new Blob([...copyFile(runs)] as Uint8Array<ArrayBuffer>[])
          await transaction.query(`copy ${target} from '/dev/blob' (format binary)`, [], { blob })
        }
        // A transaction answers queries as the database does, which is all that drizzle asks of it.
        return work(drizzle({ client: transaction as unknown as PGlite }), copy)
      }),
  }
}
