import type { LocalAccount } from 'viem'
import type { Address, AgentId, Hash, Hex } from '../core/index.ts'
import { type LogDomain, typedDataDomain } from './decisionTypes.ts'

/** EIP-712 types of what a key signs for the contract itself, as `IDecisionLog` names them. */
export const LOG_MESSAGE_TYPES = {
  Commit: [
    { name: 'agent', type: 'address' },
    { name: 'state', type: 'bytes32' },
    { name: 'count', type: 'uint64' },
    { name: 'root', type: 'bytes32' },
    { name: 'leaves', type: 'bool' },
  ],
  Epoch: [
    { name: 'agent', type: 'address' },
    { name: 'epoch', type: 'uint16' },
    { name: 'key', type: 'address' },
  ],
  Identity: [
    { name: 'agent', type: 'address' },
    { name: 'identity', type: 'uint256' },
  ],
} as const

/** Any account that signs typed data by itself: an agent's key, or the owner of its identity. */
export type MessageSigner = Pick<LocalAccount, 'signTypedData'>

/** Signs a batch, so that anybody may send it; with or without its leaves, as `leaves` says. */
export function signCommit(
  account: MessageSigner,
  domain: LogDomain,
  message: { agent: AgentId; state: Hash; count: number; root: Hash; leaves: boolean },
): Promise<Hex> {
  return account.signTypedData({
    domain: typedDataDomain(domain),
    types: LOG_MESSAGE_TYPES,
    primaryType: 'Commit',
    message: { ...message, count: BigInt(message.count) },
  })
}

/** Signs that an epoch begins with a key: as that key, that it is held; as the one before, that it may. */
export function signEpoch(
  account: MessageSigner,
  domain: LogDomain,
  message: { agent: AgentId; epoch: number; key: Address },
): Promise<Hex> {
  return account.signTypedData({
    domain: typedDataDomain(domain),
    types: LOG_MESSAGE_TYPES,
    primaryType: 'Epoch',
    message,
  })
}

/** Signs that an agent binds itself to an identity token. */
export function signIdentity(
  account: MessageSigner,
  domain: LogDomain,
  message: { agent: AgentId; identity: bigint },
): Promise<Hex> {
  return account.signTypedData({
    domain: typedDataDomain(domain),
    types: LOG_MESSAGE_TYPES,
    primaryType: 'Identity',
    message,
  })
}
