import {
  type BlockHeader,
  type Cursor,
  chainSource,
  type Hash,
  IntegrityError,
  type ObservationStore,
} from '../../core/index.ts'
import type { ChainSource } from '../sources/chainSource.ts'
import { fetchHeader, type SourceHeader } from '../sources/requestRpc.ts'

/** The branch of a chain that a store holds, beside the branch that a node serves. */
export type StoredBranch = {
  /** Whether the block of a cursor is on the branch of a head; null when the node is behind it. */
  isCanonical(cursor: Cursor, head: SourceHeader): Promise<boolean | null>
  /**
   * The last block that the branch of a cursor shares with that of a head.
   *
   * @throws IntegrityError when they part below what counted as final.
   */
  fork(cursor: Cursor, head: SourceHeader): Promise<{ readonly number: number; readonly hash: Hash }>
}

/** Compares by the headers that the store keeps of blocks that may still be replaced. */
export function createStoredBranch(
  source: ChainSource,
  store: Pick<ObservationStore, 'headers'>,
  signal?: AbortSignal,
): StoredBranch {
  const name = chainSource(source.chainId)

  async function canonicalHash(number: number, head: SourceHeader): Promise<Hash | null> {
    if (number === head.number) return head.hash
    if (number === head.number - 1) return head.parentHash
    return (await fetchHeader(source, number, signal))?.hash ?? null
  }

  async function fork(cursor: Cursor, head: SourceHeader): Promise<{ number: number; hash: Hash }> {
    const stored = await store.headers(name, -1)
    let lowest: BlockHeader | null = null
    for (const header of stored.reverse()) {
      // Headers below a gap are left over from before final blocks were read: those are not to be undone.
      if (lowest !== null && header.number !== lowest.number - 1) break
      if (header.number <= head.number && (await canonicalHash(header.number, head)) === header.hash)
        return header
      lowest = header
    }
    if (lowest !== null && lowest.number > 0) {
      const parent = { number: lowest.number - 1, hash: lowest.parentHash }
      if ((await canonicalHash(parent.number, head)) === parent.hash) return parent
    }
    throw deepReorg(source, lowest === null ? cursor.block : Math.max(0, lowest.number - 1))
  }

  async function isCanonical(cursor: Cursor, head: SourceHeader): Promise<boolean | null> {
    if (cursor.block > head.number) {
      const stored = (await store.headers(name, head.number - 1))[0]
      return stored?.number === head.number && stored.hash !== head.hash ? false : null
    }
    if (cursor.blockHash === null) return true
    return (await canonicalHash(cursor.block, head)) === cursor.blockHash
  }

  return { isCanonical, fork }
}

function deepReorg(source: ChainSource, finalised: number): IntegrityError {
  return new IntegrityError(
    `Chain ${source.chainId} no longer has the stored block ${finalised}, which counted as final.`,
    {
      facts: { chainId: source.chainId, block: finalised, endpoint: source.endpoint },
      hint: 'Check that the node is on the right chain; if the reorg is real, ingest into a new store with more finality blocks.',
    },
  )
}
