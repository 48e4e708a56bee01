import type { AgentDefinition, DatedModel } from '../agents/index.ts'
import { type Hash, NotFoundError, unixMs } from '../core/index.ts'
import { createFeaturePipeline } from '../feature-store/index.ts'
import {
  assertTrainedOn,
  createInference,
  createModelRegistry,
  type Inference,
  type SealedModel,
} from '../models/index.ts'
import { requireModel } from './trainAgent.ts'
import type { Workspace } from './workspace.ts'

/** The models of a walk-forward, each to serve while it is tested. */
export type WalkForwardModels = {
  readonly first: Inference
  readonly later: readonly DatedModel[]
  /** When the first test begins. */
  readonly fromMs: number
  /** When the last test ends. */
  readonly toMs: number
  /** Names the last model, and by its parents all of them. */
  readonly hash: Hash
}

/**
 * Finds the newest whole walk-forward of an agent's model: the model of its last fold, and by their parents those before.
 *
 * @param agent Its name in the project.
 * @throws NotFoundError when there is none, or one of its models is missing.
 */
export async function walkForwardModels(
  { store }: Pick<Workspace, 'store'>,
  definition: AgentDefinition,
  agent: string,
): Promise<WalkForwardModels> {
  const spec = requireModel(definition, agent)
  const registry = createModelRegistry(store.models)
  const missing = (why: string) =>
    new NotFoundError(`There is no whole walk-forward of model "${spec.name}": ${why}.`, {
      facts: { agent, model: spec.name },
      hint: `Train one: touchstone train ${agent} --walk-forward`,
    })
  for (const { hash, name } of await store.models.list()) {
    if (name !== spec.name) continue
    const last = await registry.load(hash)
    const { walkForward } = last.card
    if (walkForward === null || walkForward.fold !== walkForward.folds) continue
    const chain: SealedModel[] = [last]
    for (let model = last; model.card.walkForward?.fold !== 1; chain.unshift(model)) {
      if (model.card.parent === null)
        throw missing(`the model of fold ${model.card.walkForward?.fold} has no parent`)
      model = await registry.load(model.card.parent)
      if (model.card.walkForward == null) throw missing('a model of it belongs to none')
    }
    const pipeline = createFeaturePipeline(definition.features, definition.instrument)
    const [first, ...rest] = chain.map(model => {
      assertTrainedOn(model.card, pipeline)
      return { inference: createInference(model), fromMs: unixMs(model.card.training?.testFromMs ?? 0) }
    })
    if (first === undefined) throw missing('it is empty')
    return {
      first: first.inference,
      later: rest.map(model => ({ ...model, cause: 'scheduled' })),
      fromMs: first.fromMs,
      toMs: walkForward.testToMs,
      hash,
    }
  }
  throw missing('none was trained')
}
