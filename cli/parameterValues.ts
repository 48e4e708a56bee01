import type { ParameterSpace } from '../backtest/index.ts'
import { InvalidInputError } from '../core/index.ts'

type Value = string | number | boolean

/**
 * Reads `name=value` texts as values of parameters; those that do not fit are left for the space to refuse.
 *
 * @throws InvalidInputError for a text that is no such pair, or a name that comes twice.
 */
export function parameterValues(
  space: Pick<ParameterSpace, 'names' | 'definitions'>,
  pairs: readonly string[],
): Record<string, Value> {
  const values: Record<string, Value> = {}
  for (const pair of pairs) {
    const [, name, text] = /^([^=]+)=(.+)$/s.exec(pair) ?? []
    if (name === undefined || text === undefined || Object.hasOwn(values, name))
      throw new InvalidInputError(
        name === undefined ? `"${pair}" is no name=value.` : `Parameter "${name}" is given twice.`,
        {
          facts: { pair },
          hint: `The parameters are ${space.names.join(', ')}.`,
        },
      )
    values[name] = parameterValue(space, name, text)
  }
  return values
}

function parameterValue(
  { definitions }: Pick<ParameterSpace, 'definitions'>,
  name: string,
  text: string,
): Value {
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined
  if (definition?.kind === 'choice') return definition.values.find(value => String(value) === text) ?? text
  if (definition === undefined && (text === 'true' || text === 'false')) return text === 'true'
  const number = Number(text)
  return Number.isNaN(number) ? text : number
}
