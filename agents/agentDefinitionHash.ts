import { digestOf, type Hash } from '../core/index.ts'
import { featureSetHash } from '../feature-store/index.ts'
import { strategyHash } from '../strategies/index.ts'
import type { AgentDefinition } from './defineAgent.ts'

/**
 * SHA-256 of everything that an agent's definition says: a stored agent may only run under the definition
 * that it was deployed with. Features and the strategy count by name, version and params.
 */
export function agentDefinitionHash({ retrain, ...definition }: AgentDefinition): Hash {
  return digestOf({
    ...definition,
    // Left out where there is none, so that an agent without it keeps the hash that it was deployed with.
    ...(retrain === null ? {} : { retrain }),
    features: featureSetHash(definition.features),
    strategy: strategyHash(definition.strategy),
  })
}
