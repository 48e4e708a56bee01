import { exactExp, exactLog } from '../../core/index.ts'
import { type ChoiceValue, levelsOf, levelValue, type Parameter } from './parameter.ts'

/**
 * A parameter's values as numbers in [0, 1], evenly likely for a draw that knows nothing: a logarithmic one by its
 * logarithm, and each of `levels` values as the middle of a part of its own.
 */
export type UnitScale = {
  /** Null of a continuous one. */
  readonly levels: number | null
  /** Whether near numbers are near values. */
  readonly ordered: boolean
  toUnit(value: ChoiceValue): number
  fromUnit(unit: number): ChoiceValue
}

/** The scale of a parameter; the same bits on every machine. */
export function unitScale(parameter: Parameter): UnitScale {
  const levels = levelsOf(parameter)
  if (parameter.kind === 'choice') {
    const { values } = parameter
    return {
      levels,
      ordered: false,
      toUnit: value => (values.indexOf(value) + 0.5) / values.length,
      fromUnit: unit => levelValue(parameter, partOf(unit, values.length)),
    }
  }
  const { kind, low, high, step, log } = parameter
  if (levels !== null && !log)
    return {
      levels,
      ordered: true,
      toUnit: value => (Math.round((Number(value) - low) / (step ?? 1)) + 0.5) / levels,
      fromUnit: unit => levelValue(parameter, partOf(unit, levels)),
    }
  // A whole number stands for all that is rounded to it.
  const margin = kind === 'integer' ? 0.5 : 0
  const [from, to] = log ? [exactLog(low - margin), exactLog(high + margin)] : [low, high]
  const width = to - from
  return {
    levels,
    ordered: true,
    toUnit: value => (width === 0 ? 0.5 : ((log ? exactLog(Number(value)) : Number(value)) - from) / width),
    fromUnit(unit) {
      const place = from + unit * width
      const value = log ? exactExp(place) : place
      return Math.min(high, Math.max(low, kind === 'integer' ? Math.round(value) : value))
    },
  }
}

const partOf = (unit: number, parts: number): number => Math.min(parts - 1, Math.floor(unit * parts))
