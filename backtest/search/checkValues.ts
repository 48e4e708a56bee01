import { InvalidInputError } from '../../core/index.ts'
import { type ChoiceValue, objection, type Parameter } from './parameter.ts'
import type { ParameterDefinitions, Point } from './parameters.ts'

/**
 * Values by name as a point, in the order of the definitions.
 *
 * @throws InvalidInputError naming the parameter that is unknown, missing, of another type or out of range.
 */
export function checkValues(definitions: ParameterDefinitions, values: unknown): Point {
  if (values === null || typeof values !== 'object' || Array.isArray(values))
    throw new InvalidInputError('A point is an object with a value for each parameter.', {
      hint: `Pass ${Object.keys(definitions).join(', ')} by name.`,
    })
  const given = values as Readonly<Record<string, unknown>>
  for (const name of Object.keys(given)) definitionOf(definitions, name)
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [
      name,
      checkValue(name, definition, given[name]),
    ]),
  )
}

/**
 * The definition of a parameter.
 *
 * @throws InvalidInputError naming it when there is none.
 */
export function definitionOf(definitions: ParameterDefinitions, name: string): Parameter {
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined
  if (definition !== undefined) return definition
  throw new InvalidInputError(`There is no parameter "${name}".`, {
    facts: { parameter: name },
    hint: `The parameters are ${Object.keys(definitions).join(', ')}.`,
  })
}

/**
 * A value of one parameter.
 *
 * @throws InvalidInputError naming the parameter when it is none of its values.
 */
export function checkValue(name: string, definition: Parameter, value: unknown): ChoiceValue {
  const reason = value === undefined ? 'is missing' : objection(definition, value)
  if (reason === null) return value as ChoiceValue
  throw new InvalidInputError(`Parameter "${name}" ${reason}.`, {
    facts: { parameter: name },
    hint: `Choose ${range(definition)}.`,
  })
}

function range(definition: Parameter): string {
  if (definition.kind === 'choice')
    return `one of ${definition.values.map(value => JSON.stringify(value)).join(', ')}`
  const { kind, low, high, step } = definition
  const steps = step === null || (kind === 'integer' && step === 1) ? '' : ` in steps of ${step}`
  return `a${kind === 'integer' ? ' whole' : ''} number from ${low} to ${high}${steps}`
}
