import { InvalidInputError } from '../../core/index.ts'
import { type ChoiceValue, gridLevelsOf, levelsOf, levelValue, type Parameter } from './parameter.ts'
import type { ParameterSpace, Point } from './parameters.ts'

/** The combinations of a finite space, numbered from 0 as nested loops meet them: the last parameter fastest. */
export type Lattice<P extends Point> = {
  /** How many combinations there are, those that `where` leaves out included. */
  readonly cells: number
  /** The point of a cell; null when `where` leaves it out. */
  pointAt(cell: number): P | null
  /** How many points there are; null when `where` would have to be asked more than `COUNTED_CELLS` times. */
  readonly points: number | null
}

/** Cells that are counted one by one, a second or so at most. */
export const COUNTED_CELLS = 10_000_000

/** Cells that have numbers: beyond, a double no longer tells two apart. */
const NUMBERED_CELLS = 2 ** 52

/** The lattice of a space whose parameters all have levels; null when one is continuous or there are too many. */
export function finiteLattice<P extends Point>(space: ParameterSpace<P>): Lattice<P> | null {
  const levels = Object.values(space.definitions).map(levelsOf)
  return levels.every(count => count !== null) ? latticeOf(space, levels) : null
}

/**
 * The lattice that a grid search walks.
 *
 * @throws InvalidInputError naming a continuous parameter without grid points, or when there are too many points.
 */
export function gridLattice<P extends Point>(space: ParameterSpace<P>): Lattice<P> {
  const levels = Object.entries(space.definitions).map(([parameter, definition]) => {
    const count = gridLevelsOf(definition)
    if (count === null)
      throw new InvalidInputError(`Parameter "${parameter}" is continuous: a grid cannot try all of it.`, {
        facts: { parameter },
        hint: 'Give it `gridPoints` or a `step`, or search at random.',
      })
    return count
  })
  const lattice = latticeOf(space, levels)
  if (lattice === null)
    throw new InvalidInputError('The grid has more points than can be numbered.', {
      facts: { cells: levels.reduce((product, count) => product * count, 1) },
      hint: 'Take larger steps or fewer parameters, or search at random.',
    })
  return lattice
}

/** Number of points of a space's grid; null when `where` would have to be asked too often. */
export function gridSize(space: ParameterSpace): number | null {
  return gridLattice(space).points
}

function latticeOf<P extends Point>(space: ParameterSpace<P>, levels: readonly number[]): Lattice<P> | null {
  const cells = levels.reduce((product, count) => product * count, 1)
  if (cells > NUMBERED_CELLS) return null
  const entries = Object.entries(space.definitions).map(
    ([name, definition], index) => ({ name, definition, count: levels[index] ?? 1 }) satisfies Dimension,
  )
  const pointAt = (cell: number): P | null => {
    const point = combination(entries, cell) as P
    return space.admits(point) ? point : null
  }
  let counted: number | null | undefined
  return {
    cells,
    pointAt,
    get points() {
      counted ??= !space.isConstrained ? cells : cells > COUNTED_CELLS ? null : countPoints(cells, pointAt)
      return counted
    },
  }
}

type Dimension = { readonly name: string; readonly definition: Parameter; readonly count: number }

function combination(dimensions: readonly Dimension[], cell: number): Point {
  const point: Record<string, ChoiceValue> = {}
  // In the order of the definitions, so that every point has one shape.
  for (const { name } of dimensions) point[name] = 0
  let rest = cell
  for (let index = dimensions.length - 1; index >= 0; index--) {
    const { name, definition, count } = dimensions[index] as Dimension
    point[name] = levelValue(definition, rest % count)
    rest = Math.floor(rest / count)
  }
  return point
}

function countPoints(cells: number, pointAt: (cell: number) => Point | null): number {
  let points = 0
  for (let cell = 0; cell < cells; cell++) if (pointAt(cell) !== null) points++
  return points
}
