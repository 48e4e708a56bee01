import { digestOf, type Hash, InvalidInputError, ZERO_HASH } from '../../core/index.ts'
import type { FeatureDefinition } from './defineFeature.ts'

/**
 * Hash of everything that says what a feature vector's numbers are: names in order, versions, units,
 * parameters, inputs, scopes, maximum ages. The zero hash for no features.
 *
 * @throws InvalidInputError when two features have one name.
 */
export function featureSetHash(features: readonly FeatureDefinition[]): Hash {
  assertDistinctNames(features)
  if (features.length === 0) return ZERO_HASH
  return digestOf(
    features.map(({ name, version, unit, params, inputs, scope, maxAgeMs }) => ({
      name,
      version,
      unit,
      params,
      inputs,
      scope,
      maxAgeMs,
    })),
  )
}

function assertDistinctNames(features: readonly FeatureDefinition[]): void {
  const seen = new Set<string>()
  for (const { name } of features) {
    if (seen.has(name))
      throw new InvalidInputError(`The feature list has two features named "${name}".`, {
        facts: { name },
        hint: 'Remove one, or put the parameters in which they differ into their names.',
      })
    seen.add(name)
  }
}
