import { InvalidInputError } from '../core/index.ts'
import type { Inference } from '../models/index.ts'
import type { AgentDefinition } from './defineAgent.ts'

/**
 * Checks that a model is the one that a definition asks for, or that both are none.
 *
 * @throws InvalidInputError when it is missing, not wanted, or trained on other features.
 */
export function checkModel({ name, model, features }: AgentDefinition, inference: Inference | null): void {
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
  const wanted = features.map(feature => feature.name)
  const trainedOn = trainedFeatures(inference, wanted.length)
  if (trainedOn.join() !== wanted.join())
    throw new InvalidInputError(`Agent "${name}" was given a model that was trained on other features.`, {
      facts: {
        agent: name,
        model: inference.hash,
        trainedOn: trainedOn.join(', ') || 'another number of features',
        features: wanted.join(', '),
      },
      hint: 'Train the agent’s model again on its present features.',
    })
}

/** Names of a model's features in order, as it explains itself; none when it takes another number of them. */
function trainedFeatures(inference: Inference, count: number): string[] {
  try {
    return inference.explain(new Float32Array(count).fill(Number.NaN)).map(({ feature }) => feature)
  } catch (error) {
    if (error instanceof InvalidInputError) return []
    throw error
  }
}
