import { InvalidInputError, type Random, seededRandom } from '../../core/index.ts'
import { COUNTED_CELLS, finiteLattice, type Lattice } from './lattice.ts'
import type { ChoiceValue } from './parameter.ts'
import type { ParameterSpace, Point } from './parameters.ts'
import { mixBits, seededPermutation } from './permutation.ts'
import { unitScale } from './unitScale.ts'

/** Draws in a row that may miss what `where` admits. */
const MOST_DRAWS = 20_000

/** A generator for one trial of a search, so that what a trial draws depends on no other. */
export const randomOfTrial = (seed: number, trial: number): Random =>
  seededRandom(mixBits(seed ^ mixBits(trial + 0x3c_6e_f3)))

/** Draws the point of a trial that is not taken; null when all are. */
export type DrawUntaken<P extends Point> = (trial: number, isTaken: (point: P) => boolean) => P | null

/**
 * Draws points that are each as likely as their parameters' scales say, independently by trial.
 *
 * @throws InvalidInputError, when drawing, if `where` admits next to nothing.
 */
export function untakenPoints<P extends Point>(space: ParameterSpace<P>, seed: number): DrawUntaken<P> {
  const lattice = finiteLattice(space)
  const scales = Object.entries(space.definitions).map(([name, definition]) => ({
    name,
    scale: unitScale(definition),
  }))
  return (trial, isTaken) => {
    const random = randomOfTrial(seed, trial)
    for (let draw = 0; draw < MOST_DRAWS; draw++) {
      const values: Record<string, ChoiceValue> = {}
      for (const { name, scale } of scales) values[name] = scale.fromUnit(random())
      const point = values as P
      if (space.admits(point) && !isTaken(point)) return point
    }
    if (lattice !== null) return firstUntaken(lattice, seed, isTaken)
    throw nothingAdmitted(MOST_DRAWS)
  }
}

/** Few are left: they are found one by one. */
function firstUntaken<P extends Point>(
  lattice: Lattice<P>,
  seed: number,
  isTaken: (point: P) => boolean,
): P | null {
  const permuted = seededPermutation(lattice.cells, seed)
  for (let index = 0; index < Math.min(lattice.cells, COUNTED_CELLS); index++) {
    const point = lattice.pointAt(permuted(index))
    if (point !== null && !isTaken(point)) return point
  }
  if (lattice.cells <= COUNTED_CELLS) return null
  throw nothingAdmitted(COUNTED_CELLS)
}

const nothingAdmitted = (tried: number): InvalidInputError =>
  new InvalidInputError(`\`where\` admits none of ${tried} points drawn at random.`, {
    facts: { tried },
    hint: 'Narrow the ranges to where the points are.',
  })

/**
 * The points of a random search, one after the other; null after the last. Of a finite space none comes twice.
 *
 * Where every value is equally likely this is a permutation of the lattice, in no memory; with a logarithmic whole
 * number the draws follow its scale, and those that came before are drawn again.
 */
export function randomPoints<P extends Point>(space: ParameterSpace<P>, seed: number): () => P | null {
  const lattice = finiteLattice(space)
  const isEven = Object.values(space.definitions).every(({ kind, ...rest }) => !('log' in rest) || !rest.log)
  if (lattice !== null && isEven) {
    const permuted = seededPermutation(lattice.cells, seed)
    let index = 0
    return () => {
      while (index < lattice.cells) {
        const point = lattice.pointAt(permuted(index++))
        if (point !== null) return point
      }
      return null
    }
  }
  const draw = untakenPoints(space, seed)
  const taken = new Set<string>()
  let trial = 0
  return () => {
    const point = draw(trial++, candidate => lattice !== null && taken.has(space.canonical(candidate)))
    if (point !== null && lattice !== null) taken.add(space.canonical(point))
    return point
  }
}
