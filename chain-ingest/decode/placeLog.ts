import {
  type Address,
  type EstimatedField,
  type Hash,
  type Hex,
  InvalidInputError,
  sha256,
  type UnixMs,
  unixMs,
  unixMsFromSeconds,
} from '../../core/index.ts'
import { lowerHex, type RpcLog } from './rpcLog.ts'

/** One known block, and the time between blocks, from which the times of others are interpolated. */
export type BlockTimeAnchor = {
  readonly blockNumber: number
  readonly timeMs: UnixMs
  readonly blockTimeMs: number
}

/** What a source's block header adds to a log that lacks it, as JSON-RPC gives it. */
export type HeaderSupplement = { readonly hash: Hex | null; readonly timestamp: Hex | null }

/** A log whose place and time in the chain are complete; hexadecimal is lower-case. */
export type PlacedLog = {
  readonly address: Address
  readonly topics: readonly Hex[]
  readonly data: Hex
  readonly blockNumber: number
  readonly blockHash: Hash
  readonly blockTime: UnixMs
  readonly transactionHash: Hash
  readonly logIndex: number
  readonly estimated: readonly EstimatedField[]
}

/** What stands in for what a source did not record. */
export type PlaceOptions = { readonly chainId: number; readonly anchor?: BlockTimeAnchor | null }

/**
 * Completes a log: its own block hash and time where it has them, else the header's, else a derived hash and
 * a time interpolated from the anchor, both marked as estimated.
 *
 * @throws InvalidInputError when nothing says what time the block had.
 */
export function placeLog(log: RpcLog, header: HeaderSupplement | null, options: PlaceOptions): PlacedLog {
  const blockNumber = Number(log.blockNumber)
  const estimated: EstimatedField[] = []
  const hash = log.blockHash ?? header?.hash ?? null
  if (hash === null) estimated.push('blockHash')
  const seconds = log.blockTimestamp ?? header?.timestamp ?? null
  if (seconds === null) estimated.push('blockTime')
  return {
    address: lowerHex(log.address),
    topics: log.topics.map(lowerHex),
    data: lowerHex(log.data),
    blockNumber,
    blockHash: hash === null ? derivedBlockHash(options.chainId, blockNumber) : lowerHex(hash),
    blockTime:
      seconds === null
        ? interpolatedTime(blockNumber, options.anchor ?? null)
        : unixMsFromSeconds(Number(seconds)),
    transactionHash: lowerHex(log.transactionHash),
    logIndex: Number(log.logIndex),
    estimated,
  }
}

/** The hash that stands in for an unrecorded one: SHA-256 of chain id and number, so that it never varies. */
export function derivedBlockHash(chainId: number, blockNumber: number): Hash {
  return sha256(`touchstone:unrecorded-block:${chainId}:${blockNumber}`)
}

/** The time of a block by the anchor, rounded down to whole seconds, as chains count. */
export function interpolatedTime(blockNumber: number, anchor: BlockTimeAnchor | null): UnixMs {
  if (anchor === null)
    throw new InvalidInputError(
      `Block ${blockNumber} has no recorded time, and no anchor is given to estimate it from.`,
      {
        facts: { blockNumber },
        hint: 'Give an anchor: a block number, its time, and the time between blocks.',
      },
    )
  const time = anchor.timeMs + (blockNumber - anchor.blockNumber) * anchor.blockTimeMs
  return unixMs(Math.floor(time / 1_000) * 1_000)
}
