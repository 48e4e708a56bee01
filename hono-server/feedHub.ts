import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type AgentId,
  type DecisionStore,
  type RecordedDecision,
  UnavailableError,
  type UnixMs,
} from '../core/index.ts'
import { coalesce } from './coalesce.ts'
import type { ProofOf } from './createProofOf.ts'
import type { WithdrawalsOf } from './createWithdrawalsOf.ts'
import { createFeedDelivery } from './feedDelivery.ts'
import type { GrantsTo } from './feedGrants.ts'
import { createFeedProofs } from './feedProofs.ts'
import type { FeedSubscriber } from './feedSubscriber.ts'
import { createFrameCache } from './frameCache.ts'
import { BEFORE_ALL_REVEALS } from './readPorts.ts'

/** Decisions read from the store at a time. */
const DECISION_PAGE = 256

/** Bytes of recent messages kept serialised for clients that catch up. */
const CACHE_BYTES = 16 * 1024 * 1024

type Place = { -readonly [K in keyof FeedSubscriber]: FeedSubscriber[K] }

/**
 * Distributes the decision log to subscribers: each wanted decision once, in order, its proof once after it,
 * and once, if a reorg withdraws what it was made from, that it did. A subscriber reads history from the store
 * until it stands at the head, then gets what is distributed. Both happen without an `await` between the check
 * and the step, so there is neither gap nor double.
 */
export type FeedHub = {
  /** Next feed sequence to be distributed; everything below is readable in the store. */
  readonly head: number
  readonly subscribers: ReadonlySet<FeedSubscriber>
  /** Distributes what was recorded since. Call it after a record; calls coalesce. */
  notifyRecorded(): Promise<void>
  /** Distributes the proofs of an agent's new anchors. Call it whenever its anchors change. */
  notifyAnchored(agent: AgentId): Promise<void>
  /** As `notifyAnchored`, for every agent seen: for a store that another process writes. */
  notifyAllAnchored(): Promise<void>
  /** Distributes which decisions, of every agent seen, have lost what they were made from. */
  notifyWithdrawn(): Promise<void>
  /** Distributes the decisions whose reveal time has come; it also does so by itself. */
  notifyRevealed(): Promise<void>
  /**
   * Adds a subscriber; its history is read in the background, and `onFailure` is called if that fails.
   * The head must have been read (`notifyRecorded`) before.
   */
  subscribe(
    place: Pick<FeedSubscriber, 'filter' | 'sink' | 'from' | 'proofFrom' | 'orphanedFrom'> &
      Partial<Pick<FeedSubscriber, 'revealedFrom' | 'grantKey'>>,
    onFailure: (error: unknown) => void,
  ): FeedSubscriber
  unsubscribe(subscriber: FeedSubscriber): void
  /** Ends what it does by itself. */
  close(): void
}

/** Creates a hub over a store; it reads nothing before the first notification. */
export function createFeedHub({
  decisions,
  proofOf,
  withdrawalsOf = async () => [],
  grantsTo = async () => [],
  now = BEFORE_ALL_REVEALS,
  onError = () => undefined,
}: {
  readonly decisions: DecisionStore
  readonly proofOf: ProofOf
  /** Absent: no decision is said to be orphaned. */
  readonly withdrawalsOf?: WithdrawalsOf
  /** Absent: nobody is granted what is sealed. */
  readonly grantsTo?: GrantsTo
  /** By which sealed decisions are revealed. Absent, they stay sealed. */
  readonly now?: () => UnixMs
  /** Told of a reveal or a grant that failed by itself. */
  readonly onError?: (error: unknown) => void
}): FeedHub {
  const subscribers = new Set<Place>()
  const frames = createFrameCache(CACHE_BYTES)
  const delivery = createFeedDelivery({
    ...{ decisions, withdrawalsOf, grantsTo, subscribers, frames, now, onError },
  })
  const { orphans, reveals, grants } = delivery
  let head: number | null = null
  const proofs = createFeedProofs({
    ...{ decisions, proofOf, subscribers, frames, wants: delivery.wants, onMet: orphans.meet },
    head: () => head,
  })

  const distribute = coalesce(async () => {
    if (head === null || subscribers.size === 0) {
      const next = await decisions.nextFeedSequence()
      // Nobody waits for what lies between, unless somebody subscribed meanwhile.
      if (head === null || subscribers.size === 0) head = Math.max(head ?? 0, next)
    }
    for (;;) {
      const page = await decisions.list({ fromFeedSequence: head, limit: DECISION_PAGE })
      const agents = [...new Set(page.map(decision => decision.agent))]
      await Promise.all(agents.map(proofs.meet))
      let gap = false
      for (const decision of page) {
        // Another writer's transaction may become visible late; its notification brings us back here.
        gap = decision.feedSequence !== head
        if (gap) break
        head += 1
        const orphaned = subscribers.size === 0 ? null : orphans.frameOf(decision)
        for (const subscriber of subscribers) {
          if (!subscriber.live) continue
          subscriber.next = head
          if (decision.feedSequence < subscriber.from || !delivery.wants(subscriber, decision)) continue
          delivery.send(subscriber, decision)
          if (orphaned !== null) subscriber.sink.send(orphaned)
        }
      }
      for (const agent of agents) proofs.distribute(agent).catch(() => undefined)
      if (gap || page.length < DECISION_PAGE) return
      await nextTurn()
    }
  })

  /** Sends one page of history; the place moves with every decision, so that it may stop at any. */
  async function sendHistory(place: Place, bound: number): Promise<void> {
    const { filter, sink } = place
    const { openedMs } = reveals
    const [agent] = filter.agents ?? []
    const page = await decisions.list({
      ...(filter.agents?.length === 1 && agent !== undefined ? { agent } : {}),
      ...(filter.kinds === undefined ? {} : { kinds: filter.kinds }),
      ...(filter.instruments === undefined ? {} : { instruments: filter.instruments }),
      sealedAfterMs: openedMs,
      fromFeedSequence: place.next,
      limit: DECISION_PAGE,
    })
    const due = page.filter(decision => decision.feedSequence < bound && delivery.wants(place, decision))
    await Promise.all([...new Set(due.map(decision => decision.agent))].map(proofs.meet))
    const isProven = ({ agent: of, sequence, feedSequence }: RecordedDecision) =>
      feedSequence >= place.proofFrom && proofs.isProven(of, sequence)
    const proofFrames = await Promise.all(
      due.map(decision => (isProven(decision) ? proofs.frameOf(decision) : null)),
    )
    for (const [index, decision] of due.entries()) {
      if (sink.closed || sink.isFull()) return
      const proof = proofFrames[index] ?? null
      // What is not proven yet comes with the next distribution. What was proven while we read is read again.
      const isNowProven = isProven(decision)
      if (isNowProven && proof === null) {
        await proofs.distribute(decision.agent)
        if (isProven(decision) && (await proofs.frameOf(decision)) === null)
          throw new UnavailableError(
            `Decision ${decision.sequence} of ${decision.agent} has an anchor, but no proof.`,
            {
              facts: { agent: decision.agent, sequence: decision.sequence },
              hint: 'Try again; if it stays so, audit the store.',
            },
          )
        return
      }
      if (decision.feedSequence >= place.from) delivery.send(place, decision)
      else if (decision.feedSequence >= place.revealedFrom) delivery.sendReveal(place, decision)
      const orphaned = orphans.frameOf(decision)
      if (orphaned !== null) sink.send(orphaned)
      if (isNowProven && proof !== null) sink.send(proof)
      place.next = decision.feedSequence + 1
    }
    const last = page.at(-1)
    place.next =
      page.length < DECISION_PAGE || last === undefined || last.feedSequence >= bound
        ? bound
        : last.feedSequence + 1
  }

  async function catchUp(place: Place): Promise<void> {
    while (!place.sink.closed) {
      const bound = head ?? 0
      if (place.next >= bound) {
        place.live = true
        return
      }
      await sendHistory(place, bound)
      await grants.sent(place)
      await place.sink.drained()
      await nextTurn()
    }
  }

  return {
    get head() {
      return head ?? 0
    },
    subscribers,
    notifyRecorded: distribute,
    notifyAnchored: proofs.distribute,
    notifyAllAnchored: async () => {
      await Promise.all([...proofs.agents()].map(proofs.distribute))
    },
    notifyWithdrawn: async () => {
      await Promise.all([...proofs.agents()].map(orphans.distribute))
    },
    notifyRevealed: reveals.distribute,
    subscribe(
      { filter, sink, from, proofFrom, orphanedFrom, revealedFrom = from, grantKey = null },
      onFailure,
    ) {
      const next = Math.min(from, proofFrom, orphanedFrom, revealedFrom)
      const place: Place = {
        ...{ filter, sink, from, proofFrom, orphanedFrom, revealedFrom, grantKey },
        next,
        live: false,
      }
      subscribers.add(place)
      catchUp(place).catch(onFailure)
      return place
    },
    unsubscribe(subscriber) {
      subscribers.delete(subscriber)
    },
    close: reveals.close,
  }
}
