import { and, desc, eq, gt, lte, max, sql } from 'drizzle-orm'
import { InvalidInputError, type Rollback, type RolledBack, type UnixMs, unixMs } from '../../core/index.ts'
import { lockSources } from './appendObservations.ts'
import type { Database, Transaction } from './database.ts'
import {
  blockHeaders,
  cursors,
  instruments,
  observations,
  withdrawals,
  withdrawnObservations,
} from './schema.ts'

/** Withdraws what lies above a block; see `ObservationStore.rollback`. */
export async function rollbackSource(database: Database, rollback: Rollback): Promise<RolledBack> {
  const { source, toBlock, toBlockHash } = rollback
  if (!/^eip155:\d+$/.test(source))
    throw new InvalidInputError(`"${source}" is no chain: only a chain can be reorganised.`, {
      facts: { source },
      hint: 'Roll back a source that is named eip155:<chain id>.',
    })
  return database.transaction(
    async tx => {
      await lockSources(tx, new Set([source]))
      const seenThrough = await seenBlock(tx, rollback)
      const kept = await keepWithdrawn(tx, rollback, seenThrough)
      const deleted = await tx
        .delete(observations)
        .where(and(eq(observations.source, source), gt(observations.block, toBlock)))
        .returning({ block: observations.block })
      await tx
        .delete(blockHeaders)
        .where(and(eq(blockHeaders.source, source), gt(blockHeaders.number, toBlock)))
      // A stream that has not come so far stays where it is.
      await tx
        .update(cursors)
        .set({ block: toBlock, blockHash: toBlockHash })
        .where(and(eq(cursors.source, source), gt(cursors.block, toBlock)))
      // The furthest cursor may go back further yet: what was seen by now must not be forgotten.
      await tx
        .update(cursors)
        .set({ seenThrough: Math.min(seenThrough, toBlock) })
        .where(eq(cursors.source, source))
      return { withdrawn: kept.withdrawn + deleted.length, visibleAt: kept.visibleAt }
    },
    { isolationLevel: 'read committed' },
  )
}

/** The last block that agents may have seen. */
async function seenBlock(tx: Transaction, { source, confirmations }: Rollback): Promise<number> {
  const [furthest] = await tx
    .select({ block: max(cursors.block), seenThrough: max(cursors.seenThrough) })
    .from(cursors)
    .where(eq(cursors.source, source))
  return Math.max(furthest?.seenThrough ?? -1, (furthest?.block ?? -1) - confirmations)
}

/** Moves the rows that agents may have seen to where the withdrawn ones are kept, and says why they are gone. */
async function keepWithdrawn(tx: Transaction, rollback: Rollback, throughBlock: number): Promise<RolledBack> {
  const { source, toBlock, toBlockHash } = rollback
  const seen = and(
    eq(observations.source, source),
    gt(observations.block, toBlock),
    lte(observations.block, throughBlock),
  )
  const concerned = await tx
    .select({
      instrument: observations.instrument,
      name: instruments.name,
      observations: sql<number>`count(*)::integer`,
      // The place of the earliest; bigint travels as text in an array.
      first: sql<
        string[]
      >`(array_agg(array[${observations.visibleAtMs}, ${observations.block}, ${observations.logIndex}]::text[]
        order by ${observations.visibleAtMs}, ${observations.block}, ${observations.logIndex}))[1:1]`,
    })
    .from(observations)
    .innerJoin(instruments, eq(instruments.id, observations.instrument))
    .where(seen)
    .groupBy(observations.instrument, instruments.name)
    .orderBy(instruments.name)
  if (concerned.length === 0) {
    await markDeeperFork(tx, rollback, throughBlock)
    return { withdrawn: 0, visibleAt: null }
  }
  const visibleAtMs = await withdrawalTime(tx, rollback)
  await tx.insert(withdrawals).values(
    concerned.map(({ instrument, observations: withdrawn, first }, ordinal) => {
      const [firstVisibleAtMs = 0, firstBlock = 0, firstLogIndex = 0] = first.flat().map(Number)
      return {
        source,
        visibleAtMs,
        ordinal,
        instrument,
        forkBlock: toBlock,
        forkHash: toBlockHash,
        throughBlock,
        observations: withdrawn,
        firstVisibleAtMs: unixMs(firstVisibleAtMs),
        firstBlock,
        firstLogIndex,
      }
    }),
  )
  const moved = tx.$with('moved').as(tx.delete(observations).where(seen).returning())
  await tx.with(moved).insert(withdrawnObservations).select(tx.select().from(moved))
  const withdrawn = concerned.reduce((sum, each) => sum + each.observations, 0)
  return { withdrawn, visibleAt: visibleAtMs }
}

/** Stands for no instrument: agents see nothing of it. */
const NO_INSTRUMENT = 0

/**
 * What replaces blocks below the fork of an earlier withdrawal has older times than that withdrawal, which agents
 * may have read: it must be seen after it, although this reorg withdraws nothing more.
 */
async function markDeeperFork(tx: Transaction, rollback: Rollback, throughBlock: number): Promise<void> {
  const { source, toBlock, toBlockHash } = rollback
  const [later] = await tx
    .select({ forkBlock: withdrawals.forkBlock })
    .from(withdrawals)
    .where(and(eq(withdrawals.source, source), gt(withdrawals.forkBlock, toBlock)))
    .limit(1)
  if (later === undefined) return
  await tx.insert(withdrawals).values({
    source,
    visibleAtMs: await withdrawalTime(tx, rollback),
    ordinal: 0,
    instrument: NO_INSTRUMENT,
    forkBlock: toBlock,
    forkHash: toBlockHash,
    throughBlock: Math.max(throughBlock, toBlock),
    observations: 0,
    firstVisibleAtMs: unixMs(0),
    firstBlock: 0,
    firstLogIndex: 0,
  })
}

/** After all that the source has shown, and not before the reorg was noticed. */
async function withdrawalTime(tx: Transaction, { source, noticedAtMs }: Rollback): Promise<UnixMs> {
  // Block times do not fall along a chain, so the last block has the latest rows.
  const [standing] = await tx
    .select({ visibleAtMs: observations.visibleAtMs })
    .from(observations)
    .where(eq(observations.source, source))
    .orderBy(desc(observations.block), desc(observations.logIndex))
    .limit(1)
  const [earlier] = await tx
    .select({ visibleAtMs: max(withdrawals.visibleAtMs) })
    .from(withdrawals)
    .where(eq(withdrawals.source, source))
  return unixMs(Math.max(noticedAtMs, 1 + (standing?.visibleAtMs ?? 0), 1 + (earlier?.visibleAtMs ?? 0)))
}
