import type { Address, Hash } from './hex.ts'
import type { UnixMs } from './time.ts'

/** What a chain log's lineage could not read from its source and had to derive. */
export type EstimatedField = 'blockHash' | 'blockTime'

/** Where a value came from on a chain. */
export type ChainLineage = {
  readonly kind: 'chain'
  readonly chainId: number
  readonly address: Address
  readonly blockNumber: number
  readonly blockHash: Hash
  readonly transactionHash: Hash
  readonly logIndex: number
  /** Fields that stand in for what the source did not record; empty for a full source. */
  readonly estimated: readonly EstimatedField[]
}

/** Where a value came from off chain: the venue or publisher, and its gapless row number there. */
export type FeedLineage = {
  readonly kind: 'feed'
  /** For example `oanda:XAUUSD`. */
  readonly feed: string
  readonly sequence: number
}

/** Where a withdrawal came from: a reorg that was noticed, and which of its withdrawals this is. */
export type ReorgLineage = {
  readonly kind: 'reorg'
  readonly chainId: number
  /** Last block that both branches share, and its hash; null where the source records none. */
  readonly forkBlock: number
  readonly forkHash: Hash | null
  /** Counts the withdrawals of one reorg, one for each instrument, from 0. */
  readonly ordinal: number
}

export type Lineage = ChainLineage | FeedLineage | ReorgLineage

/** A value with the time it describes, the earliest time an agent could have used it, and its origin. */
export type Observation<T> = {
  /** Time that the value describes. Of a bar, its open. */
  readonly validAt: UnixMs
  /**
   * Earliest time an agent could have used it: of a chain log its block's time plus the finality delay, of
   * a bar its close, of a NAV its publication.
   */
  readonly knownAt: UnixMs
  readonly lineage: Lineage
  readonly value: T
}

/** The place of an observation in its source: the block and log of a chain, the row of a feed. */
export type SourcePosition = {
  /** `eip155:<chain id>`, or the feed's name. */
  readonly source: string
  /** Block number, or row number of a feed. */
  readonly block: number
  /** Index of the log in its block; 0 for a feed. */
  readonly logIndex: number
}

/** A position in the total order that events are replayed in. */
export type EventPosition = SourcePosition & { readonly knownAt: UnixMs }

/** The position of an observation: unique in a store. */
export function positionOf(observation: Observation<unknown>): EventPosition {
  const { knownAt, lineage } = observation
  switch (lineage.kind) {
    case 'chain': {
      const { chainId, blockNumber, logIndex } = lineage
      return { knownAt, source: chainSource(chainId), block: blockNumber, logIndex }
    }
    case 'reorg': {
      const { chainId, forkBlock, ordinal } = lineage
      return { knownAt, source: chainSource(chainId), block: forkBlock, logIndex: ordinal }
    }
    case 'feed':
      return { knownAt, source: lineage.feed, block: lineage.sequence, logIndex: 0 }
  }
}

/** The source name of a chain. */
export const chainSource = (chainId: number): string => `eip155:${chainId}`

/**
 * The total order of events: by (`knownAt`, source, block, log index). Sources compare by code unit, never
 * by locale, so that a replay is the same everywhere.
 */
export function comparePositions(a: EventPosition, b: EventPosition): number {
  if (a.knownAt !== b.knownAt) return a.knownAt - b.knownAt
  if (a.source !== b.source) return a.source < b.source ? -1 : 1
  return a.block - b.block || a.logIndex - b.logIndex
}
