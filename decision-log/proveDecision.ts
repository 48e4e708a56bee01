import {
  type Address,
  type AgentId,
  type DecisionStore,
  type Hash,
  IntegrityError,
  NotFoundError,
  UnavailableError,
} from '../core/index.ts'
import type { LogDomain } from './decisionTypes.ts'
import { batchTree, proofIn } from './merkle.ts'
import { storedLeaves } from './storedLeaves.ts'

/** Leads from a decision's leaf to the root that the chain holds, and to where it holds it. */
export type DecisionProof = {
  readonly leaf: Hash
  /** Sibling hashes from the leaf up. */
  readonly proof: readonly Hash[]
  readonly root: Hash
  readonly firstSequence: number
  readonly count: number
  /** Place of the leaf in its batch. */
  readonly index: number
  readonly transactionHash: Hash
  readonly blockNumber: number
  readonly contract: Address
  readonly chainId: number
}

/**
 * Makes the proof of an anchored decision from the store alone; `verifyDecisionProof` checks it on chain.
 *
 * @throws NotFoundError when the agent has no such decision.
 * @throws UnavailableError when it is not anchored yet.
 * @throws IntegrityError when the stored leaves do not make up the anchored root.
 */
export async function proveDecision({
  store,
  domain,
  agent,
  sequence,
}: {
  readonly store: DecisionStore
  readonly domain: LogDomain
  readonly agent: AgentId
  readonly sequence: number
}): Promise<DecisionProof> {
  const facts = { agent, sequence }
  const batch = await store.batchOf(agent, sequence)
  if (batch === null || batch.status !== 'anchored' || batch.blockNumber === null) {
    if ((await store.find(agent, sequence)) === null)
      throw new NotFoundError(`Agent ${agent} has no decision ${sequence}.`, {
        facts,
        hint: 'List its decisions to see which it has.',
      })
    throw new UnavailableError(`Decision ${sequence} of agent ${agent} is recorded, but not anchored yet.`, {
      facts,
      hint: 'Wait for the next batch.',
    })
  }
  const { firstSequence, count, root, transactionHash, blockNumber } = batch
  const leaves = await storedLeaves(store, agent, firstSequence, count)
  const tree = batchTree(leaves)
  const index = sequence - firstSequence
  const leaf = leaves[index]
  if (leaf === undefined || tree.root !== root)
    throw new IntegrityError(
      `The stored decisions ${firstSequence} to ${firstSequence + count - 1} of agent ${agent} do not make up the root that was anchored.`,
      {
        facts: { ...facts, root, storedRoot: tree.root },
        hint: 'Run an audit to find the one that was changed.',
      },
    )
  return {
    leaf,
    proof: proofIn(tree, index),
    root,
    firstSequence,
    count,
    index,
    transactionHash,
    blockNumber,
    contract: domain.verifyingContract,
    chainId: domain.chainId,
  }
}
