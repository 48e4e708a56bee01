import { type AgentId, type Hash, type StoredAgent, type UnixMs, ZERO_HASH } from '../core/index.ts'
import { GOLD } from '../execution/test/syntheticMarket.ts'

/** The deployed agent of `restlessAgent`. For tests. */
export function storedAgent(id: AgentId, activeFromMs: UnixMs, model: Hash = ZERO_HASH): StoredAgent {
  return {
    id,
    name: 'restless',
    version: 1,
    instrument: GOLD.id,
    observes: [GOLD.id],
    definition: ZERO_HASH,
    model,
    activeFromMs,
    status: 'active',
  }
}
