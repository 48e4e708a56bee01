import { isHash, isHex, recoverAddress, size, slice } from 'viem'
import type { AgentId, Hash, Hex } from '../core/index.ts'
import type { LogDomain } from './decisionTypes.ts'
import { lowerCase } from './lowerCase.ts'
import { type BatchTree, rootOver } from './merkle.ts'
import { createStructWriter, separatorOf, typeHashOf } from './structWriter.ts'

/** Decisions that an agent signs together. */
export type SignedBatch = {
  readonly agent: AgentId
  readonly firstSequence: number
  readonly count: number
  /** Root of the tree over the decisions' leaves, in sequence order. */
  readonly root: Hash
}

const FIELDS = [
  { name: 'agent', type: 'address' },
  { name: 'firstSequence', type: 'uint64' },
  { name: 'count', type: 'uint64' },
  { name: 'root', type: 'bytes32' },
]
const TYPE_HASH = typeHashOf('Batch', FIELDS)
const struct = createStructWriter(FIELDS.length)

/** Bytes of an ECDSA signature with its recovery number. */
const SIGNATURE_BYTES = 65
/** Bytes of a sequence or a count. */
const NUMBER_BYTES = 8
const HASH_BYTES = 32
const PATH_FROM = SIGNATURE_BYTES + 2 * NUMBER_BYTES

/** The EIP-712 hash that an agent signs instead of each leaf of a batch. */
export function hashBatch({ agent, firstSequence, count, root }: SignedBatch, domain: LogDomain): Hash {
  struct.begin(TYPE_HASH)
  struct.address(agent)
  struct.number(firstSequence)
  struct.number(count)
  struct.hash(root)
  return struct.end(separatorOf(domain))
}

/**
 * The signature of one leaf of a signed batch: the batch's (65 bytes), its first sequence and its count (8 bytes
 * each, big-endian), and the hashes of the siblings from the leaf up (32 bytes each).
 */
export function leafSignature(
  signature: Hex,
  { firstSequence, tree, index }: { firstSequence: number; tree: BatchTree; index: number },
): Hex {
  let text = signature + digitsOf(firstSequence) + digitsOf(tree.leaves.length)
  for (const sibling of tree.proofOf(index)) text += sibling.slice(2)
  return text as Hex
}

const digitsOf = (value: number): string => value.toString(16).padStart(2 * NUMBER_BYTES, '0')

/** A decision as far as its signature goes. */
export type SignedDecision = {
  readonly agent: AgentId
  readonly sequence: number
  readonly leaf: Hash
  readonly signature: Hex
}

/** A hash, and the 65 bytes of a key's signature over it. */
export type SignedHash = { readonly hash: Hash; readonly signature: Hex }

/**
 * What was signed for a decision: its leaf alone, or the root of a batch that holds it at its sequence. Null where the
 * signature has neither form.
 */
export function signedHashOf(decision: SignedDecision, domain: LogDomain): SignedHash | null {
  // What was changed in a store need not even be bytes.
  if (!isHex(decision.signature) || !isHash(decision.leaf)) return null
  const hash = size(decision.signature) === SIGNATURE_BYTES ? decision.leaf : batchHashOf(decision, domain)
  return hash === null ? null : { hash, signature: slice(decision.signature, 0, SIGNATURE_BYTES) }
}

/** The address whose key signed a hash, lower-case; null where the signature is none. */
export async function recoverSigner({ hash, signature }: SignedHash): Promise<AgentId | null> {
  try {
    return lowerCase(await recoverAddress({ hash, signature }))
  } catch {
    return null
  }
}

/** The address that signed a decision, alone or in a batch; lower-case. Null where the signature is none. */
export async function signerOf(decision: SignedDecision, domain: LogDomain): Promise<AgentId | null> {
  const signed = signedHashOf(decision, domain)
  return signed === null ? null : recoverSigner(signed)
}

/** The hash that was signed for the batch of a leaf; null where the signature has another form. */
function batchHashOf({ agent, sequence, leaf, signature }: SignedDecision, domain: LogDomain): Hash | null {
  const path = size(signature) - PATH_FROM
  if (path < 0 || path % HASH_BYTES !== 0) return null
  const number = (at: number) => Number(BigInt(slice(signature, at, at + NUMBER_BYTES)))
  const [firstSequence, count] = [number(SIGNATURE_BYTES), number(SIGNATURE_BYTES + NUMBER_BYTES)]
  const proof = Array.from({ length: path / HASH_BYTES }, (_, place) =>
    slice(signature, PATH_FROM + place * HASH_BYTES, PATH_FROM + (place + 1) * HASH_BYTES),
  )
  const root = rootOver(leaf, { count, index: sequence - firstSequence, proof })
  return root === null ? null : hashBatch({ agent, firstSequence, count, root }, domain)
}
