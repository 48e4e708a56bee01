import { InvalidInputError } from '../../../core/index.ts'
import type { KeyPart } from './keyColumn.ts'
import type { FeatureViewDefinition } from './pointInTimeJoin.ts'

/**
 * Reads one part of a key.
 *
 * @throws InvalidInputError when it is missing.
 */
export function readKeyPart(
  view: FeatureViewDefinition,
  keys: Readonly<Record<string, KeyPart>>,
  name: string,
  owner: string,
): KeyPart {
  const part = Object.hasOwn(keys, name) ? keys[name] : undefined
  if (part === undefined || part === null)
    throw new InvalidInputError(`A ${owner} has no key "${name}", which view "${view.name}" needs.`, {
      facts: { view: view.name, key: name },
      hint: `Give every ${owner} a value for each of the view's keys.`,
    })
  return part
}
