import type { AgentId, Hash, Hex } from '../core/index.ts'
import { hashBatch, leafSignature } from './batchSignature.ts'
import type { AgentSigner } from './createSigner.ts'
import type { LogDomain } from './decisionTypes.ts'
import { batchTree } from './merkle.ts'

/**
 * Signs the leaves of an agent's consecutive decisions with as little work as possible: one alone, several once,
 * through the root of their tree. The signatures are in the order of the leaves.
 */
export async function signTogether(
  decisions: readonly { readonly agent: AgentId; readonly sequence: number; readonly leaf: Hash }[],
  signer: AgentSigner,
  domain: LogDomain,
): Promise<Hex[]> {
  const [first, ...others] = decisions
  if (first === undefined) return []
  if (others.length === 0) return [await signer.sign(first.leaf)]
  const tree = batchTree(decisions.map(({ leaf }) => leaf))
  const { agent, sequence: firstSequence } = first
  const batch = { agent, firstSequence, count: decisions.length, root: tree.root }
  const signature = await signer.sign(hashBatch(batch, domain))
  return decisions.map((_, index) => leafSignature(signature, { firstSequence, tree, index }))
}
