import type { Hash } from './hex.ts'
import type { InstrumentId } from './instrument.ts'
import type { EventPosition } from './observation.ts'
import type { ObservationDoor } from './observationDoor.ts'
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

/** A place in a source, whatever was known when. */
export type RowPlace = { readonly block: number; readonly logIndex: number }

/** Rows of one source in its own order: what a copy or a comparison needs, not what an agent sees. */
export type ScanQuery = {
  readonly source: string
  readonly after?: RowPlace
  /** Inclusive; without it, to the end. */
  readonly throughBlock?: number
  readonly limit: number
}

/** Why and how far a source goes back to an earlier block. */
export type Rollback = {
  readonly source: string
  /** Last block that stays, and its hash. */
  readonly toBlock: number
  readonly toBlockHash: Hash | null
  /** Time of the block that showed the reorg, plus the finality delay: no withdrawal is seen before. */
  readonly noticedAtMs: UnixMs
  /** Blocks that follow one before agents see it; rows that none can have seen leave no trace. */
  readonly confirmations: number
}

/** What a rollback did. */
export type RolledBack = {
  /** Observations that no longer stand, whether or not an agent may have seen them. */
  readonly withdrawn: number
  /** When agents see the withdrawals; null where none can have seen anything of it. */
  readonly visibleAt: UnixMs | null
}

/** Observations that agents may have seen and that a reorg withdrew, of one instrument. */
export type Withdrawal = {
  readonly source: string
  readonly instrument: InstrumentId
  readonly forkBlock: number
  readonly throughBlock: number
  readonly observations: number
  /** Where the first withdrawn observation stood in the order that agents read. */
  readonly firstWithdrawn: EventPosition
  /** When agents see the withdrawal: after all that it withdraws, and after all else they have seen. */
  readonly visibleAt: UnixMs
  /** Which of the withdrawals of its reorg it is: the `ordinal` of its event's lineage. */
  readonly ordinal: number
}

/** Observations in the total order, with cursors that move in the same transaction. */
export interface ObservationStore {
  /**
   * Idempotent: a row whose position is already stored is left as it is. A row of a block that replaced a
   * withdrawn one becomes visible with the withdrawal, or later. Returns how many rows were new.
   */
  append(batch: ObservationBatch): Promise<number>
  /** The way in for a past of many rows, where the store has one. */
  readonly door?: ObservationDoor
  /**
   * What agents see, in the total order of `deliveredEvent`: the observations, among them those that were
   * withdrawn after an agent may have seen them, and an event for each withdrawal.
   */
  read(query: ObservationQuery): Promise<StoredObservation[]>
  /** The observations of a source that stand, without what was withdrawn, by block and log index. */
  scan(query: ScanQuery): Promise<StoredObservation[]>
  /**
   * Deletes observations that are kept elsewhere now, each only while its digest is the one given. Returns
   * how many there were.
   */
  discard(source: string, rows: readonly (RowPlace & { readonly digest: Hash })[]): Promise<number>
  /** Names of all sources with a cursor or an observation, sorted. */
  sources(): Promise<string[]>
  /** All cursors of a source, by stream. */
  cursors(source: string): Promise<Cursor[]>
  /** Withdrawals of observations of some instruments, by when they were visible. */
  withdrawals(instruments: readonly InstrumentId[]): Promise<Withdrawal[]>
  /** Observations that `read` would give, withdrawals included. */
  count(instruments: readonly InstrumentId[]): Promise<number>
  cursor(source: string, stream: string): Promise<Cursor | null>
  /** Stored headers of a source above a block, ascending. */
  headers(source: string, aboveBlock: number): Promise<BlockHeader[]>
  /** Deletes headers at and below a block: it is final. */
  pruneHeaders(source: string, upToBlock: number): Promise<void>
  /**
   * Withdraws every observation and header of a source above a block, and moves all its cursors back to it.
   * Rows of blocks that agents may have seen (by now, or before an earlier rollback, at least `confirmations`
   * below the furthest cursor) stay readable, followed by a withdrawal for each instrument; others are deleted.
   * What comes in the place of the blocks is seen after every withdrawal so far.
   */
  rollback(rollback: Rollback): Promise<RolledBack>
}
