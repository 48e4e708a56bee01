import type { AgentDefinition } from '../agents/index.ts'
import { type Hash, InvalidInputError, unixMs } from '../core/index.ts'
import type { FeatureMatrix } from '../feature-store/index.ts'
import {
  checkModelSpec,
  createModelRegistry,
  type ModelSpec,
  type Training,
  type TrainOptions,
  trainModels,
} from '../models/index.ts'
import { systemClock } from './systemClock.ts'
import type { Workspace } from './workspace.ts'

/** A training whose models are stored. */
export type StoredTraining = Training & {
  /** Name of the model. */
  readonly name: string
  /** Names the newest model: the one of the last fold. */
  readonly hash: Hash
}

/**
 * Trains the model of an agent on its stored history and saves it, or one for each fold of a walk-forward.
 *
 * @throws InvalidInputError when the agent uses no model, or its history is too short.
 */
export async function trainAgent(
  { terminal, store }: Pick<Workspace, 'terminal' | 'store'>,
  definition: AgentDefinition,
  matrix: FeatureMatrix,
  options: Pick<TrainOptions, 'walkForward' | 'device' | 'workers' | 'parent' | 'signal'> = {},
): Promise<StoredTraining> {
  const spec = requireModel(definition)
  const { learner } = checkModelSpec(spec)
  const steps = learner.kind === 'trees' ? learner.rounds : learner.epochs
  const bar = terminal.progress(`train ${spec.name}`, steps)
  const done = new Map<number, number>()
  try {
    const training = await trainModels({
      ...options,
      matrix,
      spec,
      featureList: definition.features,
      onProgress({ fit, step }) {
        done.set(fit, step)
        bar.update(
          [...done.values()].reduce((sum, each) => sum + each, 0),
          steps * done.size,
        )
      },
    })
    const registry = createModelRegistry(store.models)
    const nowMs = systemClock()
    // A millisecond apart, so that the newest one of its name is that of the last fold.
    for (const [index, { model }] of training.models.entries())
      await registry.save(model, unixMs(nowMs + index))
    const last = training.models.at(-1)
    if (last === undefined) throw new RangeError('A training gives a model.')
    return { ...training, name: spec.name, hash: last.hash }
  } finally {
    bar.stop()
  }
}

/**
 * How an agent's model is trained.
 *
 * @param agent Its name in the project, where that is another than its definition's.
 * @throws InvalidInputError when the agent uses none.
 */
export function requireModel({ model, name }: AgentDefinition, agent: string = name): ModelSpec {
  if (model !== null) return model
  throw new InvalidInputError(`Agent "${agent}" uses no model.`, {
    facts: { agent },
    hint: 'There is nothing to train; run or backtest it as it is.',
  })
}
