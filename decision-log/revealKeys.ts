import { encodeAbiParameters, keccak256, toHex } from 'viem'
import type { Hash } from '../core/index.ts'

/** What an envelope says of the key that opens it: keccak256 of its 32 bytes. */
export function keyHashOf(key: Hash): Hash {
  return keccak256(key)
}

/**
 * The key of one body: keccak256 of `abi.encode(bytes32 label, bytes32 key, bytes32 leaf)`, the label being keccak256
 * of "touchstone body key v1". Each leaf is of one body, so no key ever seals two, and who is given the key of one
 * body learns nothing of the others.
 */
export function bodyKeyOf(key: Hash, leaf: Hash): Hash {
  return labelled(BODY_LABEL, key, leaf)
}

/**
 * The salt of a sealed record: keccak256 of `abi.encode(bytes32 label, bytes32 key, uint256 sequence)`, the label being
 * keccak256 of "touchstone sealed salt v1". It puts the reveal key into the record's leaf, so that the chain holds the
 * agent to one key from the anchor on.
 */
export function sealedSaltOf(key: Hash, sequence: number): Hash {
  return labelled(SALT_LABEL, key, toHex(sequence, { size: 32 }))
}

const BODY_LABEL = keccak256(toHex('touchstone body key v1'))
const SALT_LABEL = keccak256(toHex('touchstone sealed salt v1'))

// A sponge needs no HMAC around it: the key goes in front, behind a label of one purpose.
function labelled(label: Hash, key: Hash, value: Hash): Hash {
  return keccak256(
    encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'bytes32' }], [label, key, value]),
  )
}
