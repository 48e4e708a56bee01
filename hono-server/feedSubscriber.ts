import type { Hash } from '../core/index.ts'
import type { FeedFilter } from './feedProtocol.ts'

/** Where a subscriber's messages go. */
export type FeedSink = {
  /** Sends or drops; never waits. */
  send(frame: Buffer): void
  /** True when no more should be sent before `drained`. */
  isFull(): boolean
  /** Resolves when there is room again, or the sink is closed. */
  drained(): Promise<void>
  readonly closed: boolean
}

/** A client's place in the feed. */
export type FeedSubscriber = {
  readonly filter: FeedFilter
  readonly sink: FeedSink
  /** First feed sequence whose decision it gets. */
  readonly from: number
  /** First feed sequence whose proof it gets; at most `from`. */
  readonly proofFrom: number
  /** First feed sequence whose loss to a reorg it is told of; at most `proofFrom`. */
  readonly orphanedFrom: number
  /** First feed sequence whose reveal it gets, where it was sealed; at most `from`. */
  readonly revealedFrom: number
  /** X25519 public key that sealed decisions are encrypted to, where it was granted them; null without one. */
  readonly grantKey: Hash | null
  /** Every wanted message below this feed sequence was sent, but for proofs not made yet. */
  readonly next: number
  /** True when it gets decisions as they are recorded, false while it reads history. */
  readonly live: boolean
}
