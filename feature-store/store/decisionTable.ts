import { and, asc, desc, eq, gt, gte, inArray, lte, max, type SQL, sql } from 'drizzle-orm'
import {
  type AgentId,
  type AnchorBatch,
  type DecisionQuery,
  type DecisionStore,
  IntegrityError,
  InvalidInputError,
  type RecordedDecision,
  type UnsequencedDecision,
} from '../../core/index.ts'
import { type Database, LOCKS, type Transaction } from './database.ts'
import { anchorBatches, decisions } from './schema.ts'
import { unnest } from './unnest.ts'

/** The decision store over the tables `decisions` and `anchor_batches`. */
export function decisionTable(database: Database): DecisionStore {
  return {
    append: given => append(database, given),
    nextSequence: agent => nextSequence(database, agent),
    nextFeedSequence: () => nextFeedSequence(database),

    async find(agent: AgentId, sequence: number): Promise<RecordedDecision | null> {
      const [row] = await database
        .select()
        .from(decisions)
        .where(and(eq(decisions.agent, agent), eq(decisions.sequence, sequence)))
      return row ?? null
    },

    async list(query: DecisionQuery): Promise<RecordedDecision[]> {
      const direction = query.newestFirst === true ? desc : asc
      // Within one agent both sequences rise together, and (agent, sequence) is the index at hand.
      const order = query.agent === undefined ? decisions.feedSequence : decisions.sequence
      return database
        .select()
        .from(decisions)
        .where(and(...conditionsOf(query)))
        .orderBy(direction(order))
        .limit(query.limit)
    },

    async saveBatch(batch: AnchorBatch): Promise<void> {
      const { agent: _agent, firstSequence: _firstSequence, ...rest } = batch
      await database
        .insert(anchorBatches)
        .values(batch)
        .onConflictDoUpdate({ target: [anchorBatches.agent, anchorBatches.firstSequence], set: rest })
    },

    async dropBatch(agent: AgentId, firstSequence: number): Promise<void> {
      await database
        .delete(anchorBatches)
        .where(and(eq(anchorBatches.agent, agent), eq(anchorBatches.firstSequence, firstSequence)))
    },

    async batches(agent: AgentId, fromSequence = 0): Promise<AnchorBatch[]> {
      return database
        .select()
        .from(anchorBatches)
        .where(and(eq(anchorBatches.agent, agent), gt(endOfBatch, fromSequence)))
        .orderBy(asc(anchorBatches.firstSequence))
    },

    async batchOf(agent: AgentId, sequence: number): Promise<AnchorBatch | null> {
      const [row] = await database
        .select()
        .from(anchorBatches)
        .where(
          and(
            eq(anchorBatches.agent, agent),
            lte(anchorBatches.firstSequence, sequence),
            gt(endOfBatch, sequence),
          ),
        )
        .orderBy(desc(anchorBatches.firstSequence))
        .limit(1)
      return row ?? null
    },
  }
}

const endOfBatch = sql<number>`${anchorBatches.firstSequence} + ${anchorBatches.count}`

function conditionsOf(query: DecisionQuery): SQL[] {
  const conditions: SQL[] = []
  if (query.agent !== undefined) conditions.push(eq(decisions.agent, query.agent))
  if (query.kinds !== undefined) conditions.push(inArray(decisions.kind, [...query.kinds]))
  if (query.instruments !== undefined) conditions.push(inArray(decisions.instrument, [...query.instruments]))
  if (query.fromFeedSequence !== undefined)
    conditions.push(gte(decisions.feedSequence, query.fromFeedSequence))
  if (query.fromSequence !== undefined) {
    if (query.agent === undefined)
      throw new InvalidInputError(`Sequence ${query.fromSequence} is of no agent.`, {
        facts: { fromSequence: query.fromSequence },
        hint: 'Name the agent, or page by `fromFeedSequence`.',
      })
    conditions.push(gte(decisions.sequence, query.fromSequence))
  }
  return conditions
}

async function append(
  database: Database,
  given: readonly UnsequencedDecision[],
): Promise<RecordedDecision[]> {
  if (given.length === 0) return []
  return database.transaction(
    async tx => {
      await lockFeed(tx)
      await assertConsecutive(tx, given)
      const firstFeedSequence = await nextFeedSequence(tx)
      const recorded = given.map((decision, index) => ({
        ...decision,
        feedSequence: firstFeedSequence + index,
      }))
      await insertDecisions(tx, recorded)
      return recorded
    },
    { isolationLevel: 'read committed' },
  )
}

// One writer at a time: the feed sequence must have no gap, so a later one waits until the earlier commits or
// rolls back. And a decision must be on disk when its commit returns, also where the server is told otherwise.
async function lockFeed(tx: Transaction): Promise<void> {
  await tx.execute(sql`
    select pg_advisory_xact_lock(${LOCKS.storeClass}::integer, ${LOCKS.decisions}::integer),
      case when current_setting('synchronous_commit') = 'off'
        then set_config('synchronous_commit', 'on', true) end`)
}

async function assertConsecutive(tx: Transaction, given: readonly UnsequencedDecision[]): Promise<void> {
  const next = new Map<AgentId, number>()
  for (const { agent, sequence } of given) {
    const expected = next.get(agent) ?? (await nextSequence(tx, agent))
    if (sequence !== expected)
      throw new IntegrityError(`The next sequence of agent ${agent} is ${expected}, not ${sequence}.`, {
        facts: { agent, expected, given: sequence },
        hint: 'Another process may run this agent, or this one missed a decision: stop the other, and start again from the store.',
      })
    next.set(agent, expected + 1)
  }
}

async function insertDecisions(tx: Transaction, rows: readonly RecordedDecision[]): Promise<void> {
  await tx.insert(decisions).select(
    sql`select * from ${unnest([
      { type: 'text', values: rows.map(row => row.agent) },
      { type: 'bigint', values: rows.map(row => row.sequence) },
      { type: 'bigint', values: rows.map(row => row.feedSequence) },
      { type: 'text', values: rows.map(row => row.kind) },
      { type: 'text', values: rows.map(row => row.instrument) },
      { type: 'bigint', values: rows.map(row => row.timeMs) },
      { type: 'text', values: rows.map(row => row.body) },
      { type: 'text', values: rows.map(row => row.leaf) },
      { type: 'text', values: rows.map(row => row.signature) },
    ])}`,
  )
}

async function nextSequence(database: Database, agent: AgentId): Promise<number> {
  const [row] = await database
    .select({ last: max(decisions.sequence) })
    .from(decisions)
    .where(eq(decisions.agent, agent))
  return (row?.last ?? -1) + 1
}

async function nextFeedSequence(database: Database): Promise<number> {
  const [row] = await database.select({ last: max(decisions.feedSequence) }).from(decisions)
  return (row?.last ?? -1) + 1
}
