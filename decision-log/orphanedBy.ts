import {
  comparePositions,
  type Decision,
  type EventPosition,
  IntegrityError,
  type RecordedDecision,
  type Withdrawal,
} from '../core/index.ts'
import { parseBody } from './recordBody.ts'

/** Where a decision stands among what its agent read: at the event that caused it, the last that it had seen. */
export function decisionPosition({ timeMs, observed }: Pick<Decision, 'timeMs' | 'observed'>): EventPosition {
  return { ...observed, knownAt: timeMs }
}

/**
 * The first withdrawal, as agents see them, of something that a decision at this place had seen; null while
 * all of it stands. What was withdrawn before the decision, the decision was made without.
 *
 * @param withdrawals Of the instruments that the agent observes.
 */
export function orphanedBy(decided: EventPosition, withdrawals: readonly Withdrawal[]): Withdrawal | null {
  let first: Withdrawal | null = null
  for (const withdrawal of withdrawals) {
    if (comparePositions(withdrawal.firstWithdrawn, decided) > 0) continue
    const seen = withdrawalPosition(withdrawal)
    if (comparePositions(seen, decided) <= 0) continue
    if (first === null || comparePositions(seen, withdrawalPosition(first)) < 0) first = withdrawal
  }
  return first
}

/** `orphanedBy` of a stored decision; null for one whose text cannot be read, which an audit names. */
export function recordOrphanedBy(
  { body, timeMs }: Pick<RecordedDecision, 'body' | 'timeMs'>,
  withdrawals: readonly Withdrawal[],
): Withdrawal | null {
  // Reading a body costs more than looking at the times, and few decisions are near a reorg.
  const near = withdrawals.filter(
    ({ firstWithdrawn, visibleAt }) => firstWithdrawn.knownAt <= timeMs && timeMs <= visibleAt,
  )
  if (near.length === 0) return null
  try {
    return orphanedBy(decisionPosition(parseBody(body)), near)
  } catch (error) {
    if (error instanceof IntegrityError) return null
    throw error
  }
}

/** Where the event of a withdrawal stands among what agents read. */
function withdrawalPosition({ visibleAt, source, forkBlock, ordinal }: Withdrawal): EventPosition {
  return { knownAt: visibleAt, source, block: forkBlock, logIndex: ordinal }
}
