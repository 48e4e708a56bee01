import { InvalidInputError } from '../../core/index.ts'
import type { ChoiceValue } from './parameter.ts'
import type { ParameterSpace, Point } from './parameters.ts'
import { parzenEstimator } from './parzenEstimator.ts'
import { randomOfTrial, untakenPoints } from './randomPoints.ts'
import type { TpeHistory } from './tpeHistory.ts'
import { unitScale } from './unitScale.ts'

/** How a TPE search goes. */
export type TpeSettings = {
  /** Trials at random before the first that is proposed; at least `parallel`. */
  readonly startup: number
  /** Points drawn from the good density, of which the most promising is proposed. */
  readonly candidates: number
  /** Share of the trials that are good, 25 of them at most. */
  readonly goodShare: number
  /** How many trials may be out at once. Each is proposed without the results of the `parallel` − 1 before it. */
  readonly parallel: number
}

/** What a TPE search does unless told otherwise. */
export const TPE_DEFAULTS: TpeSettings = { startup: 20, candidates: 24, goodShare: 0.15, parallel: 8 }

/** Draws for one candidate that may be taken, or left out by `where`. */
const DRAWS_PER_CANDIDATE = 20

/** Proposes the points of a TPE search. */
export type TpeProposer<P extends Point> = {
  /** The point of a trial, by the trials before it; null when all points are taken. */
  propose(trial: number, before: TpeHistory, isTaken: (point: P) => boolean): P | null
  unitsOf(point: P): Float64Array
}

/**
 * Tree-structured Parzen estimator (J. Bergstra, R. Bardenet, Y. Bengio and B. Kégl, "Algorithms for Hyper-Parameter
 * Optimization", NIPS 2011), with the multivariate kernels of BOHB: the trials are split into good and bad, a density
 * is estimated of each, l(x) and g(x), and of the candidates drawn from l the one with the greatest l(x) / g(x), which
 * is the one of greatest expected improvement, is proposed.
 *
 * @throws InvalidInputError naming the setting that is wrong.
 */
export function createTpe<P extends Point>(
  space: ParameterSpace<P>,
  seed: number,
  settings: TpeSettings,
): TpeProposer<P> {
  assertSettings(settings)
  const entries = Object.entries(space.definitions).map(([name, definition]) => ({
    name,
    scale: unitScale(definition),
  }))
  const scales = entries.map(({ scale }) => scale)
  const drawUntaken = untakenPoints(space, seed)

  const unitsOf = (point: P) =>
    Float64Array.from(entries, ({ name, scale }) => scale.toUnit(point[name] ?? 0))
  const pointOf = (units: Float64Array): P => {
    const values: Record<string, ChoiceValue> = {}
    for (const [index, { name, scale }] of entries.entries()) values[name] = scale.fromUnit(units[index] ?? 0)
    return values as P
  }

  return {
    unitsOf,
    propose(trial, before, isTaken) {
      const split = trial < settings.startup ? null : before.split(settings.goodShare)
      if (split === null) return drawUntaken(trial, isTaken)
      const likely = parzenEstimator(scales, split.good)
      const unlikely = parzenEstimator(scales, split.bad)

      const random = randomOfTrial(seed, trial)
      let best: P | null = null
      let bestScore = Number.NEGATIVE_INFINITY
      let found = 0
      for (
        let draw = 0;
        found < settings.candidates && draw < settings.candidates * DRAWS_PER_CANDIDATE;
        draw++
      ) {
        const point = pointOf(likely.sample(random))
        if (!space.admits(point) || isTaken(point)) continue
        found++
        // A value of a lattice counts where it lies, not where it was drawn.
        const units = unitsOf(point)
        const score = likely.logDensity(units) - unlikely.logDensity(units)
        if (score > bestScore) {
          best = point
          bestScore = score
        }
      }
      return best ?? drawUntaken(trial, isTaken)
    },
  }
}

function assertSettings({ startup, candidates, goodShare, parallel }: TpeSettings): void {
  const wrong = Object.entries({ startup, candidates, parallel }).find(
    ([, value]) => !Number.isSafeInteger(value) || value < 1,
  )
  const fault =
    wrong !== undefined
      ? `${wrong[0]} is ${wrong[1]}, not a whole number above 0`
      : !(goodShare > 0 && goodShare < 1)
        ? `goodShare is ${goodShare}, not a share between 0 and 1`
        : startup < parallel
          ? `startup is ${startup}, fewer than the ${parallel} trials that may be out at once`
          : null
  if (fault !== null)
    throw new InvalidInputError(`The settings of the TPE search do not fit: ${fault}.`, {
      facts: { startup, candidates, goodShare, parallel },
      hint: 'Leave a setting out to take its default.',
    })
}
