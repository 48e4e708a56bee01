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

const NOTHING = Buffer.alloc(0)
const LOWER_HEX = /^0x(?:[0-9a-f]{2})*$/

/**
 * What a lineage says beyond its position: nothing of a feed's, 85 bytes of a log's, canonical JSON of any
 * other.
 */
export function packLineage(lineage: Lineage, position: SourcePosition): Buffer {
  if (lineage.kind === 'feed' && position.block === lineage.sequence && position.source === lineage.feed)
    return NOTHING
  if (lineage.kind === 'chain') {
    const packed = packChain(lineage)
    if (packed !== null) return packed
  }
  return Buffer.from(canonicalJson(lineage))
}

/** Reads what `packLineage` wrote; the result is checked by the observation's digest alone. */
export function unpackLineage(bytes: Buffer, { source, block, logIndex }: SourcePosition): Lineage {
  if (bytes.length === 0) return { kind: 'feed', feed: source, sequence: block }
  if (bytes.length !== CHAIN_BYTES || bytes[CHAIN_BYTES - 1] === 0x7d)
    return parseCanonicalJson(bytes.toString()) as Lineage
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

/** The pieces of hexadecimal that a source row has in common with its lineage. */
export function knownPieces(lineage: Lineage): readonly string[] {
  return lineage.kind === 'chain' ? [lineage.address, lineage.blockHash, lineage.transactionHash] : []
}

function packChain({ address, blockHash, transactionHash, estimated }: ChainLineage): Buffer | null {
  const joined = estimated.join()
  const place = ESTIMATED.findIndex(fields => fields.join() === joined)
  if (place === -1 || address.length !== 42 || blockHash.length !== 66 || transactionHash.length !== 66)
    return null
  for (const text of [address, blockHash, transactionHash]) if (!LOWER_HEX.test(text)) return null
  const bytes = Buffer.allocUnsafe(CHAIN_BYTES)
  bytes.write(address.slice(2), 0, 'hex')
  bytes.write(blockHash.slice(2), 20, 'hex')
  bytes.write(transactionHash.slice(2), 52, 'hex')
  bytes[84] = place
  return bytes
}
