import { InvalidInputError } from '../core/index.ts'
import type { Inference } from '../models/index.ts'
import type { AgentDefinition } from './defineAgent.ts'

/**
 * Checks that models are of the kind that a definition asks for, or that it asks for none.
 *
 * @throws InvalidInputError when one is missing, not wanted or trained on other features or another horizon.
 */
export function checkModels(
  definition: AgentDefinition,
  inference: Inference | null,
  later: readonly Inference[],
): void {
  const { name, model } = definition
  if (model !== null && inference === null)
    throw new InvalidInputError(`Agent "${name}" needs its model "${model.name}", and none was given.`, {
      facts: { agent: name, model: model.name },
      hint: 'Train it, then pass its inference.',
    })
  if (model === null && inference !== null)
    throw new InvalidInputError(`Agent "${name}" uses no model, but ${inference.hash} was given.`, {
      facts: { agent: name, model: inference.hash },
      hint: 'Pass `inference: null`, or give the agent a `model`.',
    })
  if (inference === null) return
  for (const each of [inference, ...later]) checkFit(definition, inference, each)
}

function checkFit({ name, features }: AgentDefinition, first: Inference, model: Inference): void {
  const wanted = features.map(feature => feature.name).join(', ')
  const trainedOn = model.features.join(', ')
  if (trainedOn !== wanted)
    throw new InvalidInputError(`Agent "${name}" was given a model that was trained on other features.`, {
      facts: { agent: name, model: model.hash, trainedOn, features: wanted },
      hint: 'Train the agent’s model again on its present features.',
    })
  if (model.steps !== first.steps || model.horizonMs !== first.horizonMs)
    throw new InvalidInputError(
      `Model ${model.hash} of agent "${name}" looks at ${model.steps} instants and ${model.horizonMs} ms ahead, its first model at ${first.steps} and ${first.horizonMs} ms.`,
      {
        facts: { agent: name, model: model.hash, steps: model.steps, horizonMs: model.horizonMs },
        hint: 'Let all models of an agent look as far back and ahead.',
      },
    )
}
