import { finiteLattice, gridLattice } from './lattice.ts'
import type { ParameterSpace, Point } from './parameters.ts'
import { randomPoints } from './randomPoints.ts'
import { createTpe, type TpeSettings } from './tpe.ts'
import { createTpeHistory } from './tpeHistory.ts'

/** Where the points of a search come from. */
export type PointSource<P extends Point> = {
  /** The point of a trial needs the values of the trials this many before it and earlier: infinite if of none. */
  readonly lag: number
  /** The point of the next trial; null when there is none. Merit: more is better, null of a failure. */
  next(trial: number, meritOf: (trial: number) => number | null): P | null
  /** Takes the next trial's point as given; null where `next` finds it again by itself. */
  readonly adopt: ((point: P) => void) | null
  /** Points so far, where they cannot be found again. */
  readonly points: readonly P[] | null
}

/** The points of a grid, as nested loops meet them. */
export function gridSource<P extends Point>(space: ParameterSpace<P>): PointSource<P> {
  const lattice = gridLattice(space)
  let cell = 0
  return {
    lag: Number.POSITIVE_INFINITY,
    adopt: null,
    points: null,
    next() {
      while (cell < lattice.cells) {
        const point = lattice.pointAt(cell++)
        if (point !== null) return point
      }
      return null
    },
  }
}

/** The points of a random search. */
export function randomSource<P extends Point>(space: ParameterSpace<P>, seed: number): PointSource<P> {
  return { lag: Number.POSITIVE_INFINITY, adopt: null, points: null, next: randomPoints(space, seed) }
}

/** The points of a TPE search; of a finite space none comes twice. */
export function tpeSource<P extends Point>(
  space: ParameterSpace<P>,
  seed: number,
  settings: TpeSettings,
): PointSource<P> {
  const tpe = createTpe(space, seed, settings)
  const isLattice = finiteLattice(space) !== null
  const taken = new Set<string>()
  const points: P[] = []
  const history = createTpeHistory()
  const adopt = (point: P): void => {
    points.push(point)
    history.add(tpe.unitsOf(point))
    if (isLattice) taken.add(space.canonical(point))
  }
  return {
    lag: settings.parallel,
    adopt,
    points,
    next(trial, meritOf) {
      // A value that came early counts no earlier than it would from the slowest worker.
      history.settle(trial - settings.parallel + 1, meritOf)
      const point = tpe.propose(
        trial,
        history,
        candidate => isLattice && taken.has(space.canonical(candidate)),
      )
      if (point !== null) adopt(point)
      return point
    },
  }
}
