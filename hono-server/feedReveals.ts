import { setImmediate as nextTurn } from 'node:timers/promises'
import { type DecisionStore, type RecordedDecision, type UnixMs, unixMs } from '../core/index.ts'
import { isSealedAt } from '../decision-log/index.ts'
import { coalesce } from './coalesce.ts'
import { matchesFilter, revealedFrame } from './feedProtocol.ts'
import type { FeedSubscriber } from './feedSubscriber.ts'

/** Decisions read and revealed at a time: a period of thousands must not fill a client's buffer in one turn. */
const PAGE = 128
/** The longest that a timer takes, 2³¹ - 1 milliseconds. */
const LONGEST_TIMER_MS = 2_147_483_647

/**
 * Knows which decisions are sealed, and sends each, when its time has come, to those who got it sealed. For the feed a
 * decision is sealed until the step in which it is sent revealed: nobody gets one in both forms, or in neither.
 */
export type FeedReveals = {
  /** Whatever is revealed later than this is sealed. */
  readonly openedMs: UnixMs
  isSealed(decision: RecordedDecision): boolean
  /** Remembers that a decision was sent sealed, or that its reveal is waited for. */
  await(decision: RecordedDecision): void
  /** Sends what was revealed since; runs by itself when the next reveal is due. */
  distribute(): Promise<void>
  close(): void
}

/** Creates it for a hub's subscribers. */
export function createFeedReveals({
  decisions,
  subscribers,
  now,
  onRevealed,
  onError,
}: {
  readonly decisions: Pick<DecisionStore, 'list'>
  readonly subscribers: ReadonlySet<FeedSubscriber>
  readonly now: () => UnixMs
  /** Told who was sent a revealed decision. */
  readonly onRevealed: (decision: RecordedDecision, receivers: readonly FeedSubscriber[]) => void
  readonly onError: (error: unknown) => void
}): FeedReveals {
  /** Reveal time of what is waited for, by feed sequence. */
  const waiting = new Map<number, UnixMs>()
  /** Revealed in this run, which has not ended. */
  const opening = new Set<number>()
  let openedMs = now()
  let timer: NodeJS.Timeout | null = null
  let timerMs = Number.POSITIVE_INFINITY
  let closed = false

  const isSealed = (decision: RecordedDecision) =>
    isSealedAt(decision, openedMs) && !opening.has(decision.feedSequence)

  function schedule(revealAtMs: number): void {
    if (closed || revealAtMs >= timerMs) return
    if (timer !== null) clearTimeout(timer)
    timerMs = revealAtMs
    const waitMs = Math.min(Math.max(0, revealAtMs - now()), LONGEST_TIMER_MS)
    timer = setTimeout(() => {
      timer = null
      timerMs = Number.POSITIVE_INFINITY
      distribute().catch(onError)
    }, waitMs).unref()
  }

  const distribute = coalesce(async () => {
    const nowMs = now()
    for (;;) {
      const due = [...waiting].filter(([, revealAtMs]) => revealAtMs <= nowMs).map(([sequence]) => sequence)
      const first = due.reduce((least, sequence) => Math.min(least, sequence), Number.POSITIVE_INFINITY)
      if (first === Number.POSITIVE_INFINITY) break
      const page = await decisions.list({ fromFeedSequence: first, limit: PAGE })
      for (const decision of page) {
        const revealAtMs = waiting.get(decision.feedSequence)
        if (revealAtMs !== undefined && revealAtMs <= nowMs) reveal(decision)
      }
      // What the store no longer has cannot be revealed, and must not be asked for for ever.
      waiting.delete(first)
      await nextTurn()
    }
    // Without an `await` since the last look: what was sent sealed until now is waited for, or was revealed.
    openedMs = unixMs(Math.max(openedMs, nowMs))
    opening.clear()
    const next = Math.min(...waiting.values())
    if (Number.isFinite(next)) schedule(next)
  })

  function reveal(decision: RecordedDecision): void {
    const { feedSequence } = decision
    waiting.delete(feedSequence)
    opening.add(feedSequence)
    const receivers = [...subscribers].filter(
      ({ filter, from, revealedFrom, next }) =>
        feedSequence >= Math.min(from, revealedFrom) &&
        feedSequence < next &&
        matchesFilter(filter, decision),
    )
    if (receivers.length === 0) return
    const frame = revealedFrame(decision)
    for (const { sink } of receivers) sink.send(frame)
    onRevealed(decision, receivers)
  }

  return {
    get openedMs() {
      return openedMs
    },
    isSealed,
    await({ feedSequence, sealed }) {
      if (sealed === undefined) return
      waiting.set(feedSequence, sealed.revealAtMs)
      schedule(sealed.revealAtMs)
    },
    distribute,
    close() {
      closed = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}
