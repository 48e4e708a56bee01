import {
  type ChainLineage,
  canonicalJson,
  type EstimatedField,
  type Lineage,
  parseCanonicalJson,
  type SourcePosition,
} from '../../core/index.ts'

/** Address, block hash, transaction hash, and a byte that says what was estimated. */
const CHAIN_BYTES = 20 + 32 + 32 + 1
const ESTIMATED: readonly (readonly EstimatedField[])[] = [
  [],
  ['blockHash'],
  ['blockTime'],
  ['blockHash', 'blockTime'],
]

const ADDRESS = /^0x[0-9a-f]{40}$/
const WORD = /^0x[0-9a-f]{64}$/

/** Most bytes that `packLineage` writes. */
export const packedLineageSize = (lineage: Lineage): number =>
  lineage.kind === 'chain' ? CHAIN_BYTES + 512 : lineage.kind === 'feed' ? 64 + 3 * lineage.feed.length : 512

/**
 * Writes what a lineage says beyond its position: nothing of a feed's, 85 bytes of a log's, canonical JSON of
 * any other. Returns the place behind it.
 */
export function packLineage(
  lineage: Lineage,
  position: SourcePosition,
  target: Buffer,
  start: number,
): number {
  if (lineage.kind === 'feed' && position.block === lineage.sequence && position.source === lineage.feed)
    return start
  if (lineage.kind === 'chain') {
    const end = packChain(lineage, target, start)
    if (end !== null) return end
  }
  return start + target.write(canonicalJson(lineage), start)
}

/** Reads what `packLineage` wrote; the result is checked by the observation's digest alone. */
export function unpackLineage(bytes: Buffer, { source, block, logIndex }: SourcePosition): Lineage {
  if (bytes.length === 0) return { kind: 'feed', feed: source, sequence: block }
  if (!isPackedChain(bytes)) return parseCanonicalJson(bytes.toString()) as Lineage
  return {
    kind: 'chain',
    chainId: Number(source.slice(source.indexOf(':') + 1)),
    address: `0x${bytes.toString('hex', 0, 20)}`,
    blockNumber: block,
    blockHash: `0x${bytes.toString('hex', 20, 52)}`,
    transactionHash: `0x${bytes.toString('hex', 52, 84)}`,
    logIndex,
    estimated: ESTIMATED[bytes[84] ?? 0] ?? [],
  }
}

/** The pieces that a source row has in common with its packed lineage: address, block hash, transaction hash. */
export function knownPieces(bytes: Uint8Array): readonly Uint8Array[] {
  if (!isPackedChain(bytes)) return []
  return [bytes.subarray(0, 20), bytes.subarray(20, 52), bytes.subarray(52, 84)]
}

// JSON ends with a brace; the last byte of a packed one says what was estimated.
const isPackedChain = (bytes: Uint8Array): boolean =>
  bytes.length === CHAIN_BYTES && (bytes[CHAIN_BYTES - 1] ?? 0) < ESTIMATED.length

function packChain(lineage: ChainLineage, target: Buffer, start: number): number | null {
  const { address, blockHash, transactionHash, estimated } = lineage
  const place = estimated.length === 0 ? 0 : ESTIMATED.findIndex(fields => fields.join() === estimated.join())
  if (place === -1 || !ADDRESS.test(address) || !WORD.test(blockHash) || !WORD.test(transactionHash))
    return null
  target.write(address.slice(2), start, 'hex')
  target.write(blockHash.slice(2), start + 20, 'hex')
  target.write(transactionHash.slice(2), start + 52, 'hex')
  target[start + 84] = place
  return start + CHAIN_BYTES
}
