import type { AnchorContext } from './anchorContext.ts'
import { signerOf } from './batchSignature.ts'

/** Decisions read from the store at a time. */
const PAGE = 500

/**
 * Signs those decisions of a batch again that a former key of the agent signed: a decision counts when the key in
 * force at its sequence signed it, and what was recorded before a change of keys may be anchored after it.
 */
export async function currentSignatures(
  { store, signer, memory, chainId, contract: verifyingContract }: AnchorContext,
  firstSequence: number,
  count: number,
): Promise<void> {
  const { agent, key } = signer
  const until = Math.min(firstSequence + count, memory.epoch?.since ?? 0)
  for (let from = firstSequence; from < until; from += PAGE) {
    const rows = await store.list({ agent, fromSequence: from, limit: Math.min(PAGE, until - from) })
    for (const row of rows)
      if ((await signerOf(row, { chainId, verifyingContract })) !== key)
        await store.resign(agent, row.sequence, await signer.sign(row.leaf))
  }
}
