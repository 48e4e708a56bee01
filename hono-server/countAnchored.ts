import type { AgentId, DecisionStore } from '../core/index.ts'

/**
 * How many of an agent's decisions are anchored. Batches are anchored in sequence order, so these are the
 * decisions below the returned sequence; found by bisection over the batches, not by reading them all.
 */
export async function countAnchored(
  decisions: Pick<DecisionStore, 'batchOf' | 'nextSequence'>,
  agent: AgentId,
): Promise<number> {
  let anchored = 0
  let open = await decisions.nextSequence(agent)
  let probe = 0
  while (anchored < open) {
    const batch = await decisions.batchOf(agent, probe)
    if (batch?.status === 'anchored') anchored = batch.firstSequence + batch.count
    else open = batch === null ? probe : Math.min(probe, batch.firstSequence)
    probe = anchored + Math.floor((open - anchored) / 2)
  }
  return anchored
}
