import { type AgentId, type DecisionStore, type Hash, IntegrityError } from '../core/index.ts'

/**
 * Reads the leaves of consecutive decisions of an agent.
 *
 * @throws IntegrityError when the store lacks one of them.
 */
export async function storedLeaves(
  store: DecisionStore,
  agent: AgentId,
  firstSequence: number,
  count: number,
): Promise<Hash[]> {
  const rows = await store.list({ agent, fromSequence: firstSequence, limit: count })
  const gap = rows.findIndex((row, index) => row.sequence !== firstSequence + index)
  const missing = gap >= 0 ? firstSequence + gap : firstSequence + rows.length
  if (missing < firstSequence + count)
    throw new IntegrityError(`The store lacks decision ${missing} of agent ${agent}.`, {
      facts: { agent, sequence: missing },
      hint: 'Restore the store from a backup: decisions are never deleted.',
    })
  return rows.map(({ leaf }) => leaf)
}
