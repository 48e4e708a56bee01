import type { AgentId, DecisionKind, RecordedDecision } from './decision.ts'
import type { Hash } from './hex.ts'
import type { InstrumentId } from './instrument.ts'

/** What a writer hands over; the store assigns `feedSequence`. */
export type UnsequencedDecision = Omit<RecordedDecision, 'feedSequence'>

/**
 * A batch of consecutive decisions of one agent and its commit transaction. `sent` may still be dropped or
 * orphaned; `anchored` is on the canonical chain; the row goes back to `sent` when a reorg removes it.
 */
export type AnchorBatch = {
  readonly agent: AgentId
  readonly firstSequence: number
  readonly count: number
  readonly root: Hash
  readonly status: 'sent' | 'anchored'
  readonly transactionHash: Hash
  readonly nonce: number
  /** Fee offered per gas, in wei; raised when the transaction is stuck. */
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
  readonly blockNumber: number | null
  readonly blockHash: Hash | null
  readonly gasUsed: number | null
}

export type DecisionQuery = {
  readonly agent?: AgentId
  readonly kinds?: readonly DecisionKind[]
  readonly instruments?: readonly InstrumentId[]
  /** First feed sequence to return. */
  readonly fromFeedSequence?: number
  /** First sequence of the agent to return; needs `agent`. */
  readonly fromSequence?: number
  /** Newest first instead of oldest first. */
  readonly newestFirst?: boolean
  readonly limit: number
}

/** The durable log of decisions and of the batches that anchor them. */
export interface DecisionStore {
  /**
   * Makes decisions durable in one transaction, and returns them with their feed sequence.
   *
   * @throws IntegrityError when a sequence is not the agent's next: nothing is written.
   */
  append(decisions: readonly UnsequencedDecision[]): Promise<RecordedDecision[]>
  /** The agent's next sequence: 0 before its first decision. */
  nextSequence(agent: AgentId): Promise<number>
  nextFeedSequence(): Promise<number>
  find(agent: AgentId, sequence: number): Promise<RecordedDecision | null>
  list(query: DecisionQuery): Promise<RecordedDecision[]>
  /** Inserts or replaces the batch with this agent and first sequence. */
  saveBatch(batch: AnchorBatch): Promise<void>
  /** Removes a batch that can no longer reach the chain. */
  dropBatch(agent: AgentId, firstSequence: number): Promise<void>
  /** Batches of an agent in sequence order, from the batch that holds `fromSequence`. */
  batches(agent: AgentId, fromSequence?: number): Promise<AnchorBatch[]>
  /** The batch that holds a decision, or null while it is not sent. */
  batchOf(agent: AgentId, sequence: number): Promise<AnchorBatch | null>
}
