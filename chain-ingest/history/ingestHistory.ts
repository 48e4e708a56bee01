import { fetchHead } from '../sources/requestRpc.ts'
import { type ChainSyncOptions, createChainSync, type IngestCounts } from './chainSync.ts'
import { createProgressMeter, type ProgressRate } from './progressMeter.ts'
import type { ChainProgress } from './readChainObservations.ts'

export type IngestHistoryOptions = ChainSyncOptions & {
  /** Inclusive; by default, and at most, the source's last block. */
  readonly toBlock?: number | undefined
  readonly onProgress?: ((progress: IngestProgress) => void) | undefined
}

/** How far an ingest has come, and how fast it is. */
export type IngestProgress = ChainProgress & ProgressRate

/**
 * Ingests a chain's past into a store, batch by batch, each with its cursor in one write: a run that was
 * killed goes on where it stopped, loses nothing and doubles nothing, and a second run reads only the rest.
 *
 * @throws IntegrityError when the chain no longer has the block that the cursor stands on, and the fork is
 * below what counted as final.
 */
export async function ingestHistory(options: IngestHistoryOptions): Promise<IngestCounts> {
  const { source, onProgress, onStored } = options
  const { number: head } = await fetchHead(source, options.signal)
  const toBlock = Math.min(options.toBlock ?? head, head)
  const meter = createProgressMeter(toBlock, performance.now())
  let logs = 0
  const sync = createChainSync({
    ...options,
    async onStored(batch) {
      logs += batch.logs
      await onStored?.(batch)
      const rate = meter(batch, performance.now())
      const fromBlock = options.fromBlock ?? source.firstBlock
      onProgress?.({ fromBlock, toBlock, block: batch.toBlock, logs, ...rate })
    },
  })
  await sync.advance({ toBlock })
  return sync.counts()
}
