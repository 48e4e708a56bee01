import type { Hash, StoredObservation } from '../../core/index.ts'
import { addressesOf, type ContractSpec, checkContracts } from '../decode/contractSpec.ts'
import {
  type ClaimablePoller,
  createClaimablePoller,
  type PolledBlocks,
} from '../requests/claimablePoller.ts'
import type { ChainSource } from '../sources/chainSource.ts'
import { unavailable } from '../sources/endpoint.ts'
import { isUnknownBlock } from '../sources/rpcError.ts'
import { createLogReader } from './logReader.ts'
import { readLogRanges } from './readLogRanges.ts'

export type ReadChainOptions = {
  readonly source: ChainSource
  readonly contracts: readonly ContractSpec[]
  readonly fromBlock: number
  /** Inclusive; must exist, and be final where a reorg must not matter. */
  readonly toBlock: number
  /** Added to a block's time to give `knownAt`; 0 when absent. */
  readonly finalityDelayMs?: number
  /** Fixes the blocks of a batch; by default they follow from how many logs a range brings. */
  readonly chunkBlocks?: number
  readonly signal?: AbortSignal | undefined
  /** Asks asynchronous vaults, having taken in all before `fromBlock`; by default one that starts there. */
  readonly poller?: ClaimablePoller | null
  readonly onProgress?: (progress: ChainProgress) => void
}

/** How far a run of blocks has been read. */
export type ChainProgress = {
  readonly fromBlock: number
  readonly toBlock: number
  /** Last block read so far. */
  readonly block: number
  /** Logs read so far. */
  readonly logs: number
}

/** What consecutive blocks hold. */
export type ChainBatch = {
  readonly fromBlock: number
  readonly toBlock: number
  /** Hash of the last block; null where the source derived it, so that no cursor relies on it. */
  readonly toBlockHash: Hash | null
  /** In the order of the chain. */
  readonly observations: readonly StoredObservation[]
  /** All logs fetched, recognised or not. */
  readonly logs: number
  /** Logs that no contract recognised. */
  readonly skipped: number
}

/**
 * Reads the observations of a range of blocks in order, as ingest and audit both do: the same source rows
 * give the same observations, bit for bit.
 *
 * @throws UnavailableError when the source fails, IntegrityError when a block changes meanwhile.
 */
export async function* readChainObservations(options: ReadChainOptions): AsyncGenerator<ChainBatch> {
  const { source, contracts, fromBlock, toBlock, onProgress } = options
  checkContracts(contracts)
  const readLogs = createLogReader(options)
  const { poller = createClaimablePoller(options) } = options
  let total = 0
  for await (const range of readLogRanges({ ...options, addresses: addressesOf(contracts) })) {
    const { observations, skipped } = await readLogs(range.logs)
    const { lastHeader } = range
    const extended = poller === null ? observations : await ask(poller, { ...range, observations }, source)
    total += range.logs.length
    yield {
      fromBlock: range.fromBlock,
      toBlock: range.toBlock,
      toBlockHash: lastHeader.estimated.includes('blockHash') ? null : lastHeader.hash,
      observations: extended,
      logs: range.logs.length,
      skipped,
    }
    onProgress?.({ fromBlock, toBlock, block: range.toBlock, logs: total })
  }
}

async function ask(
  poller: ClaimablePoller,
  blocks: PolledBlocks,
  { endpoint }: ChainSource,
): Promise<readonly StoredObservation[]> {
  try {
    return await poller.extend(blocks)
  } catch (error) {
    throw isUnknownBlock(error) ? unavailable(endpoint, 'eth_call', error) : error
  }
}
