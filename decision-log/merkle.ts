import { encodeAbiParameters, keccak256 } from 'viem'
import { type Hash, type Hex, InvalidInputError } from '../core/index.ts'
import { keccakHex } from './keccak.ts'
import { writeHex } from './writeHex.ts'

/** A head is the high 192 bits of the agent's state: 24 bytes. */
export type Head = Hex

/** The head of an agent that has anchored nothing. */
export const EMPTY_HEAD: Head = `0x${'0'.repeat(48)}`

/** The Merkle tree of a batch. */
export type BatchTree = {
  readonly root: Hash
  /** Leaves in sequence order. */
  readonly leaves: readonly Hash[]
  /** The hashes of the siblings from the leaf at an index up to the root; InvalidInputError for no such index. */
  proofOf(index: number): Hash[]
}

/**
 * The Merkle tree of RFC 9162, section 2.1, with keccak256, over leaves that are hashes already: neighbours are
 * hashed in pairs, in order, level by level, and an odd last node goes up as it is; as `DecisionLog` builds it. A
 * single leaf is its own root.
 *
 * @throws InvalidInputError for no leaves.
 */
export function batchTree(leaves: readonly Hash[]): BatchTree {
  const levels = [leaves]
  let level = leaves
  while (level.length > 1) {
    level = levelAbove(level)
    levels.push(level)
  }
  const [root] = level
  if (root === undefined)
    throw new InvalidInputError('A batch without decisions has no root.', {
      hint: 'Commit at least one decision.',
    })
  return {
    root,
    leaves,
    proofOf(index) {
      if (!Number.isInteger(index) || index < 0 || index >= leaves.length)
        throw new InvalidInputError(`The batch has no leaf ${index}; it has ${leaves.length}.`, {
          facts: { index, leaves: leaves.length },
          hint: 'Pass the index of a leaf in the batch, from 0.',
        })
      const proof: Hash[] = []
      let place = index
      for (const nodes of levels) {
        const sibling = nodes[siblingOf(place)]
        if (sibling !== undefined) proof.push(sibling)
        place = Math.floor(place / 2)
      }
      return proof
    },
  }
}

/** The Merkle root of a batch's leaves in sequence order; a single leaf is its own root. */
export function batchRoot(leaves: readonly Hash[]): Hash {
  return batchTree(leaves).root
}

/** Where a leaf stands in a batch, and what leads from it to the root. */
export type LeafPlace = {
  /** Leaves in the batch. */
  readonly count: number
  /** Place of the leaf, from 0. */
  readonly index: number
  /** Hashes of the siblings from the leaf up. */
  readonly proof: readonly Hash[]
}

/** The root that a leaf at its place leads to; null where the proof is none of that place (RFC 9162, 2.1.3.2). */
export function rootOver(leaf: Hash, { count, index, proof }: LeafPlace): Hash | null {
  if (!(Number.isSafeInteger(count) && Number.isSafeInteger(index) && index >= 0 && index < count))
    return null
  let [place, last, node] = [index, count - 1, leaf]
  const up = () => {
    place = Math.floor(place / 2)
    last = Math.floor(last / 2)
  }
  for (const sibling of proof) {
    if (last === 0) return null
    if (place % 2 === 1 || place === last) {
      node = hashPair(sibling, node)
      // A last node without a neighbour goes up as it is.
      while (place % 2 === 0 && place !== 0) up()
    } else node = hashPair(node, sibling)
    up()
  }
  return last === 0 ? node : null
}

/** True when the proof leads from the leaf at its place to the root. */
export function verifyProof(root: Hash, leaf: Hash, place: LeafPlace): boolean {
  return rootOver(leaf, place) === root
}

/**
 * The head after a batch, as the contract chains it: the low 192 bits of
 * keccak256(abi.encode(head, root, firstSequence, count)).
 */
export function nextHead(head: Head, root: Hash, firstSequence: number, count: number): Head {
  const digest = keccak256(
    encodeAbiParameters(
      [{ type: 'uint192' }, { type: 'bytes32' }, { type: 'uint64' }, { type: 'uint64' }],
      [BigInt(head), root, BigInt(firstSequence), BigInt(count)],
    ),
  )
  return `0x${digest.slice(-48)}`
}

/** A head as the contract returns it (a number), as 24 bytes of hexadecimal. */
export function headFromNumber(head: bigint): Head {
  return `0x${head.toString(16).padStart(48, '0')}`
}

function levelAbove(level: readonly Hash[]): Hash[] {
  const above: Hash[] = []
  for (let index = 0; index < level.length; index += 2) {
    const [left, right] = [level[index], level[index + 1]]
    if (left !== undefined) above.push(right === undefined ? left : hashPair(left, right))
  }
  return above
}

const siblingOf = (index: number): number => (index % 2 === 0 ? index + 1 : index - 1)

const HASH_BYTES = 32
const pair = new Uint8Array(2 * HASH_BYTES)

function hashPair(left: Hash, right: Hash): Hash {
  writeHex(pair, 0, left, HASH_BYTES)
  writeHex(pair, HASH_BYTES, right, HASH_BYTES)
  return keccakHex(pair)
}
