import { z } from '@hono/zod-openapi'
import {
  type AgentId,
  type AnchorBatch,
  DECISION_KINDS,
  type DecisionStore,
  decisionId,
  formatInstant,
  type RecordedDecision,
  type UnixMs,
  type Withdrawal,
} from '../core/index.ts'
import { type DecisionProof, isSealedAt, recordOrphanedBy } from '../decision-log/index.ts'
import type { WithdrawalsOf } from './createWithdrawalsOf.ts'
import { readableJson } from './jsonText.ts'
import { orphanedSchema, viewOrphaned } from './orphanedView.ts'
import { sealedSchema, viewSealed } from './sealedView.ts'

const hashSchema = z.string().openapi({ example: `0x${'5e'.repeat(32)}` })
const AGENT_EXAMPLE = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'

/** Where a decision stands on chain. */
export const anchorSchema = z
  .object({
    root: hashSchema,
    firstSequence: z.number().int(),
    count: z.number().int(),
    transactionHash: hashSchema,
    blockNumber: z.number().int(),
  })
  .openapi('Anchor')

/** A recorded decision as the API shows it. */
export const decisionSchema = z
  .object({
    id: z.string().openapi({ example: `${AGENT_EXAMPLE}/12` }),
    feedSequence: z.number().int().openapi({ description: 'Place in the feed of all agents.' }),
    agent: z.string().openapi({ example: AGENT_EXAMPLE }),
    sequence: z.number().int().openapi({ description: 'Place in the log of its agent, gapless from 0.' }),
    kind: z.enum(DECISION_KINDS).nullable().openapi({
      description: 'As instrument, time, record and body: null while the decision is sealed.',
    }),
    instrument: z.string().nullable(),
    timeMs: z.number().int().nullable().openapi({ description: 'UTC milliseconds.' }),
    time: z.string().nullable().openapi({ example: '2024-01-05T12:00:00Z' }),
    state: z.enum(['recorded', 'sent', 'anchored']).openapi({
      description: 'Durable and signed; in a transaction; on the chain.',
    }),
    anchor: anchorSchema.nullable().openapi({ description: 'Null until it is on the chain.' }),
    orphaned: orphanedSchema.nullable().openapi({
      description:
        'The reorg that withdrew something the decision was made from, after it was made; null while all of it stands. The decision stays as it is.',
    }),
    record: z.unknown().openapi({
      description: 'The record to read: big integers are decimal strings. Its hash is taken over `body`.',
    }),
    body: z.string().nullable().openapi({ description: 'Canonical JSON of the record.' }),
    sealed: sealedSchema.nullable().openapi({
      description: 'What kept the decision back, or still does; null where it was public at once.',
    }),
    leaf: hashSchema.openapi({ description: 'EIP-712 hash of the record.' }),
    signature: z.string().openapi({ description: "The agent's signature of the leaf." }),
  })
  .openapi('Decision')

/** A decision with all that a verifier needs. */
export const provenDecisionSchema = decisionSchema
  .extend({
    anchor: anchorSchema
      .extend({
        proof: z.array(hashSchema).openapi({ description: 'Sibling hashes from the leaf to the root.' }),
        index: z.number().int(),
        contract: z.string(),
        chainId: z.number().int(),
      })
      .nullable()
      .openapi({ description: 'Proof and transaction; null until the decision is on the chain.' }),
  })
  .openapi('ProvenDecision')

export type DecisionView = z.infer<typeof decisionSchema>
export type ProvenDecisionView = z.infer<typeof provenDecisionSchema>

/**
 * Shows a decision with the batch that holds it; `withdrawals` are those of what its agent observes. Of one that is
 * sealed it shows what its envelope tells, and nothing that the body would.
 *
 * @param nowMs Decisions whose reveal time is later stay sealed.
 */
export function viewDecision(
  decision: RecordedDecision,
  batch: AnchorBatch | null,
  withdrawals: readonly Withdrawal[],
  nowMs: UnixMs,
): DecisionView {
  const { agent, sequence, feedSequence, leaf, signature, sealed } = decision
  const isSealed = isSealedAt(decision, nowMs)
  // What was withdrawn, and from which block on, tells what the agent had seen, and when.
  const withdrawal = isSealed ? null : recordOrphanedBy(decision, withdrawals)
  const anchored = batch?.status === 'anchored' && batch.blockNumber !== null ? batch : null
  return {
    id: decisionId(agent, sequence),
    feedSequence,
    agent,
    sequence,
    ...(isSealed ? NOTHING_TOLD : viewContent(decision)),
    state: anchored !== null ? 'anchored' : batch !== null ? 'sent' : 'recorded',
    anchor:
      anchored === null
        ? null
        : {
            root: anchored.root,
            firstSequence: anchored.firstSequence,
            count: anchored.count,
            transactionHash: anchored.transactionHash,
            blockNumber: anchored.blockNumber ?? 0,
          },
    orphaned: withdrawal === null ? null : viewOrphaned(withdrawal),
    sealed: sealed === undefined ? null : viewSealed(sealed, !isSealed),
    leaf,
    signature,
  }
}

const NOTHING_TOLD = { kind: null, instrument: null, timeMs: null, time: null, record: null, body: null }

function viewContent({ kind, instrument, timeMs, body }: RecordedDecision) {
  return { kind, instrument, timeMs, time: formatInstant(timeMs), record: readableJson(body), body }
}

/** Shows a decision with its proof. */
export function viewProvenDecision(
  decision: RecordedDecision,
  batch: AnchorBatch | null,
  proof: DecisionProof | null,
  withdrawals: readonly Withdrawal[],
  nowMs: UnixMs,
): ProvenDecisionView {
  const view = viewDecision(decision, batch, withdrawals, nowMs)
  if (proof === null) return { ...view, state: batch === null ? 'recorded' : 'sent', anchor: null }
  const { root, firstSequence, count, transactionHash, blockNumber, index, contract, chainId } = proof
  return {
    ...view,
    state: 'anchored',
    anchor: {
      root,
      firstSequence,
      count,
      transactionHash,
      blockNumber,
      index,
      contract,
      chainId,
      proof: [...proof.proof],
    },
  }
}

/** Shows decisions, asking the store once per batch and once per agent, not once per decision. */
export async function viewDecisions(
  store: Pick<DecisionStore, 'batchOf'>,
  withdrawalsOf: WithdrawalsOf,
  decisions: readonly RecordedDecision[],
  nowMs: UnixMs,
): Promise<DecisionView[]> {
  const known: AnchorBatch[] = []
  const unsent = new Map<AgentId, number>()
  const withdrawals = new Map<AgentId, readonly Withdrawal[]>()
  const views: DecisionView[] = []
  for (const decision of decisions) {
    const { agent, sequence } = decision
    let batch = known.find(held => held.agent === agent && holds(held, sequence)) ?? null
    // Batches follow each other, so nothing after a decision without one has one either.
    if (batch === null && sequence < (unsent.get(agent) ?? Number.POSITIVE_INFINITY)) {
      batch = await store.batchOf(agent, sequence)
      if (batch === null) unsent.set(agent, sequence)
      else known.push(batch)
    }
    const ofAgent = withdrawals.get(agent) ?? (await withdrawalsOf(agent))
    withdrawals.set(agent, ofAgent)
    views.push(viewDecision(decision, batch, ofAgent, nowMs))
  }
  return views
}

const holds = ({ firstSequence, count }: AnchorBatch, sequence: number): boolean =>
  sequence >= firstSequence && sequence < firstSequence + count
