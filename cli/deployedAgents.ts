import {
  type AgentDefinition,
  agentDefinitionHash,
  type DatedModel,
  observedInstruments,
} from '../agents/index.ts'
import {
  type Hash,
  InvalidInputError,
  NotFoundError,
  type StoredAgent,
  type UnixMs,
  unixMs,
  ZERO_HASH,
} from '../core/index.ts'
import type { AgentSigner, Embargo } from '../decision-log/index.ts'
import { createFeaturePipeline } from '../feature-store/index.ts'
import { assertTrainedOn, createInference, createModelRegistry, type Inference } from '../models/index.ts'
import { BUILT_IN_AGENTS, loadAgent } from './agentCatalogue.ts'
import { agentSigner, signerOfKey } from './agentKeys.ts'
import { laterModels } from './agentModels.ts'
import type { AgentConfig } from './projectSchema.ts'
import type { Workspace } from './workspace.ts'

/** A deployed agent with all that it takes to run it. */
export type DeployedAgent = {
  readonly stored: StoredAgent
  readonly definition: AgentDefinition
  readonly inference: Inference | null
  /** Models that came after its first. */
  readonly laterModels: readonly DatedModel[]
  /** How many models it was given by now (`givenModels`); what comes later is given to it as it runs. */
  readonly given: number
  readonly signer: AgentSigner
  /** Absent: its decisions are public at once. */
  readonly embargo?: Embargo
}

/** The configuration of an agent of the project, by its name or its id. */
export async function agentConfig(workspace: Workspace, nameOrId: string): Promise<AgentConfig> {
  const { project, store } = workspace
  const name = nameOrId.startsWith('0x') ? (await store.agents.find(nameOrId.toLowerCase()))?.name : nameOrId
  const config = project.agents.find(agent => agent.name === name)
  if (config !== undefined) return config
  throw new NotFoundError(`There is no agent "${nameOrId}" in this project.`, {
    facts: { agent: nameOrId },
    hint:
      project.agents.length === 0
        ? `Add one to project.json; built in are ${Object.keys(BUILT_IN_AGENTS).join(', ')}.`
        : `Its agents are ${project.agents.map(agent => agent.name).join(', ')}.`,
  })
}

/**
 * Loads a model for an agent and checks that it was trained on the agent's features.
 *
 * @throws NotFoundError, IntegrityError when its text was changed, InvalidInputError when it does not fit.
 */
export async function loadInference(
  workspace: Workspace,
  definition: AgentDefinition,
  model: Hash,
): Promise<Inference | null> {
  if (model === ZERO_HASH) return null
  const sealed = await createModelRegistry(workspace.store.models).load(model)
  assertTrainedOn(sealed.card, createFeaturePipeline(definition.features, definition.instrument))
  return createInference(sealed)
}

/** When the last of what a model was trained on became known, its labels included; null for none, or an imported one. */
export async function trainedThroughMs(workspace: Workspace, model: Hash): Promise<UnixMs | null> {
  if (model === ZERO_HASH) return null
  const { card } = await createModelRegistry(workspace.store.models).load(model)
  return card.training === null ? null : unixMs(card.training.toMs + card.label.horizonMs)
}

/**
 * The newest stored model that an agent's definition names, or the zero hash where it uses none.
 *
 * @param agent Its name in the project.
 */
export async function newestModel(
  workspace: Workspace,
  { model }: AgentDefinition,
  agent: string,
): Promise<Hash> {
  if (model === null) return ZERO_HASH
  const found = (await workspace.store.models.list()).find(({ name }) => name === model.name)
  if (found !== undefined) return found.hash
  throw new NotFoundError(`There is no model "${model.name}" for agent "${agent}" yet.`, {
    facts: { agent, model: model.name },
    hint: `Train it: touchstone train ${agent}`,
  })
}

/**
 * The key that a deployed agent acts by, as this project's store has it.
 *
 * @throws InvalidInputError when it is not at hand.
 */
export async function deployedSigner(
  { directory, environment, store }: Workspace,
  { id, name }: Pick<StoredAgent, 'id' | 'name'>,
): Promise<AgentSigner> {
  const epoch = await store.decisions.epochOf(id)
  return signerOfKey(directory, name, environment, { id, key: epoch?.key ?? id })
}

/**
 * Deploys an agent: gives it its key and writes down what it trades with and since when. An agent that is
 * deployed already is found again.
 *
 * @throws InvalidInputError when it was deployed with another definition or another key.
 */
export async function deployAgent(
  workspace: Workspace,
  config: AgentConfig,
  { activeFromMs }: { readonly activeFromMs: UnixMs },
): Promise<DeployedAgent> {
  const definition = await loadAgent(config)
  const existing = await workspace.store.agents.find(config.name)
  const hash = agentDefinitionHash(definition)
  if (existing !== null) {
    if (existing.definition !== hash)
      throw new InvalidInputError(`Agent "${config.name}" was deployed with another definition.`, {
        facts: { agent: config.name, deployed: existing.definition, now: hash },
        hint: 'Deploy the changed agent under a new name: a record belongs to one definition.',
      })
    const signer = await deployedSigner(workspace, existing)
    const { models, given } = await laterModels(workspace.store, existing, hash =>
      loadInference(workspace, definition, hash),
    )
    return {
      stored: existing,
      definition,
      signer,
      inference: await loadInference(workspace, definition, existing.model),
      laterModels: models,
      given,
      ...embargoOf(config),
    }
  }
  const signer = await agentSigner(workspace.directory, config.name, workspace.environment)
  const model = await newestModel(workspace, definition, config.name)
  const inference = await loadInference(workspace, definition, model)
  const stored: StoredAgent = {
    id: signer.agent,
    name: config.name,
    version: definition.version,
    instrument: definition.instrument.id,
    observes: observedInstruments(definition),
    definition: hash,
    model,
    activeFromMs,
    status: 'active',
  }
  await workspace.store.agents.save(stored)
  return { stored, definition, inference, laterModels: [], given: 0, signer, ...embargoOf(config) }
}

const embargoOf = ({ embargo }: AgentConfig): { embargo?: Embargo } =>
  embargo === undefined ? {} : { embargo }
