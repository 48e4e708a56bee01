import type {
  EncodedObservations,
  EncoderModule,
  EncoderSettings,
  Hash,
  MarketEventType,
} from '../../core/index.ts'
import { addressesOf, type ContractSpec } from '../decode/contractSpec.ts'
import type { ChainSource } from '../sources/chainSource.ts'
import { createLogVisitor } from './logReader.ts'
import { createRangeReader, type RefusalListener } from './rangeReader.ts'

/** What consecutive blocks hold, in a store's own form. */
export type EncodedRange = {
  readonly fromBlock: number
  readonly toBlock: number
  /** As of `ChainBatch`. */
  readonly toBlockHash: Hash | null
  /** All logs fetched, recognised or not. */
  readonly logs: number
  /** Logs that no contract recognised. */
  readonly skipped: number
  readonly byType: Readonly<Partial<Record<MarketEventType, number>>>
  readonly observations: EncodedObservations
}

/** How ranges are read and encoded; but for the source, plain data. */
export type EncodingPlan = {
  readonly contracts: readonly ContractSpec[]
  readonly finalityDelayMs: number
  /** See `ObservationDoor`. */
  readonly encoder: string
  readonly settings: EncoderSettings
}

/** Reads a range, and hears of what the node refuses. */
export type ReadEncoded = (from: number, to: number, listener: RefusalListener) => Promise<EncodedRange>

/** Reads ranges into a store's own form: log by log, so that of each only its bytes are kept. */
export async function createRangeEncoder(
  source: ChainSource,
  { contracts, finalityDelayMs, encoder, settings }: EncodingPlan,
  signal?: AbortSignal,
): Promise<ReadEncoded> {
  const { createEncoder }: EncoderModule = await import(encoder)
  const readRange = createRangeReader({ source, addresses: addressesOf(contracts), signal })
  const visitLogs = createLogVisitor({ source, contracts, finalityDelayMs, signal })
  return async (from, to, listener) => {
    const { logs, lastHeader } = await readRange(from, to, listener)
    // Several ranges are read side by side: each has its own.
    const rows = createEncoder(settings)
    const byType: Partial<Record<MarketEventType, number>> = {}
    const skipped = await visitLogs(logs, observation => {
      rows.add(observation)
      const { type } = observation.event.value
      byType[type] = (byType[type] ?? 0) + 1
    })
    const toBlockHash = lastHeader.estimated.includes('blockHash') ? null : lastHeader.hash
    return {
      fromBlock: from,
      toBlock: to,
      toBlockHash,
      logs: logs.length,
      skipped,
      byType,
      observations: rows.take(),
    }
  }
}
