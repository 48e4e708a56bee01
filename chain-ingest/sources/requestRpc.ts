import { setTimeout as delay } from 'node:timers/promises'
import {
  type Address,
  type BlockHeader,
  type EstimatedField,
  type Hash,
  type Hex,
  InvalidInputError,
  UnavailableError,
  unixMsFromSeconds,
} from '../../core/index.ts'
import { parseQuantity, parseRpcLog, parseWord, type RpcLog } from '../decode/rpcLog.ts'
import type { ChainSource } from './chainSource.ts'
import { unavailable } from './endpoint.ts'
import { isPermanent, isRangeError, isUnknownBlock } from './rpcError.ts'

/** A header as a source gives it; a recording says which of its fields it derived. */
export type SourceHeader = BlockHeader & { readonly estimated: readonly EstimatedField[] }

/** Which logs to fetch: those of a range of blocks, or of the one block with a hash. */
export type LogFilter =
  | { readonly fromBlock: number; readonly toBlock: number }
  | { readonly blockHash: `0x${string}` }

const MAX_ATTEMPTS = 4
const FIRST_RETRY_MS = 150

/** Asks a source, again after a failure that may pass. Range errors and unknown blocks are thrown as they are. */
async function requestRpc(
  source: ChainSource,
  method: 'eth_getLogs' | 'eth_getBlockByNumber' | 'eth_chainId' | 'eth_call',
  params: readonly unknown[],
  signal?: AbortSignal,
): Promise<unknown> {
  // viem types the parameters per method; these are checked by what the callers below build.
  const request = source.client.request as (call: { method: string; params: unknown }) => Promise<unknown>
  const isRange = method === 'eth_getLogs' && JSON.stringify(params).includes('"fromBlock"')
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    try {
      return await request({ method, params })
    } catch (error) {
      if ((method === 'eth_getLogs' || method === 'eth_call') && isUnknownBlock(error)) throw error
      // The logs of one block cannot be asked for in smaller parts.
      if (isRange && isRangeError(error)) throw error
      if (error instanceof InvalidInputError) throw error
      if (isPermanent(error) || attempt === MAX_ATTEMPTS) throw unavailable(source.endpoint, method, error)
      await delay(FIRST_RETRY_MS * 2 ** (attempt - 1), undefined, signal === undefined ? {} : { signal })
    }
  }
}

/** The chain id that the source answers now; a node may have been replaced behind its URL. */
export async function fetchChainId(source: ChainSource, signal?: AbortSignal): Promise<number> {
  const chainId = parseQuantity(await requestRpc(source, 'eth_chainId', [], signal))
  if (chainId === null) throw malformed(source, 'eth_chainId', 'it is not a number')
  return chainId
}

/** The header of a block, of the latest one, or of the last final one; null when the source has no such block. */
export async function fetchHeader(
  source: ChainSource,
  block: number | 'latest' | 'finalized',
  signal?: AbortSignal,
): Promise<SourceHeader | null> {
  const tag = typeof block === 'string' ? block : quantityOf(block)
  const answer = await requestRpc(source, 'eth_getBlockByNumber', [tag, false], signal)
  if (answer === null || answer === undefined) return null
  const header = parseHeader(answer)
  if (header === null || (typeof block === 'number' && header.number !== block))
    throw malformed(source, 'eth_getBlockByNumber', `it is not the header of block ${block}`)
  return header
}

/**
 * The header of the last block that a source has.
 *
 * @throws UnavailableError when it has none.
 */
export async function fetchHead(source: ChainSource, signal?: AbortSignal): Promise<SourceHeader> {
  const head = await fetchHeader(source, 'latest', signal)
  if (head !== null) return head
  throw new UnavailableError(`${source.endpoint} has no block yet.`, {
    facts: { endpoint: source.endpoint },
    hint: 'Wait until the node has synchronised.',
  })
}

/** Logs of contracts, in the order of the chain. */
export async function fetchLogs(
  source: ChainSource,
  addresses: readonly string[],
  filter: LogFilter,
  signal?: AbortSignal,
): Promise<RpcLog[]> {
  const range =
    'blockHash' in filter
      ? filter
      : { fromBlock: quantityOf(filter.fromBlock), toBlock: quantityOf(filter.toBlock) }
  const answer = await requestRpc(source, 'eth_getLogs', [{ address: addresses, ...range }], signal)
  if (!Array.isArray(answer)) throw malformed(source, 'eth_getLogs', 'it is not a list')
  const logs = answer.map(item => {
    const log = parseRpcLog(item)
    if (typeof log === 'string') throw malformed(source, 'eth_getLogs', log)
    return log
  })
  return logs.sort(
    (a, b) => Number(a.blockNumber) - Number(b.blockNumber) || Number(a.logIndex) - Number(b.logIndex),
  )
}

/**
 * What a contract answers to a call at the end of a block: one word. The block is named by its hash (EIP-1898), so
 * that the answer is of the branch that its logs were read from.
 *
 * @throws UnavailableError when the node or the contract does not answer; an unknown block is thrown as it is.
 */
export async function fetchCall(
  source: ChainSource,
  call: { readonly to: Address; readonly data: Hex },
  blockHash: Hash,
  signal?: AbortSignal,
): Promise<Hex> {
  const word = parseWord(await requestRpc(source, 'eth_call', [call, { blockHash }], signal))
  if (word === null) throw malformed(source, 'eth_call', 'it is not one word')
  return word
}

/** Reads a JSON-RPC block header; null when it is none. */
export function parseHeader(value: unknown): SourceHeader | null {
  if (value === null || typeof value !== 'object') return null
  const number = 'number' in value ? parseQuantity(value.number) : null
  const hash = 'hash' in value ? parseWord(value.hash) : null
  const parentHash = 'parentHash' in value ? parseWord(value.parentHash) : null
  const seconds = 'timestamp' in value ? parseQuantity(value.timestamp) : null
  if (number === null || hash === null || parentHash === null || seconds === null) return null
  const estimated = 'estimated' in value && Array.isArray(value.estimated) ? value.estimated : []
  return {
    number,
    hash,
    parentHash,
    timestampMs: unixMsFromSeconds(seconds),
    estimated: estimated.filter(field => field === 'blockHash' || field === 'blockTime'),
  }
}

/** Writes a whole number as JSON-RPC does. */
export function quantityOf(value: number): `0x${string}` {
  return `0x${value.toString(16)}`
}

function malformed(source: ChainSource, method: string, problem: string): UnavailableError {
  return new UnavailableError(
    `The node at ${source.endpoint} gave a malformed answer to ${method}: ${problem}.`,
    {
      facts: { endpoint: source.endpoint, method, problem },
      hint: 'Try another node.',
    },
  )
}
