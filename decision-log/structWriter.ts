import { domainSeparator, stringToBytes } from 'viem'
import type { Address, Hash } from '../core/index.ts'
import { type LogDomain, typedDataDomain } from './decisionTypes.ts'
import { keccakBytes, keccakHex } from './keccak.ts'
import { writeHex } from './writeHex.ts'

/** Writes the fields of one EIP-712 struct, in order, as words of 32 bytes, and hashes them. */
export type StructWriter = {
  begin(typeHash: Hash): void
  hash(value: Hash): void
  /** The hash of bytes: what stands for a value of dynamic length. */
  hashOf(bytes: Uint8Array): void
  /** A hash that was taken before. */
  digest(value: Uint8Array): void
  address(value: Address): void
  /** A whole number from 0 that a double holds. */
  number(value: number): void
  /** keccak256(0x1901 ‖ domain separator ‖ hash of the struct): the typed data's hash. */
  end(separator: Hash): Hash
}

const WORD = 32

/**
 * Creates the writer of structs of so many fields, whose bytes are reused for each: values of dynamic length are
 * written as their hashes.
 *
 * @see https://eips.ethereum.org/EIPS/eip-712
 */
export function createStructWriter(fields: number): StructWriter {
  const bytes = new Uint8Array((1 + fields) * WORD)
  const view = new DataView(bytes.buffer)
  const message = new Uint8Array(2 + 2 * WORD)
  message.set([0x19, 0x01])
  let at = 0

  const hash = (value: Hash) => {
    writeHex(bytes, at, value, WORD)
    at += WORD
  }
  const digest = (value: Uint8Array) => {
    bytes.set(value, at)
    at += WORD
  }
  return {
    hash,
    digest,
    hashOf: value => digest(keccakBytes(value)),
    begin(typeHash) {
      at = 0
      hash(typeHash)
    },
    address(value) {
      writeHex(bytes, at + 12, value, 20)
      at += WORD
    },
    number(value) {
      view.setUint32(at + WORD - 8, Math.floor(value / 2 ** 32))
      view.setUint32(at + WORD - 4, value % 2 ** 32)
      at += WORD
    },
    end(separator) {
      writeHex(message, 2, separator, WORD)
      message.set(keccakBytes(bytes), 2 + WORD)
      return keccakHex(message)
    },
  }
}

/** The EIP-712 hash of a struct's type, all of whose fields are of types that the standard brings. */
export function typeHashOf(
  struct: string,
  fields: readonly { readonly name: string; readonly type: string }[],
): Hash {
  return keccakHex(stringToBytes(`${struct}(${fields.map(({ name, type }) => `${type} ${name}`).join(',')})`))
}

let separator: { readonly chainId: number; readonly contract: string; readonly hash: Hash } | null = null

/** The EIP-712 separator of a log's domain. */
export function separatorOf(domain: LogDomain): Hash {
  const { chainId, verifyingContract: contract } = domain
  if (separator?.chainId !== chainId || separator.contract !== contract)
    separator = { chainId, contract, hash: domainSeparator({ domain: typedDataDomain(domain) }) }
  return separator.hash
}
