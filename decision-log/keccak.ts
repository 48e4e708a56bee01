import { keccak256, toHex } from 'viem'
import type { Hash } from '../core/index.ts'

type HashBytes = (bytes: Uint8Array) => Uint8Array

let hashBytes: HashBytes = bytes => keccak256(bytes, 'bytes')

/** keccak256 of bytes. */
export function keccakBytes(bytes: Uint8Array): Uint8Array {
  return hashBytes(bytes)
}

/** keccak256 of bytes, as hexadecimal. */
export function keccakHex(bytes: Uint8Array): Hash {
  return toHex(hashBytes(bytes))
}

/** Hashes with another implementation from now on; it must compute the same. */
export function useKeccak(implementation: HashBytes): void {
  hashBytes = implementation
}
