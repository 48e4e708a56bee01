import { exactExp, exactLog } from '../../core/index.ts'

/** A value that a choice may offer. */
export type ChoiceValue = string | number | boolean

/** Whole numbers from `low` to `high`, `step` apart. */
export type IntegerParameter = {
  readonly kind: 'integer'
  readonly low: number
  readonly high: number
  readonly step: number
  /** Whether random and TPE search draw it evenly on a logarithmic scale. */
  readonly log: boolean
}

/** Numbers from `low` to `high`, both included: all of them, or those that lie `step` apart. */
export type RealParameter = {
  readonly kind: 'real'
  readonly low: number
  readonly high: number
  /** Null of a continuous one. */
  readonly step: number | null
  /** Whether it is drawn, and laid out in a grid, evenly on a logarithmic scale. */
  readonly log: boolean
  /** How many values a grid takes of a continuous one, both ends included; null where a grid cannot. */
  readonly gridPoints: number | null
}

/** One of a list of values that have no order. */
export type ChoiceParameter<T extends ChoiceValue = ChoiceValue> = {
  readonly kind: 'choice'
  readonly values: readonly T[]
}

/** What one parameter may be. Made by `integer`, `real` and `choice`; `parameters` checks it. */
export type Parameter = IntegerParameter | RealParameter | ChoiceParameter

/** The type of a parameter's values. */
export type ParameterValue<D extends Parameter> = D extends ChoiceParameter<infer T> ? T : number

/** Whole numbers from `low` to `high`, both included unless `step` leaves `high` out. */
export function integer(
  low: number,
  high: number,
  { step = 1, log = false }: { readonly step?: number; readonly log?: boolean } = {},
): IntegerParameter {
  return { kind: 'integer', low, high, step, log }
}

/** Numbers from `low` to `high`; with `step` those that lie so far apart, else a grid needs `gridPoints`. */
export function real(
  low: number,
  high: number,
  {
    step = null,
    log = false,
    gridPoints = null,
  }: { readonly step?: number | null; readonly log?: boolean; readonly gridPoints?: number | null } = {},
): RealParameter {
  return { kind: 'real', low, high, step, log, gridPoints }
}

/** One of these values, which have no order. */
export function choice<const T extends readonly ChoiceValue[]>(values: T): ChoiceParameter<T[number]> {
  return { kind: 'choice', values }
}

/** Digits that a value of a stepped scale keeps, so that 0.05 + 2 · 0.05 is 0.15. */
const LATTICE_DIGITS = 12
/** Steps are counted with this much room for the rounding of a quotient. */
const STEP_ROUNDING = 1e-9

const onLattice = (value: number): number => Number(value.toPrecision(LATTICE_DIGITS))

/** How many values a parameter has; null of a continuous one. */
export function levelsOf(parameter: Parameter): number | null {
  if (parameter.kind === 'choice') return parameter.values.length
  const { low, high, step } = parameter
  return step === null ? null : Math.floor((high - low) / step + STEP_ROUNDING) + 1
}

/** How many values a grid takes of a parameter; null where it cannot. */
export function gridLevelsOf(parameter: Parameter): number | null {
  return levelsOf(parameter) ?? (parameter.kind === 'real' ? parameter.gridPoints : null)
}

/** The value of a parameter at a level from 0 of `gridLevelsOf`. */
export function levelValue(parameter: Parameter, level: number): ChoiceValue {
  if (parameter.kind === 'choice') return parameter.values[level] ?? ''
  const { low, high, step, log } = parameter
  if (parameter.kind === 'integer') return low + level * parameter.step
  if (step !== null) return onLattice(low + level * step)
  const last = (parameter.gridPoints ?? 1) - 1
  if (level <= 0 || last === 0) return low
  if (level >= last) return high
  const share = level / last
  return onLattice(
    log ? exactExp(exactLog(low) + share * (exactLog(high) - exactLog(low))) : low + share * (high - low),
  )
}

/** Why a value is none of a parameter's, as the end of a sentence; null when it is one. */
export function objection(parameter: Parameter, value: unknown): string | null {
  if (parameter.kind === 'choice')
    return parameter.values.some(known => Object.is(known, value))
      ? null
      : `is ${show(value)}, none of ${parameter.values.map(show).join(', ')}`
  const { kind, low, high, step } = parameter
  if (typeof value !== 'number' || Number.isNaN(value)) return `is ${show(value)}, not a number`
  if (kind === 'integer' && !Number.isInteger(value)) return `is ${value}, not a whole number`
  if (value < low || value > high) return `is ${value}, outside ${low} to ${high}`
  if (step !== null && step !== 1 && levelValue(parameter, Math.round((value - low) / step)) !== value)
    return `is ${value}, no multiple of ${step} above ${low}`
  return null
}

/** What is wrong with a definition, as the end of a sentence; null when nothing is. */
export function definitionFault(parameter: Parameter): string | null {
  if (parameter.kind === 'choice') {
    if (parameter.values.length === 0) return 'offers no value'
    const strange = parameter.values.find(value => typeof value === 'number' && !Number.isFinite(value))
    if (strange !== undefined) return `offers ${strange}, which is no finite number`
    return new Set(parameter.values).size < parameter.values.length ? 'offers a value twice' : null
  }
  const { kind, low, high, step, log } = parameter
  if (![low, high].every(kind === 'integer' ? Number.isSafeInteger : Number.isFinite))
    return `goes from ${low} to ${high}, which are no ${kind === 'integer' ? 'whole' : 'finite'} numbers`
  if (low > high) return `goes from ${low} to ${high}, which is below it`
  if (log && low <= 0) return `goes from ${low}, which has no place on a logarithmic scale`
  if (
    step !== null &&
    !(kind === 'integer' ? Number.isSafeInteger(step) && step > 0 : step > 0 && step < Infinity)
  )
    return `has a step of ${step}`
  if (log && step !== null && !(kind === 'integer' && step === 1))
    return 'has a step, which a logarithmic scale does not keep'
  if (kind === 'real') {
    const { gridPoints } = parameter
    if (gridPoints !== null && step !== null) return 'has both a step and grid points'
    if (gridPoints !== null && !(Number.isSafeInteger(gridPoints) && gridPoints >= 1))
      return `has ${gridPoints} grid points`
  }
  return null
}

const show = (value: unknown): string =>
  typeof value === 'string'
    ? `"${value}"`
    : typeof value === 'object' && value !== null
      ? 'an object'
      : String(value)
