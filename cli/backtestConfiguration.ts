import { type AgentDefinition, agentDefinitionHash } from '../agents/index.ts'
import { digestOf, type Hash } from '../core/index.ts'

/** Hash of what a backtest runs: the same for a point of a sweep and for a backtest with its settings. */
export function backtestConfiguration(definition: AgentDefinition, model: Hash): Hash {
  return digestOf({ definition: agentDefinitionHash(definition), model })
}
