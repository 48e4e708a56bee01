import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type AgentId,
  type DecisionStore,
  type RecordedDecision,
  UnavailableError,
  type UnixMs,
} from '../core/index.ts'
import { coalesce } from './coalesce.ts'
import { countAnchored } from './countAnchored.ts'
import type { ProofOf } from './createProofOf.ts'
import type { WithdrawalsOf } from './createWithdrawalsOf.ts'
import { createFeedDelivery } from './feedDelivery.ts'
import type { GrantsTo } from './feedGrants.ts'
import { proofFrame } from './feedProtocol.ts'
import type { FeedSubscriber } from './feedSubscriber.ts'
import { createFrameCache } from './frameCache.ts'
import { BEFORE_ALL_REVEALS } from './readPorts.ts'

/** Decisions read from the store at a time. */
const DECISION_PAGE = 256

/** Proofs made and sent at a time: a batch of thousands must not fill a client's buffer in one turn. */
const PROOF_PAGE = 128

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

  // Per agent, the sequence below which every proof was distributed. It starts at the anchors that exist
  // when the agent is first met, which catching up covers, and never passes a decision not distributed yet.
  const proven = new Map<AgentId, number>()
  const meetings = new Map<AgentId, Promise<void>>()
  const provenOf = (agent: AgentId) => proven.get(agent) ?? 0

  /** Sequence below which the agent's decisions are anchored and not above the head. */
  async function settledProofs(agent: AgentId): Promise<number> {
    const bound = head ?? 0
    const anchored = await countAnchored(decisions, agent)
    const [ahead] = await decisions.list({ agent, fromFeedSequence: bound, limit: 1 })
    return Math.min(anchored, ahead?.sequence ?? anchored)
  }

  function meet(agent: AgentId): Promise<void> {
    const known = meetings.get(agent)
    if (known !== undefined) return known
    const meeting = Promise.all([settledProofs(agent), orphans.meet(agent)]).then(([sequence]) => {
      proven.set(agent, sequence)
    })
    meetings.set(agent, meeting)
    meeting.catch(() => meetings.delete(agent))
    return meeting
  }

  async function proofFrameOf(decision: RecordedDecision): Promise<Buffer | null> {
    const key = `proof/${decision.agent}/${decision.sequence}`
    const cached = frames.get(key)
    if (cached !== undefined) return cached
    const proof = await proofOf(decision.agent, decision.sequence)
    if (proof === null) return null
    const frame = proofFrame(decision, proof)
    frames.set(key, frame)
    return frame
  }

  const distribute = coalesce(async () => {
    if (head === null || subscribers.size === 0) {
      const next = await decisions.nextFeedSequence()
      // Nobody waits for what lies between, unless somebody subscribed meanwhile.
      if (head === null || subscribers.size === 0) head = Math.max(head ?? 0, next)
    }
    for (;;) {
      const page = await decisions.list({ fromFeedSequence: head, limit: DECISION_PAGE })
      const agents = [...new Set(page.map(decision => decision.agent))]
      await Promise.all(agents.map(meet))
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
      for (const agent of agents) notifyAnchored(agent).catch(() => undefined)
      if (gap || page.length < DECISION_PAGE) return
      await nextTurn()
    }
  })

  function receiversOf(decision: RecordedDecision): Place[] {
    return [...subscribers].filter(
      place =>
        decision.feedSequence >= place.proofFrom &&
        decision.feedSequence < place.next &&
        delivery.wants(place, decision),
    )
  }

  async function distributeProofs(agent: AgentId): Promise<void> {
    await meet(agent)
    for (;;) {
      if (subscribers.size === 0) {
        const settled = await settledProofs(agent)
        if (subscribers.size === 0) {
          setProven(agent, settled)
          return
        }
      }
      const anchored = await countAnchored(decisions, agent)
      const from = provenOf(agent)
      // A reorg took anchors away: their proofs are void, and the new ones go to everybody again.
      if (anchored < from) setProven(agent, anchored)
      if (anchored <= from) {
        // They may have moved to another block or transaction: proofs made before are not sent again.
        frames.forget(`proof/${agent}/`)
        return
      }
      const page = await decisions.list({
        agent,
        fromSequence: from,
        limit: Math.min(PROOF_PAGE, anchored - from),
      })
      if (page.length === 0) return
      const wanted = page.map(decision => receiversOf(decision).length > 0)
      const proofs = await Promise.all(
        page.map((d, index) => (wanted[index] === true ? proofFrameOf(d) : null)),
      )
      for (const [index, decision] of page.entries()) {
        if (head === null || decision.feedSequence >= head) return
        const receivers = receiversOf(decision)
        const proof = proofs[index] ?? null
        if (receivers.length > 0 && proof === null) {
          if (wanted[index] === true) return
          break // Somebody got the decision while we read: make its proof too.
        }
        proven.set(agent, decision.sequence + 1)
        if (proof !== null) for (const { sink } of receivers) sink.send(proof)
      }
      await nextTurn()
    }
  }

  function setProven(agent: AgentId, sequence: number): void {
    if (sequence < provenOf(agent)) frames.forget(`proof/${agent}/`)
    proven.set(agent, sequence)
  }

  const proofRuns = new Map<AgentId, () => Promise<void>>()
  function notifyAnchored(agent: AgentId): Promise<void> {
    const run = proofRuns.get(agent) ?? coalesce(() => distributeProofs(agent))
    proofRuns.set(agent, run)
    return run()
  }

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
    await Promise.all([...new Set(due.map(decision => decision.agent))].map(meet))
    const isProven = ({ agent: of, sequence, feedSequence }: RecordedDecision) =>
      feedSequence >= place.proofFrom && sequence < provenOf(of)
    const proofs = await Promise.all(
      due.map(decision => (isProven(decision) ? proofFrameOf(decision) : null)),
    )
    for (const [index, decision] of due.entries()) {
      if (sink.closed || sink.isFull()) return
      const proof = proofs[index] ?? null
      // What is not proven yet comes with the next distribution. What was proven while we read is read again.
      const isNowProven = isProven(decision)
      if (isNowProven && proof === null) {
        await notifyAnchored(decision.agent)
        if (isProven(decision) && (await proofFrameOf(decision)) === null)
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
    notifyAnchored,
    notifyAllAnchored: async () => {
      await Promise.all([...meetings.keys()].map(notifyAnchored))
    },
    notifyWithdrawn: async () => {
      await Promise.all([...meetings.keys()].map(orphans.distribute))
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
