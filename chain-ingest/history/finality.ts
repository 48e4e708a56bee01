import type { ChainSource } from '../sources/chainSource.ts'
import { fetchHeader } from '../sources/requestRpc.ts'

/**
 * Which blocks count as final: those so many blocks below the head, or those that the node itself calls `finalized`
 * (a rollup, whose blocks another chain settles).
 */
export type Finality = number | 'finalized'

/** Blocks after which a chain event counts as final: two epochs of Ethereum; deeper reorgs halt ingest. */
export const DEFAULT_FINALITY_BLOCKS = 64

/** Blocks after which a node is asked again what is final: asking at each would delay it. */
const ASK_BLOCKS = 16

/**
 * The last final block as of a head, never lower than before. A node that has no finalized block has the default
 * number of blocks.
 */
export function createFinality(source: ChainSource, finality: Finality, signal?: AbortSignal) {
  let last = -1
  let askedAt: number | null = null
  return async function finalBlock(head: number): Promise<number> {
    if (source.kind === 'recorded') return head
    if (finality !== 'finalized') return head - finality
    if (askedAt === null || Math.abs(head - askedAt) >= ASK_BLOCKS) {
      askedAt = head
      const header = await fetchHeader(source, 'finalized', signal)
      last = Math.max(last, header?.number ?? head - DEFAULT_FINALITY_BLOCKS)
    }
    return last
  }
}
