import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AgentId, DecisionStore, RecordedDecision, Withdrawal } from '../core/index.ts'
import { findOrphaned, type OrphanedDecision, recordOrphanedBy } from '../decision-log/index.ts'
import { coalesce } from './coalesce.ts'
import type { WithdrawalsOf } from './createWithdrawalsOf.ts'
import { matchesFilter, orphanedFrame } from './feedProtocol.ts'
import type { FeedSubscriber } from './feedSubscriber.ts'

/** Messages sent at a time: a deep reorg must not fill a client's buffer in one turn. */
const PAGE = 128

/**
 * Knows which decisions lost what they were made from. A decision that is orphaned already goes out with the
 * message; whoever got it before gets the message when that becomes known: each once.
 */
export type FeedOrphans = {
  /** Reads what was withdrawn by now from an agent, before the first of its decisions is sent. */
  meet(agent: AgentId): Promise<void>
  /** The message that goes with a decision of an agent that was met; null while it is sealed, or all it saw stands. */
  frameOf(decision: RecordedDecision): Buffer | null
  /** Reads what was withdrawn since, and tells those who got the decisions that were made from it. */
  distribute(agent: AgentId): Promise<void>
}

/** Who had got what when some withdrawals became known. */
type Untold = {
  readonly earlier: readonly Withdrawal[]
  readonly fresh: readonly Withdrawal[]
  readonly places: readonly { readonly subscriber: FeedSubscriber; readonly next: number }[]
}

/** Creates it for a hub's subscribers; it reads nothing before the first call. */
export function createFeedOrphans({
  decisions,
  withdrawalsOf,
  subscribers,
  isSealed,
}: {
  readonly decisions: Pick<DecisionStore, 'find' | 'list' | 'nextSequence'>
  readonly withdrawalsOf: WithdrawalsOf
  readonly subscribers: ReadonlySet<FeedSubscriber>
  /** Of a sealed decision nothing is said: which blocks it was made from tells when it was made, and on what. */
  readonly isSealed: (decision: RecordedDecision) => boolean
}): FeedOrphans {
  const known = new Map<AgentId, readonly Withdrawal[]>()
  const untold = new Map<AgentId, Untold[]>()
  const runs = new Map<AgentId, () => Promise<void>>()

  async function look(agent: AgentId): Promise<void> {
    const earlier = known.get(agent)
    if (earlier === undefined) return
    const now = await withdrawalsOf(agent)
    const names = new Set(earlier.map(nameOf))
    const fresh = now.filter(withdrawal => !names.has(nameOf(withdrawal)))
    const queue = untold.get(agent) ?? []
    untold.set(agent, queue)
    if (fresh.length > 0) {
      // Without an `await` in between: what is sent from now on is marked, what was sent before is told of.
      known.set(agent, now)
      const places = [...subscribers].map(subscriber => ({ subscriber, next: subscriber.next }))
      queue.push({ earlier, fresh, places })
    }
    // One that fails stays in the queue for the next time.
    for (let first = queue[0]; first !== undefined; first = queue[0]) {
      await tell(await affected(agent, first), first)
      queue.shift()
    }
  }

  /** What was not orphaned before, and is now. */
  async function affected(agent: AgentId, { earlier, fresh, places }: Untold): Promise<OrphanedDecision[]> {
    const found: OrphanedDecision[] = []
    if (places.length === 0) return found
    for await (const orphaned of findOrphaned({ decisions, agent, withdrawals: fresh }))
      if (recordOrphanedBy(orphaned.decision, earlier) === null) found.push(orphaned)
    return found
  }

  /** Sends; nothing in here fails. */
  async function tell(found: readonly OrphanedDecision[], { places }: Untold): Promise<void> {
    for (const [index, { decision, withdrawal }] of found.entries()) {
      if (index % PAGE === PAGE - 1) await nextTurn()
      const { feedSequence } = decision
      let frame: Buffer | null = null
      for (const { subscriber, next } of places) {
        const { filter, orphanedFrom, sink } = subscriber
        if (feedSequence < orphanedFrom || feedSequence >= next || !subscribers.has(subscriber)) continue
        if (isSealed(decision) || !matchesFilter(filter, decision)) continue
        frame ??= orphanedFrame(decision, withdrawal)
        sink.send(frame)
      }
    }
  }

  return {
    async meet(agent) {
      known.set(agent, await withdrawalsOf(agent))
    },
    frameOf(decision) {
      if (isSealed(decision)) return null
      const withdrawal = recordOrphanedBy(decision, known.get(decision.agent) ?? [])
      return withdrawal === null ? null : orphanedFrame(decision, withdrawal)
    },
    distribute(agent) {
      const run = runs.get(agent) ?? coalesce(() => look(agent))
      runs.set(agent, run)
      return run()
    },
  }
}

/** Names a withdrawal among those of one agent. */
const nameOf = ({ source, visibleAt, ordinal }: Withdrawal): string => `${source}/${visibleAt}/${ordinal}`
