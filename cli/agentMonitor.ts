import { createFeatureMonitor, type FeatureMonitor, featureReference } from '../feature-store/index.ts'
import { agentMatrix } from './agentMatrix.ts'
import type { DeployedAgent } from './deployedAgents.ts'
import type { Workspace } from './workspace.ts'

/**
 * Watches the features of an agent, beside what they were like in the history before it began to decide; without
 * a reference where there is none.
 */
export async function createAgentMonitor(
  workspace: Workspace,
  { definition, stored }: DeployedAgent,
): Promise<FeatureMonitor> {
  const names = definition.features.map(({ name }) => name)
  const matrix =
    names.length === 0
      ? null
      : (await agentMatrix(workspace, definition, { untilMs: stored.activeFromMs })).matrix
  const reference = matrix === null || matrix.rows === 0 ? null : featureReference(matrix)
  return createFeatureMonitor({ names, reference })
}
