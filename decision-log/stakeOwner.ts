import type { Address, AgentId, Hex } from '../core/index.ts'
import type { AgentSigner } from './createSigner.ts'

/** EIP-712 types of an agent's word on who owns its stake. */
export const STAKE_OWNER_TYPES = {
  StakeOwner: [
    { name: 'agent', type: 'address' },
    { name: 'owner', type: 'address' },
  ],
} as const

/**
 * Signs who may take an agent's stake back, for `AgentStake.nameOwner`, which anybody may send. It counts once, and
 * only while the signer's key is the agent's present one.
 */
export function signStakeOwner(
  signer: AgentSigner,
  {
    stake,
    chainId,
    owner,
    agent = signer.agent,
  }: {
    /** The `AgentStake` contract. */
    readonly stake: Address
    readonly chainId: number
    readonly owner: Address
    /** Default the signer's own; another where the agent has changed its key. */
    readonly agent?: AgentId
  },
): Promise<Hex> {
  return signer.account.signTypedData({
    domain: { name: 'Touchstone', version: '1', chainId, verifyingContract: stake },
    types: STAKE_OWNER_TYPES,
    primaryType: 'StakeOwner',
    message: { agent, owner },
  })
}
