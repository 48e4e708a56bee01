import { fetchHead } from '../sources/requestRpc.ts'
import { type ChainSyncOptions, createChainSync, type IngestCounts } from './chainSync.ts'
import { DEFAULT_FINALITY_BLOCKS } from './followChain.ts'
import type { ChainProgress } from './readChainObservations.ts'

export type IngestHistoryOptions = ChainSyncOptions & {
  /** Inclusive; by default, and at most, the source's last block. */
  readonly toBlock?: number | undefined
  /** Blocks below the head that may still be replaced; their headers are stored. */
  readonly finalityBlocks?: number | undefined
  readonly onProgress?: ((progress: ChainProgress) => void) | undefined
}

/**
 * Ingests a chain's past into a store, batch by batch, each with its cursor in one write: a run that was
 * killed goes on where it stopped, loses nothing and doubles nothing, and a second run reads only the rest.
 *
 * @throws IntegrityError when the chain no longer has the block that the cursor stands on, and the fork is
 * below what counted as final.
 */
export async function ingestHistory(options: IngestHistoryOptions): Promise<IngestCounts> {
  const { source, finalityBlocks = DEFAULT_FINALITY_BLOCKS, onProgress, onBatch } = options
  const { number: head } = await fetchHead(source, options.signal)
  const toBlock = Math.min(options.toBlock ?? head, head)
  let logs = 0
  const sync = createChainSync({
    ...options,
    finalityBlocks,
    async onBatch(batch) {
      logs += batch.logs
      await onBatch?.(batch)
      onProgress?.({
        fromBlock: options.fromBlock ?? source.firstBlock,
        toBlock,
        block: batch.toBlock,
        logs,
      })
    },
  })
  await sync.advance({ toBlock })
  return sync.counts()
}
