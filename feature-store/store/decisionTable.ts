import { and, asc, desc, eq, gt, gte, inArray, lte, max, ne, or, type SQL, sql } from 'drizzle-orm'
import {
  type AgentEpoch,
  type AgentId,
  type AnchorBatch,
  type DecisionQuery,
  type DecisionStore,
  type Hash,
  type Hex,
  IntegrityError,
  InvalidInputError,
  type RecordedDecision,
  TakenOverError,
  type UnsequencedDecision,
} from '../../core/index.ts'
import { type Database, LOCKS, type Transaction } from './database.ts'
import { agentEpochs, anchorBatches, decisions } from './schema.ts'
import { unnest } from './unnest.ts'

/** The decision store over the tables `decisions` and `anchor_batches`. */
export function decisionTable(database: Database): DecisionStore {
  return {
    append: (given, host) => append(database, given, host),
    nextSequence: agent => nextSequence(database, agent),
    nextFeedSequence: () => nextFeedSequence(database),

    async find(agent: AgentId, sequence: number): Promise<RecordedDecision | null> {
      const [row] = await database
        .select()
        .from(decisions)
        .where(and(eq(decisions.agent, agent), eq(decisions.sequence, sequence)))
      return row === undefined ? null : decisionOf(row)
    },

    async list(query: DecisionQuery): Promise<RecordedDecision[]> {
      const direction = query.newestFirst === true ? desc : asc
      // Within one agent both sequences rise together, and (agent, sequence) is the index at hand.
      const order = query.agent === undefined ? decisions.feedSequence : decisions.sequence
      const rows = await database
        .select()
        .from(decisions)
        .where(and(...conditionsOf(query)))
        .orderBy(direction(order))
        .limit(query.limit)
      return rows.map(decisionOf)
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

    async epochOf(agent: AgentId): Promise<AgentEpoch | null> {
      const [row] = await database.select().from(agentEpochs).where(eq(agentEpochs.agent, agent))
      return row ?? null
    },

    async resign(agent: AgentId, sequence: number, signature: Hex): Promise<void> {
      await database
        .update(decisions)
        .set({ signature })
        .where(and(eq(decisions.agent, agent), eq(decisions.sequence, sequence)))
    },

    async saveEpoch(epoch: AgentEpoch): Promise<void> {
      const { agent: _agent, ...rest } = epoch
      await database
        .insert(agentEpochs)
        .values(epoch)
        .onConflictDoUpdate({ target: agentEpochs.agent, set: rest })
    },
  }
}

const endOfBatch = sql<number>`${anchorBatches.firstSequence} + ${anchorBatches.count}`

function conditionsOf(query: DecisionQuery): SQL[] {
  const conditions: SQL[] = []
  if (query.agent !== undefined) conditions.push(eq(decisions.agent, query.agent))
  const isSealed = query.sealedAfterMs === undefined ? [] : [gt(decisions.revealAtMs, query.sealedAfterMs)]
  if (query.kinds !== undefined)
    conditions.push(or(inArray(decisions.kind, [...query.kinds]), ...isSealed) ?? sql`true`)
  if (query.instruments !== undefined)
    conditions.push(or(inArray(decisions.instrument, [...query.instruments]), ...isSealed) ?? sql`true`)
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
  host: Hash | undefined,
): Promise<RecordedDecision[]> {
  if (given.length === 0) return []
  return database.transaction(
    async tx => {
      await lockFeed(tx)
      if (host !== undefined) await assertHeldBy(tx, host, given)
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

// The fencing token is compared where the write is made: between a look at it and the write it could change.
async function assertHeldBy(
  tx: Transaction,
  host: Hash,
  given: readonly UnsequencedDecision[],
): Promise<void> {
  const agents = [...new Set(given.map(({ agent }) => agent))]
  const [other] = await tx
    .select()
    .from(agentEpochs)
    .where(and(inArray(agentEpochs.agent, agents), ne(agentEpochs.host, host)))
    .limit(1)
  if (other === undefined) return
  throw new TakenOverError(`Another host records for agent ${other.agent} since its epoch ${other.epoch}.`, {
    facts: { agent: other.agent, epoch: other.epoch },
    hint: 'Let that one go on, or take the agent over: touchstone agents take-over AGENT',
  })
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
      { type: 'bigint', values: rows.map(row => row.sealed?.revealAtMs ?? null) },
      { type: 'text', values: rows.map(row => row.sealed?.keyHash ?? null) },
      { type: 'text', values: rows.map(row => row.sealed?.ciphertext ?? null) },
      { type: 'text', values: rows.map(row => row.sealed?.signature ?? null) },
    ])}`,
  )
}

function decisionOf(row: typeof decisions.$inferSelect): RecordedDecision {
  const { revealAtMs, keyHash, ciphertext, envelopeSignature, ...decision } = row
  if (revealAtMs === null || keyHash === null || ciphertext === null || envelopeSignature === null)
    return decision
  return { ...decision, sealed: { revealAtMs, keyHash, ciphertext, signature: envelopeSignature } }
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
