import { canonicalJson, digestOf, type Hash, InvalidInputError, sha256 } from '../../core/index.ts'
import { checkValues } from './checkValues.ts'
import { type ChoiceValue, definitionFault, type Parameter, type ParameterValue } from './parameter.ts'

/** Parameters by name. */
export type ParameterDefinitions = Readonly<Record<string, Parameter>>

/** A value for each parameter of the definitions. */
export type PointOf<D extends ParameterDefinitions> = { readonly [Name in keyof D]: ParameterValue<D[Name]> }

/** A value for each parameter of some space. */
export type Point = Readonly<Record<string, ChoiceValue>>

/** The points that a search may try. */
export type ParameterSpace<P extends Point = Point> = {
  readonly definitions: ParameterDefinitions
  /** In the order of the definitions. */
  readonly names: readonly string[]
  /** Whether `where` leaves combinations out. */
  readonly isConstrained: boolean
  /** The point that holds where no other is chosen; null where there is none. */
  readonly defaults: P | null
  /** Whether a combination is a point. */
  admits(point: P): boolean
  /** SHA-256 of the definitions. `where` is code, and not part of it; nor are the defaults. */
  readonly hash: Hash
  /**
   * The values as a point, in the order of the definitions.
   *
   * @throws InvalidInputError naming the parameter that is unknown, missing, of another type or out of range.
   */
  check(values: unknown): P
  /** Canonical JSON of a point: the same text on every machine, whatever the order of its fields. */
  canonical(point: P): string
  /** SHA-256 of the canonical JSON. */
  hashOf(point: P): Hash
}

/** The point type of a space. */
export type PointIn<Space> = Space extends ParameterSpace<infer P> ? P : never

/**
 * Defines the parameters of a search; the type of its points follows from them. `where` says which combinations
 * count; it must depend on the point alone. `defaults` is the point of an agent that is run outside a sweep.
 *
 * @throws InvalidInputError naming the parameter whose definition or default is wrong.
 */
export function parameters<const D extends ParameterDefinitions>(
  definitions: D,
  {
    where = null,
    defaults = null,
  }: {
    readonly where?: ((point: PointOf<D>) => boolean) | null
    readonly defaults?: PointOf<NoInfer<D>> | null
  } = {},
): ParameterSpace<PointOf<D>> {
  const names = Object.keys(definitions)
  if (names.length === 0)
    throw new InvalidInputError('There is no parameter to search.', { hint: 'Define at least one.' })
  for (const [parameter, definition] of Object.entries(definitions)) {
    const fault = definitionFault(definition)
    if (fault !== null)
      throw new InvalidInputError(`Parameter "${parameter}" ${fault}.`, {
        facts: { parameter },
        hint: 'Define it as integer(low, high), real(low, high) or choice([…]).',
      })
  }
  function check(values: unknown): PointOf<D> {
    const point = checkValues(definitions, values) as PointOf<D>
    if (where !== null && !where(point))
      throw new InvalidInputError(`${canonicalJson(point)} is not among the points of this search.`, {
        facts: { point: canonicalJson(point) },
        hint: 'Choose values that `where` admits together.',
      })
    return point
  }
  return {
    definitions,
    names,
    isConstrained: where !== null,
    defaults: defaults === null ? null : check(defaults),
    admits: point => where === null || where(point),
    hash: digestOf(Object.entries(definitions)),
    check,
    canonical: canonicalJson,
    hashOf: point => sha256(canonicalJson(point)),
  }
}
