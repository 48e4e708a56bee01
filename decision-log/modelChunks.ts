import { concat, getContractAddress, type Hex, toHex } from 'viem'
import { type Address, type Hash, sha256, ZERO_HASH } from '../core/index.ts'
import { lowerCase } from './lowerCase.ts'

/** Most bytes of a chunk: EIP-170's limit for code, less the STOP before them. */
export const CHUNK_BYTES = 24_575

/** What creates a chunk's contract, before its bytes: see contracts/src/models/program/CodeStore.sol. */
const CREATOR: Hex = '0x600b5981380380925939f300'

/** Part of a program, and where a registry keeps it. */
export type ModelChunk = { readonly address: Address; readonly data: Hex }

/** Parts a program as it is published to a registry; the addresses follow from the bytes. */
export function modelChunks(program: Uint8Array, registry: Address): ModelChunk[] {
  const count = Math.ceil(program.length / CHUNK_BYTES)
  return Array.from({ length: count }, (_, place) => {
    const data = toHex(program.subarray(place * CHUNK_BYTES, (place + 1) * CHUNK_BYTES))
    const address = getContractAddress({
      from: registry,
      opcode: 'CREATE2',
      salt: ZERO_HASH,
      bytecode: concat([CREATOR, data]),
    })
    return { address: lowerCase(address), data }
  })
}

/** The hash that names a sealed model: SHA-256(SHA-256(program) ‖ SHA-256(card)). */
export function modelHash(program: Uint8Array, cardHash: Hash): Hash {
  return sha256(Buffer.from(sha256(program).slice(2) + cardHash.slice(2), 'hex'))
}
