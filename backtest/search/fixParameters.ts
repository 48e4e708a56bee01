import { checkValue, definitionOf } from './checkValues.ts'
import { type ChoiceValue, choice, type Parameter } from './parameter.ts'
import { type ParameterSpace, type Point, parameters } from './parameters.ts'

/**
 * The part of a space in which some parameters keep one value: what is searched are the others.
 *
 * @throws InvalidInputError naming the parameter that is unknown, of another type or out of range.
 */
export function fixParameters<P extends Point>(
  space: ParameterSpace<P>,
  values: Readonly<Record<string, ChoiceValue>>,
): ParameterSpace<P> {
  const definitions: Record<string, Parameter> = { ...space.definitions }
  for (const [name, value] of Object.entries(values))
    definitions[name] = choice([checkValue(name, definitionOf(space.definitions, name), value)])
  const admits = (point: Point) => space.admits(point as P)
  const defaults = space.defaults === null ? null : { ...space.defaults, ...values }
  return parameters(definitions, {
    where: space.isConstrained ? admits : null,
    // A pair of defaults may not go with the value that is kept.
    defaults: defaults !== null && admits(defaults) ? defaults : null,
  }) as unknown as ParameterSpace<P>
}
