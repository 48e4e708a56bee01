import { encodeFunctionData } from 'viem'
import { challengeAbi } from '../contracts/abi/index.ts'
import type { Hash, Hex } from '../core/index.ts'
import { type AnchorArgument, NO_ANCHOR } from './anchorArgument.ts'
import type { LogDomain } from './decisionTypes.ts'
import { typedRecord } from './hashRecord.ts'
import { parseBody } from './recordBody.ts'
import { type SealedEnvelope, typedEnvelope } from './sealedEnvelope.ts'

/** A decision that an agent signed, as stores and feeds have it. */
export type SignedDecision = {
  /** Canonical JSON of the record. */
  readonly body: string
  readonly signature: Hex
}

/** A leaf, and where it stands in the agent's log. */
export type AnchoredStatement = { readonly leaf: Hash; readonly anchor: AnchorArgument }

/**
 * A lie and its proof.
 *
 * - falseOutput: a signal's prediction is not what its model gives for its features
 * - equivocation: two decisions of one sequence
 * - revealMismatch: a signed decision is not the one that was anchored
 * - sealedMismatch: a decision promised in an envelope is not the one that was anchored
 */
export type Claim =
  | {
      readonly lie: 'falseOutput'
      /** Canonical JSON of the record. */
      readonly body: string
      /** What makes it the agent's: the signature of its present key, or where it is anchored. */
      readonly by: { readonly signature: Hex } | { readonly anchor: AnchorArgument }
    }
  | { readonly lie: 'equivocation'; readonly decision: SignedDecision; readonly other: SignedDecision }
  | {
      readonly lie: 'revealMismatch'
      readonly decision: SignedDecision
      readonly anchored: AnchoredStatement
    }
  | {
      readonly lie: 'sealedMismatch'
      readonly envelope: SealedEnvelope
      readonly signature: Hex
      readonly anchored: AnchoredStatement
    }

/**
 * Encodes the call of the `Challenge` contract that proves a lie.
 *
 * @throws IntegrityError when a body is none.
 */
export function encodeClaim(claim: Claim, domain: LogDomain): Hex {
  const record = (body: string) => typedRecord(parseBody(body), domain).message
  switch (claim.lie) {
    case 'falseOutput':
      return encodeFunctionData({
        abi: challengeAbi,
        functionName: 'falseOutput',
        args: [record(claim.body), { signature: '0x', anchor: NO_ANCHOR, ...claim.by }],
      })
    case 'equivocation':
      return encodeFunctionData({
        abi: challengeAbi,
        functionName: 'equivocation',
        args: [
          record(claim.decision.body),
          claim.decision.signature,
          record(claim.other.body),
          claim.other.signature,
        ],
      })
    case 'revealMismatch':
      return encodeFunctionData({
        abi: challengeAbi,
        functionName: 'revealMismatch',
        args: [
          record(claim.decision.body),
          claim.decision.signature,
          claim.anchored.leaf,
          claim.anchored.anchor,
        ],
      })
    case 'sealedMismatch':
      return encodeFunctionData({
        abi: challengeAbi,
        functionName: 'sealedMismatch',
        args: [
          typedEnvelope(claim.envelope, domain).message,
          claim.signature,
          claim.anchored.leaf,
          claim.anchored.anchor,
        ],
      })
  }
}
