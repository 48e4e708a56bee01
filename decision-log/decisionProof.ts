import type { Address, Hash } from '../core/index.ts'

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
