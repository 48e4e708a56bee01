import type { TypedDataDomain } from 'viem'
import type { Address } from '../core/index.ts'

/** Which decision log a record is made for: its chain and contract. Binds every signature to that log. */
export type LogDomain = {
  readonly chainId: number
  readonly verifyingContract: Address
}

/**
 * EIP-712 types of a decision record. `kind` is the index in core's `DECISION_KINDS`; `output` is the
 * ABI encoding of the kind's own fields (`encodeOutput`); `explanationHash` binds the attributions
 * (`hashExplanation`); `source`, `block` and `logIndex` are the record's `observed`.
 */
export const DECISION_TYPES = {
  Decision: [
    { name: 'agent', type: 'address' },
    { name: 'sequence', type: 'uint64' },
    { name: 'kind', type: 'uint8' },
    { name: 'instrument', type: 'string' },
    { name: 'timeMs', type: 'uint64' },
    { name: 'source', type: 'string' },
    { name: 'block', type: 'uint64' },
    { name: 'logIndex', type: 'uint64' },
    { name: 'dataRoot', type: 'bytes32' },
    { name: 'featureSet', type: 'bytes32' },
    { name: 'features', type: 'bytes' },
    { name: 'model', type: 'bytes32' },
    { name: 'strategy', type: 'bytes32' },
    { name: 'output', type: 'bytes' },
    { name: 'explanationHash', type: 'bytes32' },
    { name: 'revealAtMs', type: 'uint64' },
    { name: 'salt', type: 'bytes32' },
  ],
} as const

/** The EIP-712 domain of a decision log: name "Touchstone", version "1", chain and contract. */
export function typedDataDomain({ chainId, verifyingContract }: LogDomain) {
  return { name: 'Touchstone', version: '1', chainId, verifyingContract } as const satisfies TypedDataDomain
}
