import { createHash } from 'node:crypto'
import { type Canonical, canonicalJson, type Hash, type Lineage, type MarketEvent } from '../core/index.ts'

/** Joins a history into one hash, an event after the other. */
export type HistoryHash = {
  add(event: MarketEvent): void
  /** SHA-256 of what was added; the last call. */
  digest(): Hash
}

/** Events that are hashed at a time: an update for each costs more than its text. */
const BATCH = 256

/**
 * Hashes what a run over a history depends on: of each event its instrument, times and value, and on a chain its block and
 * log, by which a reorg takes it back. Where a feed keeps its rows and how they were written is left out: the same
 * observations have one hash, whether a file was read as it is or into a store.
 */
export function createHistoryHash(): HistoryHash {
  const digest = createHash('sha256')
  let texts: string[] = []
  const flush = () => {
    digest.update(texts.join(''))
    texts = []
  }
  return {
    add({ instrument, validAt, knownAt, lineage, value }) {
      texts.push(
        `${instrument} ${validAt} ${knownAt} ${placeOf(lineage)} ${canonicalJson(value as Canonical)}\n`,
      )
      if (texts.length === BATCH) flush()
    },
    digest() {
      flush()
      return `0x${digest.digest('hex')}`
    },
  }
}

function placeOf(lineage: Lineage): string {
  switch (lineage.kind) {
    case 'chain':
      return `${lineage.chainId}/${lineage.blockNumber}/${lineage.logIndex}`
    case 'reorg':
      return `${lineage.chainId}/${lineage.forkBlock}/${lineage.ordinal}`
    case 'feed':
      return '-'
  }
}
