import { type Hash, IntegrityError, NotFoundError } from '../core/index.ts'
import type { ChainAccess } from './logChain.ts'
import { type BatchTree, batchTree } from './merkle.ts'
import type { Anchor } from './readAnchors.ts'
import { givenLeaves, type LeafSource, readChainLeaves } from './readLeaves.ts'

/** A decision's leaf as the chain holds it, with its proof; or what is wrong with the anchor. */
export type AnchoredLeaf =
  | {
      readonly anchor: Anchor
      readonly leaf: Hash
      readonly proof: readonly Hash[]
      /** True where the chain holds the batch's root alone, and the leaf is the source's. */
      readonly rootOnly: boolean
    }
  | { readonly fault: string }

/**
 * Reads leaves one after another, from the chain, or from the source where it holds their root alone; asks once for
 * each batch.
 */
export function createLeafReader(
  anchors: readonly Anchor[],
  access: ChainAccess,
  source?: LeafSource,
): (sequence: number) => Promise<AnchoredLeaf> {
  let batch: { anchor: Anchor; tree: BatchTree; rootOnly: boolean } | null = null
  let broken: { anchor: Anchor; fault: string } | null = null

  return async sequence => {
    const anchor = anchorOf(anchors, sequence)
    if (anchor === null) {
      const last = anchors.at(-1)
      const end = last === undefined ? 0 : last.firstSequence + last.count
      return { fault: `the chain holds no decision ${sequence}, only those before ${end}` }
    }
    if (batch?.anchor !== anchor && broken?.anchor !== anchor) {
      try {
        const onChain = await readChainLeaves(anchor, access)
        const leaves = onChain ?? (await givenLeaves(anchor, source))
        batch = { anchor, tree: batchTree(leaves), rootOnly: onChain === null }
      } catch (error) {
        if (!(error instanceof IntegrityError || error instanceof NotFoundError)) throw error
        broken = { anchor, fault: error.message }
      }
    }
    if (batch?.anchor !== anchor) return { fault: broken?.fault ?? 'unreadable' }
    const index = sequence - anchor.firstSequence
    const leaf = batch.tree.leaves[index]
    return leaf === undefined
      ? { fault: `the batch has no leaf ${index}` }
      : { anchor, leaf, proof: batch.tree.proofOf(index), rootOnly: batch.rootOnly }
  }
}

/** The anchor that holds a sequence, by bisection: anchors are gapless and in order. */
function anchorOf(anchors: readonly Anchor[], sequence: number): Anchor | null {
  let low = 0
  let high = anchors.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const anchor = anchors[middle]
    if (anchor === undefined) return null
    if (sequence < anchor.firstSequence) high = middle - 1
    else if (sequence >= anchor.firstSequence + anchor.count) low = middle + 1
    else return anchor
  }
  return null
}
