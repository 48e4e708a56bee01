import type { AgentDefinition } from '../agents/index.ts'
import { InvalidInputError } from '../core/index.ts'
import type { FeatureMatrix } from '../feature-store/index.ts'
import { createModelRegistry, type ModelSpec, type TrainedModel, trainModel } from '../models/index.ts'
import { systemClock } from './systemClock.ts'
import type { Workspace } from './workspace.ts'

/**
 * Trains the model of an agent on its stored history and saves it.
 *
 * @throws InvalidInputError when the agent uses no model, or its history is too short.
 */
export async function trainAgent(
  workspace: Workspace,
  definition: AgentDefinition,
  matrix: FeatureMatrix,
): Promise<TrainedModel> {
  const spec = requireModel(definition)
  const bar = workspace.terminal.progress(`train ${spec.name}`, spec.epochs)
  try {
    const trained = await trainModel({
      matrix,
      spec,
      featureList: definition.features,
      onProgress: ({ epoch, epochs }) => bar.update(epoch, epochs),
    })
    await createModelRegistry(workspace.store.models).save(trained, systemClock())
    return trained
  } finally {
    bar.stop()
  }
}

/**
 * How an agent's model is trained.
 *
 * @throws InvalidInputError when the agent uses none.
 */
export function requireModel({ model, name }: AgentDefinition): ModelSpec {
  if (model !== null) return model
  throw new InvalidInputError(`Agent "${name}" uses no model.`, {
    facts: { agent: name },
    hint: 'There is nothing to train; run or backtest it as it is.',
  })
}
