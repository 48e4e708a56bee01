import { SimpleMerkleTree } from '@openzeppelin/merkle-tree'
import {
  type AgentId,
  type AnchorBatch,
  type DecisionStore,
  type Hash,
  IntegrityError,
} from '../core/index.ts'
import type { DecisionProof, LogDomain } from '../decision-log/index.ts'

/** Finds the proof of a decision; null while it is not anchored, or does not exist. */
export type ProofOf = (agent: AgentId, sequence: number) => Promise<DecisionProof | null>

/** Trees kept: clients that catch up ask for the proofs of a batch one after the other. */
const TREES_KEPT = 32

type BatchTree = { readonly leaves: readonly Hash[]; readonly tree: SimpleMerkleTree }

/**
 * Finds proofs from the store alone, as decision-log's `proveDecision` does, but builds each batch's tree
 * once: a batch of a thousand decisions is asked for a thousand times when it is anchored.
 *
 * The function that it returns throws IntegrityError when the stored leaves do not make up the anchored root.
 */
export function createProofOf(decisions: DecisionStore, domain: LogDomain): ProofOf {
  const trees = new Map<string, Promise<BatchTree>>()

  function treeOf(batch: AnchorBatch): Promise<BatchTree> {
    const key = `${batch.agent}/${batch.firstSequence}/${batch.count}/${batch.root}`
    const known = trees.get(key)
    if (known !== undefined) return known
    const made = buildTree(decisions, batch)
    trees.set(key, made)
    made.catch(() => trees.delete(key))
    const [oldest] = trees.keys()
    if (trees.size > TREES_KEPT && oldest !== undefined) trees.delete(oldest)
    return made
  }

  return async (agent, sequence) => {
    const batch = await decisions.batchOf(agent, sequence)
    if (batch === null || batch.status !== 'anchored' || batch.blockNumber === null) return null
    const { leaves, tree } = await treeOf(batch)
    const index = sequence - batch.firstSequence
    const leaf = leaves[index]
    if (leaf === undefined) return null
    return {
      leaf,
      proof: tree.getProof(index).map(asHash),
      root: batch.root,
      firstSequence: batch.firstSequence,
      count: batch.count,
      index,
      transactionHash: batch.transactionHash,
      blockNumber: batch.blockNumber,
      contract: domain.verifyingContract,
      chainId: domain.chainId,
    }
  }
}

async function buildTree(decisions: DecisionStore, batch: AnchorBatch): Promise<BatchTree> {
  const { agent, firstSequence, count, root } = batch
  const rows = await decisions.list({ agent, fromSequence: firstSequence, limit: count })
  const leaves = rows.map(({ leaf }) => leaf)
  // The tree of decision-log's `proveLeaf`, kept.
  const tree = leaves.length === 0 ? null : SimpleMerkleTree.of(leaves, { sortLeaves: false })
  if (tree === null || leaves.length !== count || tree.root !== root)
    throw new IntegrityError(
      `The stored decisions ${firstSequence} to ${firstSequence + count - 1} of agent ${agent} do not make up the root that was anchored.`,
      {
        facts: { agent, firstSequence, count, root, stored: leaves.length, storedRoot: tree?.root ?? null },
        hint: 'Run an audit to find the decision that was changed.',
      },
    )
  return { leaves, tree }
}

const asHash = (text: string): Hash => `0x${text.slice(2)}`
