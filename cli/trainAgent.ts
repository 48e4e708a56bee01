import { type AgentDefinition, observedInstruments } from '../agents/index.ts'
import { deliveredEvent, InvalidInputError, type UnixMs } from '../core/index.ts'
import { buildFeatureMatrix, type FeatureMatrix } from '../feature-store/index.ts'
import { createModelRegistry, type ModelSpec, type TrainedModel, trainModel } from '../models/index.ts'
import { retainedBlocks, storedObservations } from './storedEvents.ts'
import { systemClock } from './systemClock.ts'
import type { Workspace } from './workspace.ts'

/** The feature matrix of an agent over its stored history: a row for each instant that it decides at. */
export async function buildAgentMatrix(
  workspace: Workspace,
  definition: AgentDefinition,
  { untilMs, onProgress }: { readonly untilMs?: UnixMs; readonly onProgress?: (events: number) => void } = {},
): Promise<FeatureMatrix> {
  const { features, instrument, everyMs } = definition
  const store = workspace.store.observations
  const instruments = observedInstruments(definition)
  const observations = storedObservations(store, instruments, untilMs)
  return buildFeatureMatrix({
    features,
    instrument,
    everyMs,
    events: eventsOf(observations),
    retainBlocks: retainedBlocks(await store.withdrawals(instruments)),
    ...(onProgress === undefined ? {} : { onProgress: ({ events }) => onProgress(events) }),
  })
}

async function* eventsOf(observations: ReturnType<typeof storedObservations>) {
  for await (const observation of observations) yield deliveredEvent(observation)
}

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
