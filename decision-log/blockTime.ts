import { type UnixMs, unixMs } from '../core/index.ts'
import { chainFailure, type LogClient } from './logChain.ts'

/**
 * When a block was made.
 *
 * @throws UnavailableError when the node fails, or has no such block.
 */
export async function blockTime(client: Pick<LogClient, 'getBlock'>, blockNumber: number): Promise<UnixMs> {
  try {
    const { timestamp } = await client.getBlock({ blockNumber: BigInt(blockNumber) })
    return unixMs(Number(timestamp) * 1_000)
  } catch (error) {
    throw chainFailure(error, `read block ${blockNumber}`)
  }
}

/** Blocks whose times are asked for at once. */
const BLOCKS_AT_ONCE = 16

/**
 * When blocks were made, by their numbers; each is asked for once.
 *
 * @throws UnavailableError when the node fails, or lacks one of them.
 */
export async function blockTimes(
  client: Pick<LogClient, 'getBlock'>,
  blockNumbers: readonly number[],
): Promise<ReadonlyMap<number, UnixMs>> {
  const wanted = [...new Set(blockNumbers)]
  const times = new Map<number, UnixMs>()
  for (let start = 0; start < wanted.length; start += BLOCKS_AT_ONCE) {
    const part = wanted.slice(start, start + BLOCKS_AT_ONCE)
    const read = await Promise.all(part.map(number => blockTime(client, number)))
    part.forEach((number, place) => {
      times.set(number, read[place] as UnixMs)
    })
  }
  return times
}
