import { chainFailure, isConnectionFailure } from './logChain.ts'

/** Blocks from the first to the last, both included. */
export type BlockRange = { readonly fromBlock: number; readonly toBlock: number }

/**
 * Reads a range of blocks in as few parts as the node answers, in order.
 *
 * @param doing What is read, for the error: "read the commits of an agent".
 * @throws UnavailableError when the node fails.
 */
export async function scanBlocks<Found>(
  { fromBlock, toBlock }: BlockRange,
  doing: string,
  read: (range: { readonly fromBlock: bigint; readonly toBlock: bigint }) => Promise<readonly Found[]>,
): Promise<Found[]> {
  const found: Found[] = []
  let from = fromBlock
  let span = toBlock - from + 1
  while (from <= toBlock) {
    const to = Math.min(toBlock, from + span - 1)
    try {
      for (const one of await read({ fromBlock: BigInt(from), toBlock: BigInt(to) })) found.push(one)
      from = to + 1
    } catch (error) {
      // Public nodes refuse long ranges, each with another message: ask for half until it answers.
      if (span === 1 || isConnectionFailure(error)) throw chainFailure(error, doing)
      span = Math.ceil(span / 2)
    }
  }
  return found
}
