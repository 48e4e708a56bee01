import { type DecisionStore, IntegrityError } from '../core/index.ts'
import type { AnchorContext } from './anchorContext.ts'
import { chainFailure } from './logChain.ts'
import { batchRoot } from './merkle.ts'
import { type Anchor, readAnchors } from './readAnchors.ts'
import { storedLeaves } from './storedLeaves.ts'

/**
 * Replaces the store's batches by those that the chain holds, as sent ones that the next pass settles. Needed
 * when the store lost its batches, or another process of the same key committed the same decisions in others.
 *
 * @throws IntegrityError when the chain's decisions are not the stored ones.
 */
export async function adoptAnchors(context: AnchorContext): Promise<void> {
  const { store, client, contract, signer, fromBlock, logger } = context
  const { agent } = signer
  const anchors = await readAnchors({ client, contract, agent, fromBlock })
  for (const anchor of anchors) await assertLeaves(store, anchor)

  const held = new Map(anchors.map(anchor => [anchor.firstSequence, anchor]))
  for (const { firstSequence, count, root } of await store.batches(agent)) {
    const anchor = held.get(firstSequence)
    if (anchor?.count === count && anchor.root === root) held.delete(firstSequence)
    else await store.dropBatch(agent, firstSequence)
  }
  for (const anchor of held.values()) {
    const { firstSequence, count, root, transactionHash } = anchor
    const transaction = await client.getTransaction({ hash: transactionHash }).catch((error: unknown) => {
      throw chainFailure(error, `read transaction ${transactionHash}`)
    })
    await store.saveBatch({
      agent,
      firstSequence,
      count,
      root,
      status: 'sent',
      transactionHash,
      nonce: transaction.nonce,
      maxFeePerGas: transaction.maxFeePerGas ?? transaction.gasPrice ?? 0n,
      maxPriorityFeePerGas: transaction.maxPriorityFeePerGas ?? 0n,
      blockNumber: null,
      blockHash: null,
      gasUsed: null,
    })
  }
  logger.warn({ agent, batches: held.size }, 'Took batches over from the chain that the store did not have.')
}

/**
 * Checks that a batch of the chain is made up of the stored decisions.
 *
 * @throws IntegrityError when it is not.
 */
export async function assertLeaves(store: DecisionStore, anchor: Anchor): Promise<void> {
  const { agent, firstSequence, count, root, transactionHash } = anchor
  const stored = batchRoot(await storedLeaves(store, agent, firstSequence, count))
  if (stored !== root)
    throw new IntegrityError(
      `The chain holds other decisions ${firstSequence} to ${firstSequence + count - 1} of agent ${agent} than the store.`,
      {
        facts: { agent, firstSequence, count, root, storedRoot: stored, transactionHash },
        hint: 'Run an audit to see which differ, and restore the store that made them.',
      },
    )
}
