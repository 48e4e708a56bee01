import { InvalidInputError } from '../core/index.ts'
import type { FeatureMatrix } from '../feature-store/index.ts'
import type { TrainingSet } from './fit.ts'
import { type Learner, stepsOf } from './learner.ts'
import type { ResolvedModelSpec } from './modelSpec.ts'
import {
  assertBothClasses,
  assertFeaturesVary,
  type Fold,
  makeSamples,
  planSplit,
  planWalkForward,
  type Samples,
  type WalkForwardPlan,
  weighSamples,
} from './samples/index.ts'

/** How a walk-forward is cut; the shares and the embargo are the spec's. */
export type WalkForward = Pick<WalkForwardPlan, 'mode' | 'retrain'>

/** What a spec makes of a matrix: labelled and weighed rows, cut into folds. */
export type Lessons = {
  readonly samples: Samples
  /** Of each fold: one for all, unless classes are balanced, which only a fold's own training rows may decide. */
  readonly sets: readonly TrainingSet[]
  readonly folds: readonly Fold[]
}

/** Feature that a label on reversion to NAV takes the NAV from. */
const NAV_FEATURE = 'nav_premium'

/**
 * Labels and weighs a matrix, and cuts it into one split or the folds of a walk-forward.
 *
 * @throws InvalidInputError on too few rows, features that teach nothing, or a class without rows.
 */
export function lessonsOf(
  matrix: FeatureMatrix,
  spec: ResolvedModelSpec & { readonly learner: Learner },
  walkForward: WalkForward | null,
): Lessons {
  const { name, label, objective, learner, uniqueness, classBalance } = spec
  const { values, columns } = matrix
  if (columns === 0)
    throw new InvalidInputError(`Model "${name}" has no features to learn from.`, {
      facts: { model: name },
      hint: 'Give the agent at least one feature, or no model.',
    })
  const samples = makeSamples(matrix, {
    label,
    objective,
    steps: stepsOf(learner),
    nav: label.kind === 'nav-reversion' ? navOf(matrix) : undefined,
  })
  const { trainShare, ...shares } = spec
  const folds =
    walkForward === null
      ? [planSplit(samples, { ...shares, trainShare })]
      : planWalkForward(samples, { ...shares, ...walkForward, firstShare: trainShare })
  const title = (index: number) =>
    walkForward === null ? `the training of "${name}"` : `fold ${index + 1} of ${folds.length} of "${name}"`
  folds.forEach((fold, index) => {
    if (objective === 'direction') assertBothClasses(title(index), fold, samples.targets)
    assertFeaturesVary(matrix, fold.train.rows)
  })
  const { rows, targets, endRow } = samples
  // Rows that lie before every test: how far labels overlap later on must not change what an earlier model learns.
  const meanOver = folds[0]?.train.rows
  const weights = weighSamples({ rows, endRow, targets, uniqueness, meanOver })
  const shared: TrainingSet = { values, columns, targets, weights }
  const sets = folds.map(({ train, validation }) => {
    if (!classBalance) return shared
    const balanced = weighSamples({ rows: train.rows, endRow, targets, uniqueness, classBalance })
    if (validation.rows.length === 0) return { ...shared, weights: balanced }
    const checked = weighSamples({ rows: validation.rows, endRow, targets, uniqueness, classBalance })
    return { ...shared, weights: balanced.map((weight, row) => weight + (checked[row] ?? 0)) }
  })
  return { samples: { ...samples, weights }, sets, folds }
}

/** The NAV known at each row, from the premium over it. */
function navOf({ names, rows, columns, values, prices }: FeatureMatrix): Float64Array {
  const column = names.indexOf(NAV_FEATURE)
  if (column === -1)
    throw new InvalidInputError(`A label on reversion to NAV needs the feature "${NAV_FEATURE}".`, {
      facts: { features: names.join(', ') },
      hint: 'Add `navPremium()` to the agent’s features.',
    })
  return Float64Array.from(
    { length: rows },
    (_, row) => (prices[row] ?? Number.NaN) / (1 + (values[row * columns + column] ?? Number.NaN)),
  )
}
