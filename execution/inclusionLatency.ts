import type { BlockLatency } from '../agents/index.ts'
import { chainSource, type MarketColumns } from '../core/index.ts'
import { delayBlocks, type LatencyModel } from './matching/index.ts'

/** When orders are included in a chain whose blocks are observed. */
export type InclusionLatency = {
  readonly latency: LatencyModel
  /** Takes in a row of a traded instrument. */
  take(columns: MarketColumns, row: number): void
}

const CHAIN = chainSource(0).slice(0, -1)

/**
 * Inclusion so many blocks after the newest one that was observed, blocks being a period apart from there on: those to
 * come are not known. Before the first one, as many whole periods later.
 */
export function includeAfter({ blocks, periodMs }: BlockLatency): InclusionLatency {
  const newestMs = Float64Array.of(Number.NaN)
  const delay = delayBlocks({ blocks, blockTimesMs: newestMs, periodMs })
  return {
    latency: sentMs => (Number.isNaN(newestMs[0]) ? sentMs + blocks * periodMs : delay(sentMs)),
    take(columns, row) {
      const isOfChain = columns.sources[columns.source[row] as number]?.startsWith(CHAIN) === true
      // A withdrawal's time is that of the reorg, and of no block.
      if (!isOfChain || columns.events[row]?.lineage.kind === 'reorg') return
      const timeMs = columns.openMs[row] as number
      if (!(timeMs <= (newestMs[0] as number))) newestMs[0] = timeMs
    },
  }
}
