import type { Cursor, ObservationDoor, ObservationStore } from '../../core/index.ts'
import { type ContractSpec, instrumentOf } from '../decode/contractSpec.ts'
import type { ClaimablePoller } from '../requests/claimablePoller.ts'
import type { ChainSource } from '../sources/chainSource.ts'
import type { EncodedRange } from './encodeRange.ts'
import { type ChainBatch, readChainObservations } from './readChainObservations.ts'
import { readEncodedRanges } from './readEncodedRanges.ts'

export type FinalReaderOptions = {
  readonly source: ChainSource
  readonly contracts: readonly ContractSpec[]
  readonly store: ObservationStore
  /** Names of the cursor. */
  readonly cursor: Pick<Cursor, 'source' | 'stream'>
  readonly finalityDelayMs: number
  readonly chunkBlocks?: number | undefined
  readonly threads?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Whether observations must be handed on as they are, not only stored. */
  readonly mustDecode: boolean
  /** Stores a batch. */
  readonly commit: (batch: ChainBatch) => Promise<void>
  /** Told of a range that was stored in the store's own form. */
  readonly onEncoded: (range: EncodedRange, added: number) => Promise<void>
}

/**
 * Reads final blocks into a store, by ranges, each stored while the next are read. In the store's own form where it
 * takes that, and nothing but the store wants the observations.
 */
export function createFinalReader(options: FinalReaderOptions) {
  const { source, contracts, store, finalityDelayMs, chunkBlocks, signal, commit } = options

  async function readDecoded(from: number, to: number, poller: ClaimablePoller | null): Promise<void> {
    const range = { source, contracts, finalityDelayMs, signal, fromBlock: from, toBlock: to, poller }
    await storeEach(
      readChainObservations(chunkBlocks === undefined ? range : { ...range, chunkBlocks }),
      commit,
    )
  }

  async function readEncoded(from: number, to: number, door: ObservationDoor): Promise<void> {
    const instruments = contracts.map(spec => instrumentOf(spec).id)
    const settings = await door.settings(options.cursor.source, instruments)
    const ranges = readEncodedRanges({
      ...{ source, fromBlock: from, toBlock: to, chunkBlocks, signal, threads: options.threads },
      plan: { contracts, finalityDelayMs, encoder: door.encoder, settings },
    })
    await storeEach(ranges, async range => {
      const { observations, toBlock: block, toBlockHash: blockHash } = range
      const added = await door.append({ observations, cursor: { ...options.cursor, block, blockHash } })
      if (added === null) await readDecoded(range.fromBlock, block, null)
      else await options.onEncoded(range, added)
    })
  }

  return async function readFinal(from: number, to: number, poller: ClaimablePoller | null): Promise<void> {
    const { door } = store
    if (door === undefined || poller !== null || options.mustDecode) await readDecoded(from, to, poller)
    else await readEncoded(from, to, door)
  }
}

/** Stores one while the next is read; a failure of either ends both. */
async function storeEach<T>(batches: AsyncIterable<T>, store: (batch: T) => Promise<void>): Promise<void> {
  let storing: Promise<void> = Promise.resolve()
  try {
    for await (const batch of batches) {
      await storing
      storing = store(batch)
      storing.catch(() => undefined)
    }
  } finally {
    // Nothing is left running behind a failure.
    await storing
  }
}
