import { type Hash, UnavailableError } from '../../core/index.ts'
import type { RpcLog } from '../decode/rpcLog.ts'
import type { ChainSource } from '../sources/chainSource.ts'
import { reasonOf, redactUrls, unavailable } from '../sources/endpoint.ts'
import { fetchHeader, fetchLogs, type SourceHeader } from '../sources/requestRpc.ts'
import { isRangeError, isUnknownBlock } from '../sources/rpcError.ts'
import { changedBlock } from './logReader.ts'
import { suggestedBlocks } from './suggestedRange.ts'

/** The raw logs of consecutive blocks. */
export type LogRange = {
  readonly fromBlock: number
  readonly toBlock: number
  /** Header of the last block. */
  readonly lastHeader: SourceHeader
  readonly logs: readonly RpcLog[]
}

/** Hears that a node refused a range of so many blocks, and how many it says it would take; null where it does not. */
export type RefusalListener = { refused(blocks: number, suggested: number | null): void }

export type RangeReaderOptions = {
  readonly source: ChainSource
  readonly addresses: readonly string[]
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads the logs of ranges. One that the node refuses is read in parts, of the size that the refusal suggests or
 * else in halves.
 *
 * @throws UnavailableError when the source fails or refuses a single block, IntegrityError when a block changes
 * meanwhile.
 */
export function createRangeReader({ source, addresses, signal }: RangeReaderOptions) {
  async function logsOf(
    from: number,
    to: number,
    listener: RefusalListener,
    isPart = false,
  ): Promise<RpcLog[]> {
    try {
      return await fetchLogs(source, addresses, { fromBlock: from, toBlock: to }, signal)
    } catch (error) {
      if (isUnknownBlock(error)) throw unavailable(source.endpoint, 'eth_getLogs', error)
      if (!isRangeError(error)) throw error
      if (from === to) throw tooManyLogs(source, from, error)
      const blocks = to - from + 1
      // A node that refuses what it suggested itself is not believed again.
      const suggested = isPart ? null : suggestedBlocks(reasonOf(error), from, blocks)
      listener.refused(blocks, suggested)
      const part = suggested ?? Math.ceil(blocks / 2)
      const logs: RpcLog[] = []
      for (let start = from; start <= to; start += part)
        for (const log of await logsOf(start, Math.min(to, start + part - 1), listener, true)) logs.push(log)
      return logs
    }
  }

  return async function readRange(from: number, to: number, listener: RefusalListener): Promise<LogRange> {
    const [logs, lastHeader] = await Promise.all([
      logsOf(from, to, listener),
      fetchHeader(source, to, signal),
    ])
    if (lastHeader === null) throw noSuchBlock(source, to)
    checkBlocks(source, logs, lastHeader, from)
    return { fromBlock: from, toBlock: to, lastHeader, logs }
  }
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
