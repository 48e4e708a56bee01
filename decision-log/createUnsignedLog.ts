import { type AgentId, type Decision, type Hex, IntegrityError, ZERO_HASH } from '../core/index.ts'
import { type LoggedDecision, mintLogged } from './mintLogged.ts'

/** A log in memory, for backtests: it keeps order and count, and signs nothing. */
export type UnsignedLog = {
  /**
   * Keeps the decisions and returns them with receipts of a zero leaf and signature.
   *
   * @throws IntegrityError when a sequence is not the agent's next.
   */
  record(decisions: readonly Decision[]): LoggedDecision[]
  /** Everything recorded so far, in order. */
  readonly decisions: readonly LoggedDecision[]
}

const ZERO_SIGNATURE: Hex = `0x${'0'.repeat(130)}`

/** Creates an empty log that lives as long as the backtest. */
export function createUnsignedLog(): UnsignedLog {
  const decisions: LoggedDecision[] = []
  const nextSequences = new Map<AgentId, number>()
  return {
    decisions,
    record: made =>
      made.map(decision => {
        const { agent, sequence } = decision
        const expected = nextSequences.get(agent) ?? 0
        if (sequence !== expected) throw outOfSequence(agent, sequence, expected)
        nextSequences.set(agent, expected + 1)
        const logged = mintLogged(decision, { agent, sequence, leaf: ZERO_HASH, signature: ZERO_SIGNATURE })
        decisions.push(logged)
        return logged
      }),
  }
}

function outOfSequence(agent: AgentId, sequence: number, expected: number): IntegrityError {
  return new IntegrityError(`Agent ${agent} decided ${sequence} where ${expected} comes next.`, {
    facts: { agent, sequence, expected },
    hint: 'Record every decision of an agent once, in order.',
  })
}
