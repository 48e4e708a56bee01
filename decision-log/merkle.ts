import { SimpleMerkleTree } from '@openzeppelin/merkle-tree'
import { encodeAbiParameters, keccak256 } from 'viem'
import { type Hash, type Hex, InvalidInputError } from '../core/index.ts'

/** A head is the high 192 bits of the agent's slot: 24 bytes. */
export type Head = Hex

/** The head of an agent that has anchored nothing. */
export const EMPTY_HEAD: Head = `0x${'0'.repeat(48)}`

/**
 * The Merkle tree of a batch: OpenZeppelin's `SimpleMerkleTree` over the leaves in sequence order, unsorted,
 * with the commutative keccak256 node hash, as `DecisionLog.commit` builds it.
 *
 * @throws InvalidInputError for no leaves.
 */
export function batchTree(leaves: readonly Hash[]): SimpleMerkleTree {
  if (leaves.length === 0)
    throw new InvalidInputError('A batch without decisions has no root.', {
      hint: 'Commit at least one decision.',
    })
  return SimpleMerkleTree.of([...leaves], { sortLeaves: false })
}

/** The Merkle root of a batch's leaves in sequence order; a single leaf is its own root. */
export function batchRoot(leaves: readonly Hash[]): Hash {
  return asHex(batchTree(leaves).root)
}

/** The sibling hashes from the leaf at an index up to the root. */
export function proveLeaf(leaves: readonly Hash[], index: number): Hash[] {
  return proofIn(batchTree(leaves), index)
}

/** As `proveLeaf`, on a tree already built. */
export function proofIn(tree: SimpleMerkleTree, index: number): Hash[] {
  if (!Number.isInteger(index) || index < 0 || index >= tree.length)
    throw new InvalidInputError(`The batch has no leaf ${index}; it has ${tree.length}.`, {
      facts: { index, leaves: tree.length },
      hint: 'Pass the index of a leaf in the batch, from 0.',
    })
  return tree.getProof(index).map(asHex)
}

/** True when the proof leads from the leaf to the root. */
export function verifyProof(root: Hash, leaf: Hash, proof: readonly Hash[]): boolean {
  return SimpleMerkleTree.verify(root, leaf, [...proof])
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

function asHex(text: string): Hex {
  return `0x${text.slice(2)}`
}
