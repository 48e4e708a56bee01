import type { AgentId, DecisionStore, RecordedDecision, Withdrawal } from '../core/index.ts'
import { recordOrphanedBy } from './orphanedBy.ts'

/** Decisions read from the store at a time. */
const PAGE = 500

/** A decision with the first withdrawal of what it was made from. */
export type OrphanedDecision = { readonly decision: RecordedDecision; readonly withdrawal: Withdrawal }

/**
 * Yields the decisions of an agent that lost what they were made from to a reorg, in sequence. Reads only
 * those of the time between the first withdrawn observation and the last withdrawal.
 */
export async function* findOrphaned({
  decisions,
  agent,
  withdrawals,
}: {
  readonly decisions: Pick<DecisionStore, 'find' | 'list' | 'nextSequence'>
  readonly agent: AgentId
  /** Of the instruments that the agent observes. */
  readonly withdrawals: readonly Withdrawal[]
}): AsyncGenerator<OrphanedDecision> {
  if (withdrawals.length === 0) return
  const fromMs = withdrawals.reduce(
    (least, { firstWithdrawn: { knownAt } }) => Math.min(least, knownAt),
    Infinity,
  )
  const untilMs = withdrawals.reduce((most, { visibleAt }) => Math.max(most, visibleAt), 0)
  let next = await firstSince(decisions, agent, fromMs)
  for (;;) {
    const page = await decisions.list({ agent, fromSequence: next, limit: PAGE })
    for (const decision of page) {
      if (decision.timeMs > untilMs) return
      const withdrawal = recordOrphanedBy(decision, withdrawals)
      if (withdrawal !== null) yield { decision, withdrawal }
    }
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    next = last.sequence + 1
  }
}

/** Sequence of the agent's first decision at or after a time, by bisection: their times never fall. */
async function firstSince(
  decisions: Pick<DecisionStore, 'find' | 'nextSequence'>,
  agent: AgentId,
  timeMs: number,
): Promise<number> {
  let low = 0
  let high = await decisions.nextSequence(agent)
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2)
    const decision = await decisions.find(agent, middle)
    // One that is missing is an audit's business; what is before it is looked at.
    if (decision !== null && decision.timeMs < timeMs) low = middle + 1
    else high = middle
  }
  return low
}
