import { type AnchorBatch, type DecisionStore, IntegrityError, InvalidInputError } from '../core/index.ts'
import type { DecisionProof } from './decisionProof.ts'
import type { LogDomain } from './decisionTypes.ts'
import { batchTree } from './merkle.ts'
import { storedLeaves } from './storedLeaves.ts'

/** A batch that is on the canonical chain. */
export type AnchoredBatch = AnchorBatch & { readonly status: 'anchored'; readonly blockNumber: number }

/** Makes the proofs of one batch, from a tree that is built once. */
export type BatchProver = {
  /** @throws InvalidInputError when the batch does not hold the sequence. */
  prove(sequence: number): DecisionProof
}

/** True when a batch is on the canonical chain, and where. */
export function isAnchored(batch: AnchorBatch): batch is AnchoredBatch {
  return batch.status === 'anchored' && batch.blockNumber !== null
}

/**
 * Reads a batch's leaves from the store and builds their tree.
 *
 * @throws IntegrityError when the stored leaves do not make up the anchored root.
 */
export async function openBatch({
  store,
  domain,
  batch,
}: {
  readonly store: DecisionStore
  readonly domain: LogDomain
  readonly batch: AnchoredBatch
}): Promise<BatchProver> {
  const { agent, firstSequence, count, root, transactionHash, blockNumber } = batch
  const leaves = await storedLeaves(store, agent, firstSequence, count)
  const tree = batchTree(leaves)
  if (tree.root !== root)
    throw new IntegrityError(
      `The stored decisions ${firstSequence} to ${firstSequence + count - 1} of agent ${agent} do not make up the root that was anchored.`,
      {
        facts: { agent, firstSequence, count, root, storedRoot: tree.root },
        hint: 'Run an audit to find the one that was changed.',
      },
    )
  return {
    prove(sequence) {
      const index = sequence - firstSequence
      const leaf = leaves[index]
      if (leaf === undefined)
        throw new InvalidInputError(`The batch from ${firstSequence} does not hold decision ${sequence}.`, {
          facts: { agent, firstSequence, count, sequence },
          hint: 'Open the batch that holds it.',
        })
      return {
        leaf,
        proof: tree.proofOf(index),
        root,
        firstSequence,
        count,
        index,
        transactionHash,
        blockNumber,
        contract: domain.verifyingContract,
        chainId: domain.chainId,
      }
    },
  }
}
