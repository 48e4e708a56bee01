import { setTimeout as delay } from 'node:timers/promises'
import {
  type BlockHeader,
  type Cursor,
  chainSource,
  type Hash,
  type MarketEventType,
  type ObservationStore,
  type StoredObservation,
  UnavailableError,
  type UnixMs,
  unixMs,
} from '../../core/index.ts'
import { addressesOf, type ContractSpec, checkContracts, streamOf } from '../decode/contractSpec.ts'
import { createStoredPoller } from '../requests/storedPoller.ts'
import type { ChainSource } from '../sources/chainSource.ts'
import { fetchHead, fetchHeader, fetchLogs, type SourceHeader } from '../sources/requestRpc.ts'
import { isUnknownBlock } from '../sources/rpcError.ts'
import { createFinality, DEFAULT_FINALITY_BLOCKS, type Finality } from './finality.ts'
import { createFinalReader } from './finalReader.ts'
import { mapInOrder } from './inOrder.ts'
import { createLogReader, RPC_CONCURRENCY } from './logReader.ts'
import type { ChainBatch } from './readChainObservations.ts'
import { createStoredBranch } from './storedBranch.ts'

/** A reorg that was found and undone in the store. */
export type Reorg = {
  /** Last block that both branches share. */
  readonly forkBlock: number
  readonly forkHash: Hash
  /** Last block stored of the abandoned branch. */
  readonly oldBlock: number
  /** Observations withdrawn from the store. */
  readonly withdrawn: number
  /** When agents see what was withdrawn; null where none can have seen any of it. */
  readonly visibleAt: UnixMs | null
}

/** A batch after it became durable. */
export type IngestedBatch = ChainBatch & {
  /** Observations that were not stored before. */
  readonly added: number
}

/** What is known of a batch whose observations are not needed any more. */
export type StoredBlocks = Pick<IngestedBatch, 'fromBlock' | 'toBlock' | 'logs' | 'skipped' | 'added'>

/** What was ingested in one run. */
export type IngestCounts = {
  /** Logs read, recognised or not. */
  readonly logs: number
  /** Observations that were new to the store. */
  readonly observations: number
  /** Observations read, by type of event. */
  readonly byType: Readonly<Partial<Record<MarketEventType, number>>>
  /** Logs that no contract recognised. */
  readonly unrecognised: number
  /** Last block that the store has completely; null when there is none yet. */
  readonly block: number | null
}

export type ChainSyncOptions = {
  readonly source: ChainSource
  readonly contracts: readonly ContractSpec[]
  readonly store: ObservationStore
  /** Names the cursor; by default a hash of the contracts. A stream that has begun goes on from its cursor. */
  readonly stream?: string | undefined
  /** First block of a stream that has no cursor yet; by default the source's first. */
  readonly fromBlock?: number | undefined
  readonly finalityDelayMs?: number | undefined
  /** Blocks that must follow one before agents see it: what a reorg replaces above leaves no trace. */
  readonly confirmations?: number | undefined
  readonly chunkBlocks?: number | undefined
  /** Blocks that are not final may still be replaced; their headers are stored. By default the last 64. */
  readonly finality?: Finality | undefined
  /** Threads that read a long past; by default as many as the machine has room for, 0 for none. */
  readonly threads?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Told of the chain's newest block whenever it is looked at. */
  readonly onHead?: ((block: number) => void) | undefined
  /** Told of each write with its observations; a long past is read faster without (`onStored`). */
  readonly onBatch?: ((batch: IngestedBatch) => void | Promise<void>) | undefined
  /** Told of each write. */
  readonly onStored?: ((batch: StoredBlocks) => void | Promise<void>) | undefined
  readonly onReorg?: ((reorg: Reorg) => void | Promise<void>) | undefined
}

/** Brings a store up to a chain's head, step by step. */
export type ChainSync = {
  /**
   * Reads everything up to the head, or to a block. Takes a pushed header as the head where it follows the
   * cursor. Returns false when the node is behind what is stored.
   */
  advance(options?: { toBlock?: number; pushed?: SourceHeader | null }): Promise<boolean>
  counts(): IngestCounts
}

/** Unfinalised blocks that are stored in one write. */
const UNFINALISED_BATCH_BLOCKS = 16
/** How often a changing chain is read anew before giving up for now. */
const MAX_RESTARTS = 20
/** A node may push a block a moment before it answers for it: the first restarts come soon. */
const RESTART_DELAY_MS = 5

/**
 * Follows one stream of a chain into a store. Blocks that are final are read by ranges; those
 * above one by one, by hash, so that logs and header are of the same block, and with their headers stored.
 * A reorg shows when a block does not name its predecessor as its parent.
 */
export function createChainSync(options: ChainSyncOptions): ChainSync {
  const { source, contracts, store, signal, onBatch, onReorg } = options
  checkContracts(contracts)
  const { fromBlock = source.firstBlock, stream = streamOf(contracts), finalityDelayMs = 0 } = options
  const finalBlock = createFinality(source, options.finality ?? DEFAULT_FINALITY_BLOCKS, signal)
  const addresses = addressesOf(contracts)
  const name = chainSource(source.chainId)
  const readLogs = createLogReader({ source, contracts, finalityDelayMs, signal })
  const asking = createStoredPoller({ source, contracts, finalityDelayMs, signal, store })
  const branch = createStoredBranch(source, store, signal)
  const byType: Partial<Record<MarketEventType, number>> = {}
  const total = { logs: 0, observations: 0, unrecognised: 0 }
  let block: number | null = null
  let prunedTo = -1

  async function commit(batch: ChainBatch, headers: readonly BlockHeader[]): Promise<void> {
    const { toBlock, toBlockHash, observations } = batch
    const cursor: Cursor = { source: name, stream, block: toBlock, blockHash: toBlockHash }
    const added = await store.append({ observations, cursor, headers })
    const types: Partial<Record<MarketEventType, number>> = {}
    for (const { event } of observations) types[event.value.type] = (types[event.value.type] ?? 0) + 1
    await stored({ ...batch, added }, types)
    await onBatch?.({ ...batch, added })
  }

  async function stored(batch: StoredBlocks, types: IngestCounts['byType']): Promise<void> {
    total.logs += batch.logs
    total.observations += batch.added
    total.unrecognised += batch.skipped
    for (const [type, count] of Object.entries(types) as [MarketEventType, number][])
      byType[type] = (byType[type] ?? 0) + count
    block = batch.toBlock
    await options.onStored?.(batch)
  }

  const readFinal = createFinalReader({
    ...{ source, contracts, store, finalityDelayMs, signal, commit: batch => commit(batch, []) },
    ...{ cursor: { source: name, stream }, chunkBlocks: options.chunkBlocks, threads: options.threads },
    mustDecode: onBatch !== undefined,
    onEncoded: ({ byType: types, ...range }, added) => stored({ ...range, added }, types),
  })

  /** Reads blocks that may still be replaced; false when they were, meanwhile. */
  async function readUnfinalised(from: number, to: number, parent: Hash | null, head: SourceHeader) {
    const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index)
    const headers: SourceHeader[] = []
    for (const header of await mapInOrder(numbers, RPC_CONCURRENCY, async number =>
      number === head.number ? head : fetchHeader(source, number, signal),
    )) {
      const expected = headers.at(-1)?.hash ?? parent
      if (header === null || (expected !== null && header.parentHash !== expected)) return false
      headers.push(header)
    }
    const logs = await mapInOrder(headers, RPC_CONCURRENCY, header => logsOfBlock(header))
    if (logs.some(list => list === null)) return false
    const last = headers.at(-1)
    if (last === undefined) return true
    // A node that answers nothing instead of an error for a block it dropped must not make it look empty.
    const recheck = logs.some(list => list?.length === 0)
    if (recheck && (await fetchHeader(source, last.number, signal))?.hash !== last.hash) return false
    const flat = logs.flatMap(list => list ?? [])
    const read: { observations: readonly StoredObservation[]; skipped: number } = await readLogs(flat)
    const blocks = { fromBlock: from, toBlock: to, observations: read.observations }
    const observations = await asking.extend(blocks, headers)
    if (observations === null) return false
    await commit(
      { fromBlock: from, toBlock: to, toBlockHash: last.hash, logs: flat.length, ...read, observations },
      headers.map(({ number, hash, parentHash, timestampMs }) => ({ number, hash, parentHash, timestampMs })),
    )
    return true
  }

  async function logsOfBlock(header: SourceHeader) {
    try {
      const logs = await fetchLogs(source, addresses, { blockHash: header.hash }, signal)
      return logs.every(log => log.blockHash?.toLowerCase() === header.hash) ? logs : null
    } catch (error) {
      if (isUnknownBlock(error)) return null
      throw error
    }
  }

  /** Withdraws from the store what is above the last block that it shares with the chain. */
  async function undoReorg(cursor: Cursor, head: SourceHeader): Promise<void> {
    const fork = await branch.fork(cursor, head)
    const { withdrawn, visibleAt } = await store.rollback({
      source: name,
      toBlock: fork.number,
      toBlockHash: fork.hash,
      noticedAtMs: unixMs(head.timestampMs + finalityDelayMs),
      confirmations: options.confirmations ?? 0,
    })
    block = fork.number
    await onReorg?.({
      forkBlock: fork.number,
      forkHash: fork.hash,
      oldBlock: cursor.block,
      withdrawn,
      visibleAt,
    })
  }

  async function prune(finalised: number): Promise<void> {
    if (finalised < 0 || finalised <= prunedTo || source.kind === 'recorded') return
    await store.pruneHeaders(name, finalised)
    prunedTo = finalised
  }

  return {
    async advance({ toBlock, pushed = null } = {}) {
      let head: SourceHeader | null = null
      for (let restarts = 0; restarts <= MAX_RESTARTS; ) {
        signal?.throwIfAborted()
        const cursor = await store.cursor(name, stream)
        const follows = pushed !== null && restarts === 0 && pushed.parentHash === cursor?.blockHash
        head ??= follows && pushed !== null ? pushed : await fetchHead(source, signal)
        options.onHead?.(head.number)
        if (cursor !== null) {
          block = cursor.block
          const canonical = await branch.isCanonical(cursor, head)
          if (canonical === null) return false
          if (!canonical) {
            // The head may be stale itself: judge by a fresh one, and go on from a fresh one after.
            const fresh = await fetchHead(source, signal)
            if ((await branch.isCanonical(cursor, fresh)) === false) await undoReorg(cursor, fresh)
            head = null
            restarts++
            continue
          }
        }
        const from = cursor === null ? fromBlock : cursor.block + 1
        const to = Math.min(toBlock ?? head.number, head.number)
        const final = await finalBlock(head.number)
        const finalised = Math.min(to, final)
        if (from > to) {
          await prune(final)
          return true
        }
        if (from <= finalised) {
          await readFinal(from, finalised, await asking.at(from))
          // Time has passed, and the chain has grown.
          head = null
          if (toBlock !== undefined && finalised >= toBlock) return true
          continue
        }
        const last = Math.min(to, from + UNFINALISED_BATCH_BLOCKS - 1)
        if (await readUnfinalised(from, last, cursor?.blockHash ?? null, head)) continue
        head = null
        restarts++
        await delay(RESTART_DELAY_MS * restarts)
      }
      throw new UnavailableError(`Chain ${source.chainId} changed ${MAX_RESTARTS} times while it was read.`, {
        facts: { chainId: source.chainId, endpoint: source.endpoint, restarts: MAX_RESTARTS },
        hint: 'Wait until the chain settles; if it does not, the node serves two branches at once.',
      })
    },
    counts: () => ({ ...total, byType: { ...byType }, block }),
  }
}
