import type { Hash } from './hex.ts'
import type { InstrumentId } from './instrument.ts'
import type { EventPosition } from './observation.ts'
import type { StoredObservation } from './storedObservation.ts'
import type { UnixMs } from './time.ts'

/** How far a stream of a source has been ingested. */
export type Cursor = {
  /** `eip155:<chain id>`, or the feed's name. */
  readonly source: string
  /** What is read from the source, for example a hash of the addresses; one source may have several. */
  readonly stream: string
  /** Last block (or row) that is completely stored. */
  readonly block: number
  /** Its hash, to notice a reorg after a restart; null for a feed or where the source records none. */
  readonly blockHash: Hash | null
}

/** A block header, as far as reorg detection needs it. */
export type BlockHeader = {
  readonly number: number
  readonly hash: Hash
  readonly parentHash: Hash
  readonly timestampMs: UnixMs
}

/** One write: everything of it becomes durable together, or nothing. */
export type ObservationBatch = {
  readonly observations: readonly StoredObservation[]
  readonly cursor: Cursor
  /** Headers of unfinalised blocks, kept to find the fork of a later reorg. */
  readonly headers?: readonly BlockHeader[]
}

export type ObservationQuery = {
  readonly instruments: readonly InstrumentId[]
  /** Only what comes after this position in the total order. */
  readonly after?: EventPosition
  /** Only what was known at or before this time. */
  readonly untilMs?: UnixMs
  readonly limit: number
}

/** Observations in the total order, with cursors that move in the same transaction. */
export interface ObservationStore {
  /** Idempotent: a row whose position is already stored is left as it is. Returns how many rows were new. */
  append(batch: ObservationBatch): Promise<number>
  read(query: ObservationQuery): Promise<StoredObservation[]>
  count(instruments: readonly InstrumentId[]): Promise<number>
  cursor(source: string, stream: string): Promise<Cursor | null>
  /** Stored headers of a source above a block, ascending. */
  headers(source: string, aboveBlock: number): Promise<BlockHeader[]>
  /** Deletes headers at and below a block: it is final. */
  pruneHeaders(source: string, upToBlock: number): Promise<void>
  /**
   * Withdraws every observation and header of a source above a block, and moves all its cursors back to it.
   * Returns how many observations were withdrawn.
   */
  rollback(source: string, toBlock: number, toBlockHash: Hash | null): Promise<number>
}
