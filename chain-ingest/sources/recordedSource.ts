import { basename } from 'node:path'
import { createPublicClient, custom } from 'viem'
import {
  type EstimatedField,
  type Hash,
  InvalidInputError,
  type UnixMs,
  unixMsFromSeconds,
} from '../../core/index.ts'
import { type BlockTimeAnchor, derivedBlockHash, interpolatedTime } from '../decode/placeLog.ts'
import type { RpcLog } from '../decode/rpcLog.ts'
import type { ChainSource } from './chainSource.ts'
import { type Recording, readRecording } from './readRecording.ts'
import { quantityOf } from './requestRpc.ts'

export type RecordedSourceOptions = {
  /** Recordings of one chain (RECORDING.md). */
  readonly files: readonly string[]
  /** A recording does not say which chain it is of. */
  readonly chainId: number
  /** Needed where logs have no `blockTimestamp` and no header: their times are interpolated from it. */
  readonly anchor?: BlockTimeAnchor
}

/**
 * A recording as a chain: an EIP-1193 transport that answers `eth_chainId`, `eth_blockNumber`, `eth_getLogs`,
 * `eth_getBlockByNumber` and `eth_getBlockByHash`. Headers that were not recorded are derived: their hash from
 * chain id and number, and marked so, with parent hashes that link up.
 *
 * @throws InvalidInputError when a line is malformed, or blocks have no time and there is no anchor.
 */
export async function createRecordedSource(options: RecordedSourceOptions): Promise<ChainSource> {
  const { files, chainId, anchor = null } = options
  const recording = await readRecording(files)
  if (recording.firstWithoutTime !== null && anchor === null)
    throw new InvalidInputError(
      `${recording.firstWithoutTime} has no blockTimestamp, and no anchor is given to estimate it from.`,
      {
        facts: { place: recording.firstWithoutTime },
        hint: 'Give an anchor: a block number, its time, and the time between blocks.',
      },
    )
  const chain = recordedChain(recording, chainId, anchor)
  const client = createPublicClient({ transport: custom({ request: chain.request }, { retryCount: 0 }) })
  return {
    kind: 'recorded',
    chainId,
    client,
    endpoint: files.map(file => basename(file)).join(', '),
    firstBlock: chain.firstBlock,
    estimatedFields: chain.estimatedFields,
    anchor,
    subscribeHeads: null,
    close: async () => undefined,
  }
}

type Request = { readonly method: string; readonly params?: unknown }

/** The parameter of `eth_getLogs`, before it is checked. */
type FilterFields = {
  readonly [Field in 'address' | 'topics' | 'fromBlock' | 'toBlock' | 'blockHash']?: unknown
}

class RecordingError extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

function recordedChain(recording: Recording, chainId: number, anchor: BlockTimeAnchor | null) {
  const { blocks, logs, headers, hashes } = recording
  const firstBlock = blocks[0] ?? 0
  const lastBlock = blocks.at(-1) ?? 0

  const hashOf = (block: number): Hash => hashes.get(block) ?? derivedBlockHash(chainId, block)

  function recordedTime(block: number): UnixMs | null {
    const header = headers.get(block)
    if (header !== undefined) return header.timestampMs
    const stated = logs.get(block)?.find(log => log.blockTimestamp !== null)?.blockTimestamp
    return stated === undefined || stated === null ? null : unixMsFromSeconds(Number(stated))
  }

  /** Of a block without logs no observation has this time; it is the last one recorded before it. */
  function estimatedTime(block: number): UnixMs {
    if (anchor !== null) return interpolatedTime(block, anchor)
    const time = recordedTime(blocks[Math.max(0, firstIndexFrom(blocks, block + 1) - 1)] ?? firstBlock)
    return time ?? unixMsFromSeconds(0)
  }

  function block(number: number): unknown {
    if (number < 0 || number > lastBlock) return null
    const time = recordedTime(number)
    const estimated: EstimatedField[] = []
    if (!hashes.has(number)) estimated.push('blockHash')
    if (time === null) estimated.push('blockTime')
    return {
      number: quantityOf(number),
      hash: hashOf(number),
      parentHash: headers.get(number)?.parentHash ?? hashOf(number - 1),
      timestamp: quantityOf((time ?? estimatedTime(number)) / 1_000),
      estimated,
    }
  }

  function blockOf(tag: unknown): number {
    if (tag === 'earliest') return firstBlock
    if (typeof tag === 'string' && /^0x[0-9a-f]+$/i.test(tag)) return Number(tag)
    return lastBlock
  }

  function getLogs(filter: FilterFields): RpcLog[] {
    const { blockHash } = filter
    let range = { from: blockOf(filter.fromBlock), to: blockOf(filter.toBlock) }
    if (typeof blockHash === 'string') {
      const found = blocks.find(number => hashOf(number) === blockHash.toLowerCase())
      if (found === undefined) throw new RecordingError(-32_000, 'unknown block')
      range = { from: found, to: found }
    }
    const matches = logMatcher(filter)
    const found: RpcLog[] = []
    for (let at = firstIndexFrom(blocks, range.from); at < blocks.length; at++) {
      const number = blocks[at]
      if (number === undefined || number > range.to) break
      for (const log of logs.get(number) ?? []) if (matches(log)) found.push(log)
    }
    return found
  }

  async function request({ method, params }: Request): Promise<unknown> {
    const [first] = Array.isArray(params) ? params : []
    switch (method) {
      case 'eth_chainId':
        return quantityOf(chainId)
      case 'eth_blockNumber':
        return quantityOf(lastBlock)
      case 'eth_getBlockByNumber':
        return block(blockOf(first))
      case 'eth_getBlockByHash': {
        const found = blocks.find(number => hashOf(number) === String(first).toLowerCase())
        return found === undefined ? null : block(found)
      }
      case 'eth_getLogs':
        return getLogs(first !== null && typeof first === 'object' ? { ...first } : {})
      default:
        throw new RecordingError(-32_601, `a recording does not answer ${method}`)
    }
  }

  const estimatedFields: EstimatedField[] = []
  if (blocks.some(number => !hashes.has(number))) estimatedFields.push('blockHash')
  if (recording.firstWithoutTime !== null) estimatedFields.push('blockTime')
  return { request, firstBlock, estimatedFields }
}

/** The filter of `eth_getLogs`: an address or several; per topic a word, several, or null for any. */
function logMatcher(filter: FilterFields): (log: RpcLog) => boolean {
  const addresses = wordSet(filter.address)
  const topics = Array.isArray(filter.topics) ? filter.topics.map(wordSet) : []
  return log =>
    (addresses === null || addresses.has(log.address.toLowerCase())) &&
    topics.every((wanted, index) => wanted === null || wanted.has(log.topics[index]?.toLowerCase() ?? ''))
}

function wordSet(value: unknown): ReadonlySet<string> | null {
  if (value === null || value === undefined) return null
  return new Set((Array.isArray(value) ? value : [value]).map(item => String(item).toLowerCase()))
}

/** Index of the first block at or above a number, by bisection. */
function firstIndexFrom(blocks: readonly number[], number: number): number {
  let low = 0
  let high = blocks.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((blocks[middle] ?? 0) < number) low = middle + 1
    else high = middle
  }
  return low
}
