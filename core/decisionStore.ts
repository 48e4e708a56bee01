import type { AgentId, DecisionKind } from './decision.ts'
import type { RecordedDecision } from './decisionRecord.ts'
import type { Address, Hash, Hex } from './hex.ts'
import type { InstrumentId } from './instrument.ts'
import type { UnixMs } from './time.ts'

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

/**
 * What a store works in for an agent: the epoch that a host claimed. It is saved before the chain is asked for it,
 * and a reorg may take it from the chain again; the host then asks once more.
 */
export type AgentEpoch = {
  readonly agent: AgentId
  /** 0 for the first, which nothing starts. */
  readonly epoch: number
  /** Address of the key that signs decisions and commits in it. */
  readonly key: Address
  /** Names the host that works in it. */
  readonly host: Hash
  /** Signature that allowed this key, of the key before or the identity's owner; null where the key stayed. */
  readonly authority: Hex | null
  /** The agent's next sequence when the epoch was claimed: decisions before it may carry another key's signature. */
  readonly since: number
}

export type DecisionQuery = {
  readonly agent?: AgentId
  readonly kinds?: readonly DecisionKind[]
  readonly instruments?: readonly InstrumentId[]
  /**
   * Decisions that are revealed after this time match whatever their kind and instrument are: whether they do is
   * not to be told yet.
   */
  readonly sealedAfterMs?: UnixMs
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
   * @param host Who writes: refused where another host's epoch is stored for an agent of the decisions.
   * @throws IntegrityError when a sequence is not the agent's next: nothing is written.
   * @throws TakenOverError when another host works for the agent: nothing is written.
   */
  append(decisions: readonly UnsequencedDecision[], host?: Hash): Promise<RecordedDecision[]>
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
  /** The epoch that this store works in for an agent; null where it never did. */
  epochOf(agent: AgentId): Promise<AgentEpoch | null>
  /** Replaces the signature of a decision, whose leaf stays: after a change of keys, of one not yet anchored. */
  resign(agent: AgentId, sequence: number, signature: Hex): Promise<void>
  /** Inserts or replaces the agent's epoch. */
  saveEpoch(epoch: AgentEpoch): Promise<void>
}
