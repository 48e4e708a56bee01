import { concatBytes, keccak256, toHex } from 'viem'
import type { Hash } from '../core/index.ts'

/** Something that computes keccak256. */
export type Keccak = {
  hash(bytes: Uint8Array): Uint8Array
  /** What hashes bytes as if others, taken in once, stood before them. */
  after(before: Uint8Array): (bytes: Uint8Array) => Uint8Array
}

let keccak: Keccak = {
  hash: bytes => keccak256(bytes, 'bytes'),
  after: before => bytes => keccak256(concatBytes([before, bytes]), 'bytes'),
}

/** keccak256 of bytes. */
export function keccakBytes(bytes: Uint8Array): Uint8Array {
  return keccak.hash(bytes)
}

/** keccak256 of bytes, as hexadecimal. */
export function keccakHex(bytes: Uint8Array): Hash {
  return toHex(keccak.hash(bytes))
}

/** keccak256 of bytes that stand behind others, which are the same again and again. */
export function keccakAfter(before: Uint8Array): (bytes: Uint8Array) => Uint8Array {
  let [maker, hash] = [keccak, keccak.after(before)]
  return bytes => {
    if (maker !== keccak) [maker, hash] = [keccak, keccak.after(before)]
    return hash(bytes)
  }
}

/** Hashes with another implementation from now on; it must compute the same. */
export function useKeccak(implementation: Keccak): void {
  keccak = implementation
}
