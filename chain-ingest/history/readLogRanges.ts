import { type Hash, UnavailableError } from '../../core/index.ts'
import type { RpcLog } from '../decode/rpcLog.ts'
import type { ChainSource } from '../sources/chainSource.ts'
import { reasonOf, redactUrls, unavailable } from '../sources/endpoint.ts'
import { fetchHeader, fetchLogs, type SourceHeader } from '../sources/requestRpc.ts'
import { isRangeError, isUnknownBlock } from '../sources/rpcError.ts'
import { createChunkSizer } from './chunkSizer.ts'
import { inOrder } from './inOrder.ts'
import { changedBlock, RPC_CONCURRENCY } from './logReader.ts'

/** Blocks of the first range asked of a node; 20 to 100 measured best where every block has logs. */
const RPC_CHUNK_BLOCKS = 100
/** Blocks of a range that public nodes commonly allow at most. */
const RPC_MAX_CHUNK_BLOCKS = 2_000
/** A recording is in memory: larger ranges cost nothing. */
const RECORDED_CHUNK_BLOCKS = 1_000
const RECORDED_MAX_CHUNK_BLOCKS = 100_000

export type LogRangeOptions = {
  readonly source: ChainSource
  readonly addresses: readonly string[]
  readonly fromBlock: number
  /** Inclusive; must exist. */
  readonly toBlock: number
  /** Fixes the blocks of a range; by default they follow from how many logs a range brings. */
  readonly chunkBlocks?: number
  readonly signal?: AbortSignal | undefined
}

/** The raw logs of consecutive blocks. */
export type LogRange = {
  readonly fromBlock: number
  readonly toBlock: number
  /** Header of the last block. */
  readonly lastHeader: SourceHeader
  readonly logs: readonly RpcLog[]
}

/** Reads logs in ranges, several at a time, in order; halves a range that the node refuses. */
export async function* readLogRanges(options: LogRangeOptions): AsyncGenerator<LogRange> {
  const { source, addresses, toBlock, signal } = options
  const [initial, max] =
    options.chunkBlocks !== undefined
      ? [options.chunkBlocks, options.chunkBlocks]
      : source.kind === 'rpc'
        ? [RPC_CHUNK_BLOCKS, RPC_MAX_CHUNK_BLOCKS]
        : [RECORDED_CHUNK_BLOCKS, RECORDED_MAX_CHUNK_BLOCKS]
  const sizer = createChunkSizer(initial, max)

  async function logsOf(from: number, to: number): Promise<RpcLog[]> {
    try {
      return await fetchLogs(source, addresses, { fromBlock: from, toBlock: to }, signal)
    } catch (error) {
      if (isUnknownBlock(error)) throw unavailable(source.endpoint, 'eth_getLogs', error)
      if (!isRangeError(error)) throw error
      if (from === to) throw tooManyLogs(source, from, error)
      sizer.refused(to - from + 1)
      const middle = Math.floor((from + to) / 2)
      return [...(await logsOf(from, middle)), ...(await logsOf(middle + 1, to))]
    }
  }

  async function readRange(from: number, to: number): Promise<LogRange> {
    const [logs, lastHeader] = await Promise.all([logsOf(from, to), fetchHeader(source, to, signal)])
    if (lastHeader === null) throw noSuchBlock(source, to)
    checkBlocks(source, logs, lastHeader, from)
    sizer.brought(to - from + 1, logs.length)
    return { fromBlock: from, toBlock: to, lastHeader, logs }
  }

  let next = options.fromBlock
  yield* inOrder(RPC_CONCURRENCY, () => {
    if (next > toBlock) return null
    const from = next
    const to = Math.min(toBlock, from + sizer.size() - 1)
    next = to + 1
    return () => readRange(from, to)
  })
}

/** Refuses logs outside the range, and logs of one block that disagree about its hash. */
function checkBlocks(
  source: ChainSource,
  logs: readonly RpcLog[],
  lastHeader: SourceHeader,
  from: number,
): void {
  const known = new Map<number, Hash | null>()
  if (!lastHeader.estimated.includes('blockHash')) known.set(lastHeader.number, lastHeader.hash)
  for (const log of logs) {
    const number = Number(log.blockNumber)
    const hash = known.get(number)
    if (number < from || number > lastHeader.number) throw changedBlock(source, { number })
    if (hash === undefined) known.set(number, log.blockHash)
    else if (log.blockHash !== null && log.blockHash.toLowerCase() !== hash?.toLowerCase())
      throw changedBlock(source, { number })
  }
}

function tooManyLogs(source: ChainSource, block: number, error: unknown): UnavailableError {
  const reason = redactUrls(reasonOf(error))
  return new UnavailableError(`${source.endpoint} refuses the logs of block ${block} alone: ${reason}`, {
    facts: { endpoint: source.endpoint, block, reason },
    hint: 'Use a node with a higher limit, or fewer contracts at a time.',
  })
}

function noSuchBlock(source: ChainSource, block: number): UnavailableError {
  return new UnavailableError(`${source.endpoint} has no block ${block} (yet).`, {
    facts: { endpoint: source.endpoint, block },
    hint: 'Wait until the node has synchronised, or read up to an earlier block.',
  })
}
