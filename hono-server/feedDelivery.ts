import type { DecisionStore, RecordedDecision, SealedBody, UnixMs } from '../core/index.ts'
import type { WithdrawalsOf } from './createWithdrawalsOf.ts'
import { createFeedGrants, type FeedGrants, type GrantsTo } from './feedGrants.ts'
import { createFeedOrphans, type FeedOrphans } from './feedOrphans.ts'
import { decisionFrame, matchesFilter, mayMatchFilter, revealedFrame, sealedFrame } from './feedProtocol.ts'
import { createFeedReveals, type FeedReveals } from './feedReveals.ts'
import type { FeedSubscriber } from './feedSubscriber.ts'
import type { FrameCache } from './frameCache.ts'

/** Sends decisions in the form that they have by now: whole, or sealed, with what was granted of them. */
export type FeedDelivery = {
  readonly orphans: FeedOrphans
  readonly reveals: FeedReveals
  readonly grants: FeedGrants
  /** True when a subscriber is sent something of a decision, in the form that it has now. */
  wants(subscriber: FeedSubscriber, decision: RecordedDecision): boolean
  send(subscriber: FeedSubscriber, decision: RecordedDecision): void
  /** Sends what the subscriber lacks of a decision that it has sealed; later, when its time has come. */
  sendReveal(subscriber: FeedSubscriber, decision: RecordedDecision): void
}

/** Creates it for a hub's subscribers. */
export function createFeedDelivery({
  decisions,
  withdrawalsOf,
  grantsTo,
  subscribers,
  frames,
  now,
  onError,
}: {
  readonly decisions: DecisionStore
  readonly withdrawalsOf: WithdrawalsOf
  readonly grantsTo: GrantsTo
  readonly subscribers: ReadonlySet<FeedSubscriber>
  readonly frames: FrameCache
  readonly now: () => UnixMs
  readonly onError: (error: unknown) => void
}): FeedDelivery {
  const reveals = createFeedReveals({ decisions, subscribers, now, onRevealed, onError })
  const grants = createFeedGrants({ grantsTo, subscribers, now, onError })
  const orphans = createFeedOrphans({ decisions, withdrawalsOf, subscribers, isSealed: reveals.isSealed })

  function cached(key: string, make: () => Buffer): Buffer {
    const known = frames.get(key)
    if (known !== undefined) return known
    const frame = make()
    frames.set(key, frame)
    return frame
  }

  function sendSealed(subscriber: FeedSubscriber, decision: RecordedDecision, sealed: SealedBody): void {
    reveals.await(decision)
    subscriber.sink.send(cached(`sealed/${decision.feedSequence}`, () => sealedFrame(decision, sealed)))
    grants.send(subscriber, decision)
  }

  /** What was withheld with the body: that a reorg had taken away what it was made from. */
  function onRevealed(decision: RecordedDecision, receivers: readonly FeedSubscriber[]): void {
    const orphaned = orphans.frameOf(decision)
    if (orphaned === null) return
    for (const { sink, orphanedFrom } of receivers)
      if (decision.feedSequence >= orphanedFrom) sink.send(orphaned)
  }

  return {
    orphans,
    reveals,
    grants,
    wants: ({ filter }, decision) =>
      reveals.isSealed(decision) ? mayMatchFilter(filter, decision) : matchesFilter(filter, decision),
    send(subscriber, decision) {
      const { sealed, feedSequence } = decision
      if (sealed !== undefined && reveals.isSealed(decision)) sendSealed(subscriber, decision, sealed)
      else subscriber.sink.send(cached(`decision/${feedSequence}`, () => decisionFrame(decision)))
    },
    sendReveal({ sink }, decision) {
      if (decision.sealed === undefined) return
      if (reveals.isSealed(decision)) reveals.await(decision)
      else sink.send(revealedFrame(decision))
    },
  }
}
