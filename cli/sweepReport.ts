import type { ReportSweep, SearchGoal, SweepResult } from '../backtest/index.ts'
import { InvalidInputError } from '../core/index.ts'
import type { SweepFigureName } from './sweepFigures.ts'
import { sweepFigureHeading, sweepFigureUnit } from './sweepFigureText.ts'

/** Stands for the second parameter where there is only one. */
const NO_PARAMETER = { label: 'all', value: 'points' }

/**
 * The points of a sweep over two of its parameters, as a report draws them, with the one that is reported outlined.
 *
 * @param axes One or two parameters, as `sweepAxes` gives them.
 */
export function reportSweep(
  results: readonly SweepResult[],
  chosen: SweepResult,
  { objective, goal }: { readonly objective: SweepFigureName; readonly goal: SearchGoal },
  axes: readonly string[],
): ReportSweep {
  const [x, y] = axes
  const at = ({ point }: SweepResult) => ({
    x: placeOn(x === undefined ? undefined : point[x]),
    y: placeOn(y === undefined ? undefined : point[y]),
  })
  return {
    xLabel: x ?? NO_PARAMETER.label,
    yLabel: y ?? NO_PARAMETER.label,
    valueLabel: sweepFigureHeading(objective),
    valueUnit: sweepFigureUnit(objective),
    least: goal === 'minimise',
    points: results.map(result => {
      const value = 'figures' in result ? result.figures[objective] : null
      return { ...at(result), value: typeof value === 'number' ? value : null }
    }),
    chosen: at(chosen),
  }
}

const placeOn = (value: unknown): number | string =>
  typeof value === 'number' ? value : value === undefined ? NO_PARAMETER.value : String(value)

/**
 * The parameters that a map is drawn over: those named as `one,other`, or the first two, those that vary before others.
 *
 * @throws InvalidInputError for names that are not two different parameters.
 */
export function sweepAxes(
  text: string | undefined,
  names: readonly string[],
  results: readonly SweepResult[],
): readonly string[] {
  if (text === undefined) {
    const varies = (name: string) => new Set(results.map(({ point }) => point[name])).size > 1
    return [...names.filter(varies), ...names.filter(name => !varies(name))].slice(0, 2)
  }
  const axes = text.split(',').map(name => name.trim())
  if (axes.length === 2 && axes[0] !== axes[1] && axes.every(name => names.includes(name))) return axes
  throw new InvalidInputError(`"${text}" does not name two parameters.`, {
    facts: { axes: text },
    hint: `Give two of ${names.join(', ')}, with a comma between them.`,
  })
}
