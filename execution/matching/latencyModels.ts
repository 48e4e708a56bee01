import { InvalidInputError } from '../../core/index.ts'
import type { LatencyModel } from './executionModels.ts'

/** The same time from the decision to the venue, in milliseconds. */
export function delayMs(ms: number): LatencyModel {
  if (!Number.isInteger(ms) || ms < 0)
    throw new InvalidInputError(`A latency of ${ms} ms is none.`, {
      facts: { ms },
      hint: 'Pass a whole number of milliseconds, zero or more.',
    })
  return sentMs => sentMs + ms
}

/**
 * Inclusion some blocks later: the time of the block that many after the newest one at the time of sending.
 * Past the end of the known blocks, blocks are `periodMs` apart.
 *
 * @param terms.blockTimesMs Times of consecutive blocks, ascending.
 */
export function delayBlocks(terms: {
  readonly blocks: number
  readonly blockTimesMs: Float64Array
  readonly periodMs: number
}): LatencyModel {
  const { blocks, blockTimesMs, periodMs } = terms
  const last = blockTimesMs.length - 1
  if (last < 0 || !Number.isInteger(blocks) || blocks < 0 || !(periodMs > 0))
    throw new InvalidInputError(`A latency of ${blocks} blocks needs block times and a period.`, {
      facts: { blocks, periodMs, blockTimes: blockTimesMs.length },
      hint: 'Pass a whole number of blocks, at least one block time, and a period above zero.',
    })
  return sentMs => {
    let low = -1
    let high = last
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((blockTimesMs[middle] ?? 0) <= sentMs) low = middle
      else high = middle - 1
    }
    // Sent after the last known block: whole periods have passed since it, each with its block.
    if (low === last) {
      const newest = blockTimesMs[last] ?? 0
      const passed = Math.floor((sentMs - newest) / periodMs)
      return Math.max(sentMs, newest + (passed + blocks) * periodMs)
    }
    const included = low + blocks
    const at =
      included <= last
        ? (blockTimesMs[included] ?? 0)
        : (blockTimesMs[last] ?? 0) + (included - last) * periodMs
    return Math.max(sentMs, at)
  }
}
