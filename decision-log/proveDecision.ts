import { type AgentId, type DecisionStore, NotFoundError, UnavailableError } from '../core/index.ts'
import type { DecisionProof } from './decisionProof.ts'
import type { LogDomain } from './decisionTypes.ts'
import { isAnchored, openBatch } from './openBatch.ts'

/**
 * Makes the proof of an anchored decision from the store alone; `verifyDecisionProof` checks it on chain.
 *
 * @throws NotFoundError when the agent has no such decision.
 * @throws UnavailableError when it is not anchored yet.
 * @throws IntegrityError when the stored leaves do not make up the anchored root.
 */
export async function proveDecision({
  store,
  domain,
  agent,
  sequence,
}: {
  readonly store: DecisionStore
  readonly domain: LogDomain
  readonly agent: AgentId
  readonly sequence: number
}): Promise<DecisionProof> {
  const facts = { agent, sequence }
  const batch = await store.batchOf(agent, sequence)
  if (batch === null || !isAnchored(batch)) {
    if ((await store.find(agent, sequence)) === null)
      throw new NotFoundError(`Agent ${agent} has no decision ${sequence}.`, {
        facts,
        hint: 'List its decisions to see which it has.',
      })
    throw new UnavailableError(`Decision ${sequence} of agent ${agent} is recorded, but not anchored yet.`, {
      facts,
      hint: 'Wait for the next batch.',
    })
  }
  const prover = await openBatch({ store, domain, batch })
  return prover.prove(sequence)
}
