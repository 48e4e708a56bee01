import type { AgentId, DecisionStore } from '../core/index.ts'
import {
  type AnchoredBatch,
  type BatchProver,
  type DecisionProof,
  isAnchored,
  type LogDomain,
  openBatch,
} from '../decision-log/index.ts'

/** Finds the proof of a decision; null while it is not anchored, or does not exist. */
export type ProofOf = (agent: AgentId, sequence: number) => Promise<DecisionProof | null>

/** Batches kept open: clients that catch up ask for the proofs of a batch one after the other. */
const BATCHES_KEPT = 32

/**
 * Finds proofs from the store alone, and opens each batch once: a batch of a thousand decisions is asked for
 * a thousand times when it is anchored.
 *
 * The function that it returns throws IntegrityError when the stored leaves do not make up the anchored root.
 */
export function createProofOf(decisions: DecisionStore, domain: LogDomain): ProofOf {
  const provers = new Map<string, Promise<BatchProver>>()

  function proverOf(batch: AnchoredBatch): Promise<BatchProver> {
    // The block is part of the key: a reorg may move the same batch to another.
    const { agent, firstSequence, count, root, transactionHash, blockNumber } = batch
    const key = [agent, firstSequence, count, root, transactionHash, blockNumber].join('/')
    const known = provers.get(key)
    if (known !== undefined) return known
    const opened = openBatch({ store: decisions, domain, batch })
    provers.set(key, opened)
    opened.catch(() => provers.delete(key))
    const [oldest] = provers.keys()
    if (provers.size > BATCHES_KEPT && oldest !== undefined) provers.delete(oldest)
    return opened
  }

  return async (agent, sequence) => {
    const batch = await decisions.batchOf(agent, sequence)
    return batch !== null && isAnchored(batch) ? (await proverOf(batch)).prove(sequence) : null
  }
}
