import { gaussian, type Random, seededRandom } from '../../core/index.ts'
import type { Fit } from '../fit.ts'
import type { Objective, TreesLearner } from '../learner.ts'

/** Trees that are small enough for tests. */
export const SMALL_TREES: TreesLearner = {
  kind: 'trees',
  rounds: 5,
  depth: 3,
  learningRate: 0.3,
  l2: 1,
  minLeafWeight: 1,
  minGain: 0,
  rowShare: 1,
  featureShare: 1,
  patience: 20,
}

/** A fit to rows of uniform features between −1 and 1, whose targets the given rule tells from the features. */
export function treesFit(shape: {
  readonly rows: number
  readonly columns: number
  readonly target: (features: Float32Array, random: Random) => number
  readonly learner?: Partial<TreesLearner>
  readonly objective?: Objective
  readonly seed?: number
  /** Share of the rows that validate, the last ones. */
  readonly validationShare?: number
  /** Share of the values that are missing. */
  readonly missingShare?: number
  readonly weight?: (random: Random) => number
}): Fit<TreesLearner> {
  const { rows, columns, seed = 1, missingShare = 0 } = shape
  const random = seededRandom(seed)
  const values = Float32Array.from({ length: rows * columns }, () =>
    random() < missingShare ? Number.NaN : 2 * random() - 1,
  )
  const targets = Float32Array.from({ length: rows }, (_, row) =>
    shape.target(values.subarray(row * columns, (row + 1) * columns), random),
  )
  const weights = Float32Array.from({ length: rows }, () => shape.weight?.(random) ?? 1)
  const fitted = Math.round(rows * (1 - (shape.validationShare ?? 0)))
  return {
    set: { values, columns, targets, weights },
    train: Uint32Array.from({ length: fitted }, (_, row) => row),
    validation: Uint32Array.from({ length: rows - fitted }, (_, row) => fitted + row),
    scaler: { mean: new Float32Array(columns), std: new Float32Array(columns).fill(1) },
    objective: shape.objective ?? 'direction',
    learner: { ...SMALL_TREES, ...shape.learner },
    seed,
  }
}

/** A noisy rule that several features have a part in: the log return, or its sign. */
export function noisyRule(objective: Objective): (features: Float32Array, random: Random) => number {
  return ([a = 0, b = 0, c = 0], random) => {
    const of = (value: number) => (Number.isNaN(value) ? 0.3 : value)
    const value = of(a) * of(b) + (of(c) > 0.2 ? 0.5 : 0) + 0.3 * gaussian(random) - 0.2
    return objective === 'return' ? value / 100 : Number(value > 0)
  }
}
