import type { ChainSource } from '../sources/chainSource.ts'
import { type ChunkSizer, createChunkSizer } from './chunkSizer.ts'
import { inOrder } from './inOrder.ts'
import { RPC_CONCURRENCY } from './logReader.ts'
import { createRangeReader, type LogRange } from './rangeReader.ts'

/** Blocks of the first range asked of a node: few, so that a dense chain is soon known for one; 20 to 100 measured best there. */
const RPC_CHUNK_BLOCKS = 25
/** Blocks of a range that public nodes commonly allow at most. */
const RPC_MAX_CHUNK_BLOCKS = 2_000
/** A recording is in memory: larger ranges cost nothing. */
const RECORDED_CHUNK_BLOCKS = 1_000
const RECORDED_MAX_CHUNK_BLOCKS = 100_000

export type LogRangeOptions = {
  readonly source: ChainSource
  readonly addresses: readonly string[]
  readonly fromBlock: number
  /** Inclusive; must exist. */
  readonly toBlock: number
  /** Fixes the blocks of a range; by default they follow from how many logs a range brings. */
  readonly chunkBlocks?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Reads logs in ranges, several at a time, in order; a range that the node refuses, in smaller ones. */
export async function* readLogRanges(options: LogRangeOptions): AsyncGenerator<LogRange> {
  const read = createRangeReader(options)
  yield* sizedRanges(options, RPC_CONCURRENCY, async (from, to, sizer) => {
    const range = await read(from, to, sizer)
    sizer.brought(to - from + 1, range.logs.length)
    return range
  })
}

/** Reads consecutive ranges side by side, of the size that a sizer finds best, and yields what they hold in order. */
export async function* sizedRanges<T>(
  { source, chunkBlocks, fromBlock, toBlock }: Omit<LogRangeOptions, 'addresses'>,
  concurrency: number,
  read: (from: number, to: number, sizer: ChunkSizer) => Promise<T>,
): AsyncGenerator<T> {
  const [initial, max] =
    chunkBlocks !== undefined
      ? [chunkBlocks, chunkBlocks]
      : source.kind === 'rpc'
        ? [RPC_CHUNK_BLOCKS, RPC_MAX_CHUNK_BLOCKS]
        : [RECORDED_CHUNK_BLOCKS, RECORDED_MAX_CHUNK_BLOCKS]
  const sizer = createChunkSizer(initial, max)
  let next = fromBlock
  yield* inOrder(concurrency, () => {
    if (next > toBlock) return null
    const from = next
    const to = Math.min(toBlock, from + sizer.size() - 1)
    next = to + 1
    return () => read(from, to, sizer)
  })
}
