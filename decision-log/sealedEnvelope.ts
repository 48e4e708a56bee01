import { hashTypedData } from 'viem'
import type { AgentId, Hash, UnixMs } from '../core/index.ts'
import { type LogDomain, typedDataDomain } from './decisionTypes.ts'

/** What an agent promises of a decision whose body it hands out encrypted. */
export type SealedEnvelope = {
  readonly agent: AgentId
  readonly sequence: number
  /** The decision's leaf, by which it will be anchored. */
  readonly leaf: Hash
  /** When the body is made public at the latest. */
  readonly revealAtMs: UnixMs
  /** Hash of the key that opens the body. */
  readonly keyHash: Hash
  /** Hash of the encrypted body. */
  readonly ciphertextHash: Hash
}

/** EIP-712 types of an envelope. */
export const SEALED_TYPES = {
  Sealed: [
    { name: 'agent', type: 'address' },
    { name: 'sequence', type: 'uint64' },
    { name: 'leaf', type: 'bytes32' },
    { name: 'revealAtMs', type: 'uint64' },
    { name: 'keyHash', type: 'bytes32' },
    { name: 'ciphertextHash', type: 'bytes32' },
  ],
} as const

/** An envelope as EIP-712 typed data, in the form that viem and wallets take. */
export function typedEnvelope(envelope: SealedEnvelope, domain: LogDomain) {
  return {
    domain: typedDataDomain(domain),
    types: SEALED_TYPES,
    primaryType: 'Sealed',
    message: {
      ...envelope,
      sequence: BigInt(envelope.sequence),
      revealAtMs: BigInt(envelope.revealAtMs),
    },
  } as const
}

/** The EIP-712 hash of an envelope: what the agent's key signs. */
export function hashEnvelope(envelope: SealedEnvelope, domain: LogDomain): Hash {
  return hashTypedData(typedEnvelope(envelope, domain))
}
