import type { AgentId, AgentStore, ObservationStore, Withdrawal } from '../core/index.ts'

/** Lists what reorgs withdrew of all that an agent observes; nothing for an agent that is not deployed. */
export type WithdrawalsOf = (agent: AgentId) => Promise<readonly Withdrawal[]>

/** Reads withdrawals from the store, each time anew: another process may write them. */
export function createWithdrawalsOf({
  agents,
  observations,
}: {
  readonly agents: Pick<AgentStore, 'find'>
  readonly observations: Pick<ObservationStore, 'withdrawals'>
}): WithdrawalsOf {
  return async id => {
    const agent = await agents.find(id)
    return agent === null ? [] : observations.withdrawals([...new Set([agent.instrument, ...agent.observes])])
  }
}
