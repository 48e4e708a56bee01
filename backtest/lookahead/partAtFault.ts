import type { AgentDefinition } from '../../agents/index.ts'
import type { CheckedAgent } from './checkedAgent.ts'
import type { DecisionDifference } from './decisionDifference.ts'
import type { LookAheadCulprit } from './lookAheadFinding.ts'

/** The part of an agent that made two runs differ. */
export type AgentPart = Extract<LookAheadCulprit, 'feature' | 'model' | 'strategy' | 'definition' | 'venue'>

/**
 * Names the part of the agent that a first difference comes from: everything before it is equal, so the first
 * unequal step of features, model, strategy, order and fill is where it began.
 *
 * @param a The agent of the first run, and `b` that of the second.
 */
export function partAtFault(
  { decision, other, field, error }: DecisionDifference,
  a: CheckedAgent,
  b: CheckedAgent,
): AgentPart {
  if (error !== null) return 'strategy'
  if (field === null) {
    // One of them decided something here that the other did not.
    const kinds = [decision?.output.kind, other?.output.kind]
    if (kinds.includes('fill')) return 'venue'
    return sameSettings(a.definition, b.definition) ? 'strategy' : 'definition'
  }
  if (field === 'features') return 'feature'
  if (field === 'featureSet' || field === 'instrument') return 'definition'
  if (field === 'model' || field === 'output.to' || field.startsWith('output.prediction')) return 'model'
  if (field.startsWith('attributions')) return 'model'
  if (field === 'strategy') return 'strategy'
  if (decision?.output.kind === 'fill' && other?.output.kind === 'fill') return 'venue'
  return sameSettings(a.definition, b.definition) ? 'strategy' : 'definition'
}

/** True where two definitions say the same beside their features, model and strategy. */
export function sameSettings(a: AgentDefinition, b: AgentDefinition): boolean {
  return settingsText(a) === settingsText(b)
}

function settingsText({ features: _, strategy: __, model: ___, ...settings }: AgentDefinition): string {
  return JSON.stringify(settings, (_key, value) => (typeof value === 'bigint' ? `${value}n` : value))
}
