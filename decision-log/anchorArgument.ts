import { type Hash, InvalidInputError, ZERO_HASH } from '../core/index.ts'
import { EMPTY_HEAD } from './merkle.ts'
import type { Anchor } from './readAnchors.ts'

/** Where a leaf stands, as `DecisionLog.verifyAnchored` takes it: the struct `IDecisionLog.Anchor`. */
export type AnchorArgument = {
  /** The agent's head before the batch. */
  readonly headBefore: bigint
  readonly firstSequence: bigint
  readonly count: bigint
  readonly root: Hash
  /** Hashes of the siblings from the leaf up to the root. */
  readonly proof: readonly Hash[]
  /** Every later batch, in order. */
  readonly later: readonly { readonly count: bigint; readonly root: Hash }[]
}

/** No anchor, where a signature stands for it. */
export const NO_ANCHOR: AnchorArgument = {
  headBefore: 0n,
  firstSequence: 0n,
  count: 0n,
  root: ZERO_HASH,
  proof: [],
  later: [],
}

/**
 * Leads from a leaf's proof in its batch to the agent's present head, for contracts.
 *
 * @param anchors All anchors of the agent, in order, as `readAnchors` returns them.
 * @param proof Hashes of the siblings from the leaf up to its batch's root.
 * @throws InvalidInputError when no anchor holds the sequence.
 */
export function anchorArgument(
  anchors: readonly Anchor[],
  sequence: number,
  proof: readonly Hash[],
): AnchorArgument {
  const at = anchors.findIndex(
    ({ firstSequence, count }) => sequence >= firstSequence && sequence < firstSequence + count,
  )
  const anchor = anchors[at]
  if (anchor === undefined)
    throw new InvalidInputError(`No anchor holds decision ${sequence}.`, {
      facts: { sequence, anchors: anchors.length },
      hint: 'Wait until it is anchored, or read the anchors again.',
    })
  return {
    headBefore: BigInt(anchors[at - 1]?.head ?? EMPTY_HEAD),
    firstSequence: BigInt(anchor.firstSequence),
    count: BigInt(anchor.count),
    root: anchor.root,
    proof,
    later: anchors.slice(at + 1).map(({ count, root }) => ({ count: BigInt(count), root })),
  }
}
