import { inArray, sql } from 'drizzle-orm'
import {
  type AgentEpoch,
  type AgentId,
  type Hash,
  IntegrityError,
  type RecordedDecision,
  TakenOverError,
  type TouchstoneError,
  type UnsequencedDecision,
} from '../../core/index.ts'
import type { Database } from './database.ts'
import { DECISION_TARGET, encodeDecisions } from './decisionRows.ts'
import type { FeedDatabase } from './feedDatabase.ts'
import { agentEpochs, decisions } from './schema.ts'
import { unnest } from './unnest.ts'

/** Decisions that one writer hands over together: all are written or none. */
export type DecisionGroup = {
  readonly decisions: readonly UnsequencedDecision[]
  /** Who writes; where it is not said, nobody is asked. */
  readonly host: Hash | undefined
}

/** What became of a group: its decisions with their feed sequences, or why it was refused. */
export type GroupResult = readonly RecordedDecision[] | TouchstoneError

/**
 * Writes groups in one transaction, as if each were written after the one before it. One that is refused leaves
 * nothing, and the others as they are; what the database itself refuses fails them all.
 */
export async function appendDecisions(
  feed: FeedDatabase,
  groups: readonly DecisionGroup[],
): Promise<GroupResult[]> {
  return feed.transaction(async (tx, copy) => {
    const standing = await readStanding(tx, groups)
    const results = groups.map(group => admit(standing, group))
    const rows = results.flatMap(result => (isRefusal(result) ? [] : result))
    if (rows.length > 0) await copy(DECISION_TARGET, encodeDecisions(rows))
    return results
  })
}

/** Whether a group was refused. */
export function isRefusal(result: GroupResult): result is TouchstoneError {
  return !Array.isArray(result)
}

/** Where the agents of a transaction stand: as stored, and then as its groups leave them. */
type Standing = {
  nextFeedSequence: number
  readonly nextSequences: Map<AgentId, number>
  readonly epochs: ReadonlyMap<AgentId, Pick<AgentEpoch, 'epoch' | 'host'>>
}

async function readStanding(tx: Database, groups: readonly DecisionGroup[]): Promise<Standing> {
  const agents = [...new Set(groups.flatMap(({ decisions }) => decisions.map(({ agent }) => agent)))]
  const given = unnest([{ type: 'text', values: agents }])
  const rows = await tx
    .select({
      agent: sql<AgentId>`given.agent`,
      last: sql`(select max(${decisions.sequence}) from ${decisions} where ${decisions.agent} = given.agent)`.mapWith(
        decisions.sequence,
      ),
      lastOfFeed: sql`(select max(${decisions.feedSequence}) from ${decisions})`.mapWith(
        decisions.feedSequence,
      ),
    })
    .from(sql`${given} as given(agent)`)
  // The fencing token is compared where the write is made: between a look at it and the write it could change.
  const epochs = groups.some(({ host }) => host !== undefined)
    ? await tx.select().from(agentEpochs).where(inArray(agentEpochs.agent, agents))
    : []
  return {
    nextFeedSequence: (rows[0]?.lastOfFeed ?? -1) + 1,
    nextSequences: new Map(rows.map(({ agent, last }) => [agent, (last ?? -1) + 1])),
    epochs: new Map(epochs.map(epoch => [epoch.agent, epoch])),
  }
}

/** Gives a group its feed sequences, and moves the standing behind it; or says why not. */
function admit(standing: Standing, { decisions: given, host }: DecisionGroup): GroupResult {
  const nextSequences = new Map<AgentId, number>()
  for (const { agent, sequence } of given) {
    const epoch = standing.epochs.get(agent)
    if (host !== undefined && epoch !== undefined && epoch.host !== host) return takenOver(agent, epoch.epoch)
    const expected = nextSequences.get(agent) ?? standing.nextSequences.get(agent) ?? 0
    if (sequence !== expected) return outOfSequence(agent, expected, sequence)
    nextSequences.set(agent, expected + 1)
  }
  for (const [agent, next] of nextSequences) standing.nextSequences.set(agent, next)
  return given.map(decision => ({ ...decision, feedSequence: standing.nextFeedSequence++ }))
}

function takenOver(agent: AgentId, epoch: number): TakenOverError {
  return new TakenOverError(`Another host records for agent ${agent} since its epoch ${epoch}.`, {
    facts: { agent, epoch },
    hint: 'Let that one go on, or take the agent over: touchstone agents take-over AGENT',
  })
}

function outOfSequence(agent: AgentId, expected: number, given: number): IntegrityError {
  return new IntegrityError(`The next sequence of agent ${agent} is ${expected}, not ${given}.`, {
    facts: { agent, expected, given },
    hint: 'Another process may run this agent, or this one missed a decision: stop the other, and start again from the store.',
  })
}
