import { and, asc, count, eq, inArray, lte, type SQL, sql } from 'drizzle-orm'
import { unionAll } from 'drizzle-orm/pg-core'
import {
  comparePositions,
  deliveredEvent,
  type EventPosition,
  type InstrumentId,
  type ObservationQuery,
  positionOf,
  type ScanQuery,
  type StoredObservation,
  type UnixMs,
  type Withdrawal,
} from '../../core/index.ts'
import type { Database } from './database.ts'
import type { InstrumentNumbers } from './instrumentNumbers.ts'
import { lineOf, parseLine } from './observationLine.ts'
import { fromRow } from './observationRow.ts'
import { instruments, observations, withdrawals, withdrawnObservations } from './schema.ts'
import { withdrawalEvent } from './withdrawalEvent.ts'

/** What agents see, in the total order; see `ObservationStore.read`. */
export async function readDelivered(
  database: Database,
  numbers: InstrumentNumbers,
  { instruments: wanted, after, untilMs, limit }: ObservationQuery,
): Promise<StoredObservation[]> {
  const ids = [...(await numbers.find(wanted)).values()]
  const { lines, withdrawn } = await readBetweenReorgs(database, ids, { after, untilMs, limit })
  const names = await numbers.names(ids)
  const read = lines.map(({ line }) => fromRow(parseLine(line, names)))
  if (withdrawn.length === 0) return read
  const events = withdrawn.map(withdrawalEvent).filter(({ event }) => {
    const position = positionOf(event)
    return (
      (after === undefined || comparePositions(position, after) > 0) &&
      (untilMs === undefined || position.knownAt <= untilMs)
    )
  })
  return [...read, ...events]
    .map(observation => ({ observation, position: positionOf(deliveredEvent(observation)) }))
    .sort((a, b) => comparePositions(a.position, b.position))
    .slice(0, limit)
    .map(({ observation }) => observation)
}

/** The rows of a source that stand, in its own order; see `ObservationStore.scan`. */
export async function scanSource(
  database: Database,
  numbers: InstrumentNumbers,
  { source, after, throughBlock, limit }: ScanQuery,
): Promise<StoredObservation[]> {
  const conditions: SQL[] = [eq(observations.source, source)]
  if (after !== undefined)
    conditions.push(
      sql`(${observations.block}, ${observations.logIndex}) > (${after.block}::bigint, ${after.logIndex}::integer)`,
    )
  if (throughBlock !== undefined) conditions.push(lte(observations.block, throughBlock))
  const lines = await database
    .select({ line: lineOf(observations), instrument: observations.instrument })
    .from(observations)
    .where(and(...conditions))
    .orderBy(asc(observations.block), asc(observations.logIndex))
    .limit(limit)
  const names = await numbers.names(lines.map(({ instrument }) => instrument))
  return lines.map(({ line }) => fromRow(parseLine(line, names)))
}

/** How many rows `readDelivered` would give without a limit. */
export async function countDelivered(
  database: Database,
  numbers: InstrumentNumbers,
  wanted: readonly InstrumentId[],
): Promise<number> {
  const ids = [...(await numbers.find(wanted)).values()]
  let total = 0
  for (const table of [observations, withdrawnObservations, withdrawals]) {
    const [row] = await database.select({ rows: count() }).from(table).where(inArray(table.instrument, ids))
    total += row?.rows ?? 0
  }
  return total
}

/** Withdrawals of observations of some instruments; see `ObservationStore.withdrawals`. */
export async function listWithdrawals(
  database: Database,
  numbers: InstrumentNumbers,
  wanted: readonly InstrumentId[],
): Promise<Withdrawal[]> {
  const rows = await readWithdrawals(database, [...(await numbers.find(wanted)).values()])
  return rows.map(row => {
    const { source, instrument, forkBlock, throughBlock, visibleAtMs } = row
    const firstWithdrawn: EventPosition = {
      knownAt: row.firstVisibleAtMs,
      source,
      block: row.firstBlock,
      logIndex: row.firstLogIndex,
    }
    return {
      source,
      instrument,
      forkBlock,
      throughBlock,
      observations: row.observations,
      firstWithdrawn,
      visibleAt: visibleAtMs,
      ordinal: row.ordinal,
    }
  })
}

/** Rows and withdrawals as of one moment: of a reorg in between, one would have what the other lacks. */
async function readBetweenReorgs(database: Database, ids: readonly number[], range: Range) {
  let withdrawn = await readWithdrawals(database, ids)
  for (;;) {
    const lines = await readLines(database, ids, range)
    const since = await readWithdrawals(database, ids)
    // They only ever become more.
    if (since.length === withdrawn.length) return { lines, withdrawn }
    withdrawn = since
  }
}

type Range = {
  readonly after: EventPosition | undefined
  readonly untilMs: UnixMs | undefined
  readonly limit: number
}

async function readLines(database: Database, ids: readonly number[], { after, untilMs, limit }: Range) {
  const rangeOf = (table: typeof observations | typeof withdrawnObservations, id: number) => {
    const { visibleAtMs, source, block, logIndex } = table
    const conditions: SQL[] = [eq(table.instrument, id)]
    if (after !== undefined)
      conditions.push(
        sql`(${visibleAtMs}, ${source}, ${block}, ${logIndex}) > (${after.knownAt}::bigint, ${after.source}::text, ${after.block}::bigint, ${after.logIndex}::integer)`,
      )
    if (untilMs !== undefined) conditions.push(lte(visibleAtMs, untilMs))
    return database
      .select()
      .from(table as typeof observations)
      .where(and(...conditions))
      .orderBy(asc(visibleAtMs), asc(source), asc(block), asc(logIndex))
      .limit(limit)
  }
  // One bounded index range per instrument, merged: a rare instrument costs no scan of the others.
  const [first, second, ...others] = ids.flatMap(id => [
    rangeOf(observations, id),
    rangeOf(withdrawnObservations, id),
  ])
  if (first === undefined || second === undefined) return []
  const { visibleAtMs, source, block, logIndex } = observations
  const page = unionAll(first, second, ...others)
    .orderBy(asc(visibleAtMs), asc(source), asc(block), asc(logIndex))
    .limit(limit)
    .as('page')
  return database
    .select({ line: lineOf(page) })
    .from(page)
    .orderBy(asc(page.visibleAtMs), asc(page.source), asc(page.block), asc(page.logIndex))
}

async function readWithdrawals(database: Database, ids: readonly number[]) {
  if (ids.length === 0) return []
  const rows = await database
    .select({ withdrawal: withdrawals, instrument: instruments.name })
    .from(withdrawals)
    .innerJoin(instruments, eq(instruments.id, withdrawals.instrument))
    .where(inArray(withdrawals.instrument, [...ids]))
    .orderBy(asc(withdrawals.visibleAtMs), asc(withdrawals.source), asc(withdrawals.ordinal))
  return rows.map(({ withdrawal, instrument }) => ({ ...withdrawal, instrument }))
}
