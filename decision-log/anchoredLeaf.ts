import { type Hash, IntegrityError } from '../core/index.ts'
import type { ChainAccess } from './logChain.ts'
import { batchTree, proofIn } from './merkle.ts'
import { type Anchor, readLeaves } from './readAnchors.ts'

/** A decision's leaf as the chain holds it, with its proof; or what is wrong with the anchor. */
export type AnchoredLeaf =
  | { readonly anchor: Anchor; readonly leaf: Hash; readonly proof: readonly Hash[] }
  | { readonly fault: string }

/** Reads leaves from the chain one after another; asks once for each batch. */
export function createLeafReader(
  anchors: readonly Anchor[],
  access: ChainAccess,
): (sequence: number) => Promise<AnchoredLeaf> {
  let batch: { anchor: Anchor; leaves: readonly Hash[]; tree: ReturnType<typeof batchTree> } | null = null
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
        const leaves = await readLeaves(anchor, access)
        batch = { anchor, leaves, tree: batchTree(leaves) }
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error
        broken = { anchor, fault: error.message }
      }
    }
    if (batch?.anchor !== anchor) return { fault: broken?.fault ?? 'unreadable' }
    const index = sequence - anchor.firstSequence
    const leaf = batch.leaves[index]
    return leaf === undefined
      ? { fault: `the batch has no leaf ${index}` }
      : { anchor, leaf, proof: proofIn(batch.tree, index) }
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
