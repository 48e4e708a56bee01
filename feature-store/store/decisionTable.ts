import { and, asc, desc, eq, gt, gte, inArray, lte, max, or, type SQL, sql } from 'drizzle-orm'
import {
  type AgentEpoch,
  type AgentId,
  type AnchorBatch,
  type DecisionQuery,
  type DecisionStore,
  type Hex,
  InvalidInputError,
  type RecordedDecision,
  type UnsequencedDecision,
} from '../../core/index.ts'
import { appendDecisions, type DecisionGroup, isRefusal } from './appendDecisions.ts'
import type { Database } from './database.ts'
import { isRefused } from './databaseError.ts'
import type { FeedDatabase } from './feedDatabase.ts'
import { createGroupCommit } from './groupCommit.ts'
import { agentEpochs, anchorBatches, decisions } from './schema.ts'

/** Decisions of one transaction: more would wait longer than a flush to the disk saves. */
const MAX_TOGETHER = 2_000

/** The decision store over the tables `decisions` and `anchor_batches`. */
export function decisionTable(database: Database, feed: FeedDatabase): DecisionStore {
  const write = createGroupCommit({
    write: (groups: readonly DecisionGroup[]) => appendDecisions(feed, groups),
    sizeOf: ({ decisions: given }) => given.length,
    maxSize: MAX_TOGETHER,
    isOfOne: isRefused,
    gathers: feed.blocks,
  })
  return {
    async append(given, host) {
      if (given.length === 0) return []
      for (const decision of given) assertStorable(decision)
      const result = await write({ decisions: given, host })
      if (isRefusal(result)) throw result
      return [...result]
    },
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

// A binary COPY would cut off what no integer holds.
function assertStorable({ agent, sequence, timeMs, sealed }: UnsequencedDecision): void {
  if (Number.isSafeInteger(timeMs) && Number.isSafeInteger(sealed?.revealAtMs ?? 0)) return
  throw new InvalidInputError(`Decision ${sequence} of agent ${agent} is of no time in whole milliseconds.`, {
    facts: { agent, sequence, timeMs, revealAtMs: sealed?.revealAtMs ?? null },
    hint: 'Correct what made this decision.',
  })
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
