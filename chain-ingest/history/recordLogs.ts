import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { InvalidInputError } from '../../core/index.ts'
import type { ChainSource } from '../sources/chainSource.ts'
import { fetchHeader, quantityOf, type SourceHeader } from '../sources/requestRpc.ts'
import { createRpcSource } from '../sources/rpcSource.ts'
import { mapInOrder } from './inOrder.ts'
import { changedBlock, RPC_CONCURRENCY } from './logReader.ts'
import type { LogRange } from './rangeReader.ts'
import type { ChainProgress } from './readChainObservations.ts'
import { readLogRanges } from './readLogRanges.ts'

export type RecordLogsOptions = {
  readonly rpcUrl: string
  readonly expectedChainId?: number
  readonly fromBlock: number
  /** Inclusive; must exist, and should be final. */
  readonly toBlock: number
  readonly addresses: readonly string[]
  /** File to write, gzipped; an existing one is replaced, when the new one is complete. */
  readonly out: string
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: ChainProgress) => void) | undefined
}

/** What a recording holds. */
export type RecordingSummary = {
  readonly chainId: number
  readonly logs: number
  readonly headers: number
}

/**
 * Records the logs of contracts, with the headers of their blocks and of the range's ends (RECORDING.md).
 * The file appears whole or not at all.
 *
 * @throws InvalidInputError when the range or an address is wrong, UnavailableError when the node fails.
 */
export async function recordLogs(options: RecordLogsOptions): Promise<RecordingSummary> {
  const { rpcUrl, expectedChainId, fromBlock, toBlock, addresses, out, signal, onProgress } = options
  checkOptions(options)
  const source = await createRpcSource(
    expectedChainId === undefined ? { url: rpcUrl } : { url: rpcUrl, expectedChainId },
  )
  const temporary = `${out}.${randomUUID()}.tmp`
  try {
    const head = await fetchHeader(source, 'latest', signal)
    if (head === null || head.number < toBlock)
      throw new InvalidInputError(
        `Block ${toBlock} does not exist yet; the last is ${head?.number ?? 'none'}.`,
        {
          facts: { toBlock, head: head?.number ?? null },
          hint: 'Record up to a block that exists, better one that is final.',
        },
      )
    let headers = 0
    let logs = 0
    async function* lines(): AsyncGenerator<string> {
      for await (const range of readLogRanges({ source, addresses, fromBlock, toBlock, signal })) {
        for (const header of await headersOf(source, range, range.fromBlock === fromBlock, signal)) {
          headers++
          yield `${JSON.stringify(headerLine(header))}\n`
        }
        for (const log of range.logs) yield `${JSON.stringify(log)}\n`
        logs += range.logs.length
        onProgress?.({ fromBlock, toBlock, block: range.toBlock, logs })
      }
    }
    // On disk before it has its name: a crash leaves no file that looks complete.
    await pipeline(lines(), createGzip(), createWriteStream(temporary, { flags: 'wx', flush: true }))
    await rename(temporary, out)
    return { chainId: source.chainId, logs, headers }
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  } finally {
    await source.close()
  }
}

/** The headers of the blocks that have logs, of the range's last block, and of its first if asked. */
async function headersOf(
  source: ChainSource,
  { fromBlock, lastHeader, logs }: LogRange,
  withFirst: boolean,
  signal: AbortSignal | undefined,
): Promise<SourceHeader[]> {
  const hashes = new Map<number, string | null>()
  if (withFirst) hashes.set(fromBlock, null)
  for (const log of logs) hashes.set(Number(log.blockNumber), log.blockHash)
  hashes.delete(lastHeader.number)
  const headers = await mapInOrder([...hashes], RPC_CONCURRENCY, async ([number, hash]) => {
    const header = await fetchHeader(source, number, signal)
    if (header === null || (hash !== null && hash.toLowerCase() !== header.hash))
      throw changedBlock(source, { number })
    return header
  })
  return [...headers, lastHeader]
}

/** A header as JSON-RPC writes it, with the fields that a recording needs. */
function headerLine(header: SourceHeader) {
  return {
    number: quantityOf(header.number),
    hash: header.hash,
    parentHash: header.parentHash,
    timestamp: quantityOf(header.timestampMs / 1_000),
  }
}

function checkOptions({ fromBlock, toBlock, addresses }: RecordLogsOptions): void {
  if (
    !Number.isSafeInteger(fromBlock) ||
    !Number.isSafeInteger(toBlock) ||
    fromBlock < 0 ||
    fromBlock > toBlock
  )
    throw new InvalidInputError(`Blocks ${fromBlock} to ${toBlock} are not a range.`, {
      facts: { fromBlock, toBlock },
      hint: 'Name a first block, and a last block that is not before it.',
    })
  if (addresses.length === 0)
    throw new InvalidInputError('There is no address to record.', { hint: 'Name at least one contract.' })
  for (const address of addresses)
    if (!/^0x[0-9a-fA-F]{40}$/.test(address))
      throw new InvalidInputError(`"${address}" is not an address.`, {
        facts: { address },
        hint: 'Write 0x and 40 hexadecimal digits.',
      })
}
