import { InvalidInputError } from '../core/index.ts'
import type { FeatureMatrix } from '../feature-store/index.ts'
import type { ModelCard } from './sealed/modelCard.ts'

/** A list of features by hash and names: a feature matrix and a feature pipeline are ones. */
export type NamedFeatureSet = Pick<FeatureMatrix, 'featureSet' | 'names'>

/**
 * Checks that a model was trained on exactly these features, in this order.
 *
 * @throws InvalidInputError naming the features that differ.
 */
export function assertTrainedOn(
  card: Pick<ModelCard, 'name' | 'features' | 'featureSet'>,
  given: NamedFeatureSet,
): void {
  if (given.featureSet === card.featureSet) return
  throw new InvalidInputError(
    `Model "${card.name}" was trained on other features: ${difference(card.features, given.names)}.`,
    {
      facts: { model: card.name, trainedOn: card.featureSet, given: given.featureSet },
      hint: `Train a model on these features, or give the agent the model's: ${card.features.join(', ')}.`,
    },
  )
}

/** Says how two lists of names differ. */
function difference(trained: readonly string[], given: readonly string[]): string {
  const missing = trained.filter(name => !given.includes(name))
  const additional = given.filter(name => !trained.includes(name))
  const parts = []
  if (missing.length > 0) parts.push(`missing ${missing.join(', ')}`)
  if (additional.length > 0) parts.push(`additional ${additional.join(', ')}`)
  if (parts.length > 0) return parts.join('; ')
  const moved = trained.filter((name, place) => given[place] !== name)
  return moved.length > 0
    ? `another order of ${moved.join(', ')}`
    : 'the names agree, but a version or parameter does not'
}
