import { sql } from 'drizzle-orm'
import type { EncodedBatch, ObservationDoor } from '../../core/index.ts'
import { holdsNone, insertRows, knownWithdrawals, lockSources, moveCursor } from './appendObservations.ts'
import type { BulkLoad, Copying } from './bulkLoad.ts'
import type { Transaction } from './database.ts'
import type { InstrumentNumbers } from './instrumentNumbers.ts'
import { withdrawals } from './schema.ts'

/** The encoder's file has the ending of this one: TypeScript from source, JavaScript once built. */
const ENCODER = import.meta.url.replace(/observationDoor\.(\w+)$/, 'observationEncoder.$1')

/** Takes rows as `createEncoder` wrote them. */
export function observationDoor(bulk: BulkLoad, numbers: InstrumentNumbers): ObservationDoor {
  return {
    encoder: ENCODER,
    settings: async (source, instruments) => ({
      source,
      instruments: [...(await numbers.assign(instruments))],
    }),
    append: batch =>
      bulk.transaction(async (tx, { copy }) => {
        if (copy === null) return null
        await lockSources(tx, new Set([batch.cursor.source]))
        const added = await storeEncoded(tx, copy, batch)
        await moveCursor(tx, batch.cursor)
        return added
      }),
  }
}

async function storeEncoded(
  tx: Transaction,
  copy: Copying,
  { observations: { rows, first, last, pieces }, cursor: { source } }: EncodedBatch,
): Promise<number> {
  if (first === null || last === null) return 0
  const hasWithdrawals = (await knownWithdrawals(tx, new Set([source]))).length > 0
  if (!hasWithdrawals && (await holdsNone(tx, source, first, last))) {
    await copy.insert(pieces)
    return rows
  }
  const given = await copy.stage(pieces)
  // Encoded as visible when known; what replaces a withdrawn block is not visible before the withdrawal.
  if (hasWithdrawals)
    await tx.execute(sql`update ${given} as given set visible_at_ms = greatest(given.visible_at_ms,
      (select max(${withdrawals.visibleAtMs}) from ${withdrawals}
        where ${withdrawals.source} = ${source} and ${withdrawals.forkBlock} < given.block))`)
  return insertRows(tx, given, rows)
}
