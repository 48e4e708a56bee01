import { setImmediate as nextTurn } from 'node:timers/promises'
import { IntegrityError, type StoredObservation, toStoredObservation } from '../../core/index.ts'
import { chainRow } from '../decode/chainRow.ts'
import { addressesOf, type ContractSpec } from '../decode/contractSpec.ts'
import { normaliseByFirst } from '../decode/normaliseLog.ts'
import { type HeaderSupplement, placeLog } from '../decode/placeLog.ts'
import { lowerHex, type RpcLog } from '../decode/rpcLog.ts'
import type { ChainSource } from '../sources/chainSource.ts'
import { fetchHeader, quantityOf, type SourceHeader } from '../sources/requestRpc.ts'

/** Requests that run side by side: enough to hide a node's latency, few enough for a public one. */
export const RPC_CONCURRENCY = 4

/** Blocks whose headers are kept in memory; older ones are asked for again. */
const HEADER_CACHE_BLOCKS = 4_096

/** Logs decoded in one turn of the event loop: a few milliseconds, so that the database is kept busy meanwhile. */
const TURN_LOGS = 256

/** Logs read as their contracts say. */
export type ReadLogs = {
  readonly observations: readonly StoredObservation[]
  /** Logs that no contract recognised. */
  readonly skipped: number
}

export type LogReaderOptions = {
  readonly source: ChainSource
  readonly contracts: readonly ContractSpec[]
  readonly finalityDelayMs?: number
  readonly signal?: AbortSignal | undefined
}

/** Turns raw logs into observations, asking for headers only where a log lacks its block's hash or time. */
export function createLogReader(options: LogReaderOptions) {
  const visitLogs = createLogVisitor(options)
  return async function readLogs(logs: readonly RpcLog[]): Promise<ReadLogs> {
    const observations: StoredObservation[] = []
    const skipped = await visitLogs(logs, observation => observations.push(observation))
    return { observations, skipped }
  }
}

/** As `createLogReader`, but hands on each observation as it is read; returns how many logs were skipped. */
export function createLogVisitor({ source, contracts, finalityDelayMs = 0, signal }: LogReaderOptions) {
  const headers = new Map<number, Promise<SourceHeader | null>>()
  const options = { chainId: source.chainId, anchor: source.anchor, finalityDelayMs }
  const addresses = new Set<string>(addressesOf(contracts))

  function headerOf(block: number): Promise<SourceHeader | null> {
    const known = headers.get(block)
    if (known !== undefined) return known
    const header = fetchHeader(source, block, signal)
    if (headers.size >= HEADER_CACHE_BLOCKS) headers.delete(headers.keys().next().value ?? block)
    headers.set(block, header)
    // A failure must not be remembered, nor count as unhandled before it is awaited.
    header.catch(() => headers.delete(block))
    return header
  }

  async function supplementFor(log: RpcLog): Promise<HeaderSupplement | null> {
    const lacksHash = log.blockHash === null
    const lacksTime = log.blockTimestamp === null
    if (!lacksHash && !lacksTime) return null
    const header = await headerOf(Number(log.blockNumber))
    if (header === null) return null
    if (log.blockHash !== null && lowerHex(log.blockHash) !== header.hash) throw changedBlock(source, header)
    const hash = lacksHash && !header.estimated.includes('blockHash') ? header.hash : null
    const timestamp =
      lacksTime && !header.estimated.includes('blockTime') ? quantityOf(header.timestampMs / 1_000) : null
    return hash === null && timestamp === null ? null : { hash, timestamp }
  }

  return async function visitLogs(
    logs: readonly RpcLog[],
    take: (observation: StoredObservation) => void,
  ): Promise<number> {
    // Ask for what is missing at once, then read in order.
    const isComplete = logs.every(log => log.blockHash !== null && log.blockTimestamp !== null)
    const supplements = isComplete ? [] : await Promise.all(logs.map(supplementFor))
    let skipped = 0
    for (const [index, log] of logs.entries()) {
      if (index % TURN_LOGS === TURN_LOGS - 1) await nextTurn()
      const supplement = supplements[index] ?? null
      const placed = placeLog(log, supplement, options)
      if (!addresses.has(placed.address)) throw foreignLog(source, placed.address)
      const event = normaliseByFirst(placed, contracts, options)
      if (event === null) skipped++
      else take(toStoredObservation(event, chainRow(log, supplement)))
    }
    return skipped
  }
}

/** A block was replaced between two answers. */
export function changedBlock(source: ChainSource, header: { readonly number: number }): IntegrityError {
  return new IntegrityError(`Block ${header.number} of chain ${source.chainId} changed while it was read.`, {
    facts: { block: header.number, chainId: source.chainId },
    hint: 'Read only blocks that are final, or follow the chain, which undoes a reorg.',
  })
}

function foreignLog(source: ChainSource, address: string): IntegrityError {
  return new IntegrityError(`${source.endpoint} gave a log of ${address}, which was not asked for.`, {
    facts: { endpoint: source.endpoint, address },
    hint: 'The node ignores the address filter: use another.',
  })
}
