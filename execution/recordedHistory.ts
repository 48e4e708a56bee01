import {
  type AgentId,
  comparePositions,
  type Decision,
  type DecisionStore,
  decisionId,
  type EventPosition,
  type Hash,
  IntegrityError,
  type Logged,
  type MarketEvent,
  positionOf,
  type RecordedDecision,
} from '../core/index.ts'
import { assertSameDecision } from './assertSameDecision.ts'

/** Records read at a time. */
const PAGE_SIZE = 500

/** The decisions that an agent had recorded when it was started, to be made again and compared. */
export type RecordedHistory = {
  /** How many there are. */
  readonly length: number
  /**
   * Compares the agent's next decisions with their records, and returns them with the receipts of those.
   *
   * @throws IntegrityError naming the first decision and field that differ.
   */
  match(decisions: readonly Decision[], dataRoot: Hash): Promise<Logged<Decision>[]>
  /**
   * Checks, after an event, that the recorded decision of a sequence is not one that this event or an
   * earlier one should have caused. Waiting for it would only hide that it will not be made again.
   *
   * @throws IntegrityError
   */
  assertNotPassed(sequence: number, event: MarketEvent): Promise<void>
  /**
   * Checks, after the last event, that every recorded decision was made again.
   *
   * @throws IntegrityError
   */
  assertComplete(nextSequence: number): Promise<void>
}

/** Opens an agent's recorded decisions. */
export async function openRecordedHistory(
  store: Pick<DecisionStore, 'list' | 'nextSequence'>,
  agent: AgentId,
): Promise<RecordedHistory> {
  // Not loaded before: a backtest has no records, and a thread of a sweep no memory for what reads them.
  const { createUnsignedLog, parseBody } = await import('../decision-log/index.ts')
  const length = await store.nextSequence(agent)
  const log = createUnsignedLog()
  let page: readonly RecordedDecision[] = []
  let first = 0
  let awaited: { readonly sequence: number; readonly cause: EventPosition } | null = null

  async function at(sequence: number): Promise<RecordedDecision> {
    if (sequence < first || sequence >= first + page.length) {
      page = await store.list({ agent, fromSequence: sequence, limit: PAGE_SIZE })
      first = sequence
    }
    const found = page[sequence - first]
    if (found === undefined || found.sequence !== sequence) throw missing(agent, sequence, length)
    return found
  }

  /** The event that a recorded decision came from. */
  async function causeOf(sequence: number): Promise<EventPosition> {
    const { body, timeMs } = await at(sequence)
    const { source, block, logIndex } = parseBody(body).observed
    return { source, block, logIndex, knownAt: timeMs }
  }

  return {
    length,
    async match(decisions, dataRoot) {
      const receipts: Pick<RecordedDecision, 'agent' | 'sequence' | 'leaf' | 'signature'>[] = []
      for (const decision of decisions) {
        const record = await at(decision.sequence)
        assertSameDecision(decision, dataRoot, record)
        const { sequence, leaf, signature } = record
        receipts.push({ agent, sequence, leaf, signature })
      }
      // The record is in the store already, so its own receipt is the proof, not the unsigned one.
      return log
        .record(decisions)
        .map((logged, index) => ({ ...logged, receipt: receipts[index] ?? logged.receipt }))
    },
    async assertNotPassed(sequence, event) {
      if (sequence >= length) return
      if (awaited?.sequence !== sequence) awaited = { sequence, cause: await causeOf(sequence) }
      if (comparePositions(awaited.cause, positionOf(event)) <= 0) throw notMadeAgain(await at(sequence))
    },
    async assertComplete(nextSequence) {
      if (nextSequence < length) throw notMadeAgain(await at(nextSequence))
    },
  }
}

function missing(agent: AgentId, sequence: number, recorded: number): IntegrityError {
  return new IntegrityError(`Decision ${sequence} of agent ${agent} is missing from the store.`, {
    facts: { decision: decisionId(agent, sequence), sequence, recorded },
    hint: 'Restore the store from a backup: an agent does not trade on a log with a gap.',
  })
}

function notMadeAgain({ agent, sequence, kind }: RecordedDecision): IntegrityError {
  return new IntegrityError(
    `Decision ${sequence} of agent ${agent}, a ${kind}, is recorded but was not made again.`,
    {
      facts: { decision: decisionId(agent, sequence), sequence, kind, field: 'sequence' },
      hint: 'The observations, the model or the agent’s code changed since: run `touchstone audit`. It will not trade.',
    },
  )
}
