import { InvalidInputError } from '../../core/index.ts'
import type { Fit, TrainingSet } from '../fit.ts'
import { type NetworkLearner, stepsOf } from '../learner.ts'

/**
 * Refuses fits that cannot be trained on: sets whose parts do not go together; no rows to fit to, or rows that are not
 * in the set, have no label, no weight or, for a learner over time, too few rows before them; one class alone.
 *
 * @throws InvalidInputError naming the fit by its place and the row.
 */
export function checkFits(fits: readonly Fit<NetworkLearner>[]): void {
  for (const [index, fit] of fits.entries()) {
    checkSet(fit.set, index)
    checkShape(fit, index)
    if (fit.train.length === 0)
      throw new InvalidInputError(`Fit ${index} has no rows to fit to.`, {
        facts: { fit: index },
        hint: 'Use a longer training window, a shorter label horizon, or fewer folds.',
      })
    checkRows(fit, fit.train, index)
    checkRows(fit, fit.validation, index)
    if (fit.objective === 'direction') checkClasses(fit, index)
  }
}

function checkSet({ values, columns, targets, weights }: TrainingSet, fit: number): void {
  if (columns >= 1 && values.length === targets.length * columns && weights.length === targets.length) return
  throw new InvalidInputError(
    `The training set of fit ${fit} has ${values.length} values in ${columns} columns, ${targets.length} targets and ${weights.length} weights.`,
    {
      facts: { fit, values: values.length, columns, targets: targets.length, weights: weights.length },
      hint: 'Give every row of the matrix one target and one weight; NaN is a target that is missing.',
    },
  )
}

function checkShape({ set: { columns }, scaler, seed }: Fit<NetworkLearner>, fit: number): void {
  if (scaler.mean.length !== columns || scaler.std.length !== columns)
    throw new InvalidInputError(
      `The scaler of fit ${fit} is of ${scaler.mean.length} features, its set of ${columns}.`,
      {
        facts: { fit, scaler: scaler.mean.length, columns },
        hint: 'Measure the scaler on the set that is trained on.',
      },
    )
  if (seed !== seed >>> 0)
    throw new InvalidInputError(`The seed ${seed} of fit ${fit} is not an unsigned 32-bit integer.`, {
      facts: { fit, seed },
      hint: 'Use a whole number from 0 to 4294967295.',
    })
}

function checkRows({ set, objective, learner }: Fit<NetworkLearner>, rows: Uint32Array, fit: number): void {
  const steps = stepsOf(learner)
  const { targets, weights } = set
  for (const row of rows) {
    if (row >= targets.length)
      throw refused(fit, row, `is not among the ${targets.length} of its set`, 'Name rows by their place.')
    if (row < steps - 1)
      throw refused(
        fit,
        row,
        `has ${row} rows before it; a window of ${steps} steps needs ${steps - 1}`,
        'Leave the first rows out, or use fewer steps.',
      )
    const target = targets[row] ?? Number.NaN
    const isTarget = objective === 'direction' ? target === 0 || target === 1 : Number.isFinite(target)
    if (!isTarget)
      throw refused(
        fit,
        row,
        `has the target ${target}`,
        objective === 'direction'
          ? 'Fit to labelled rows only, whose target is 0 or 1.'
          : 'Fit to labelled rows only, whose target is a finite return.',
      )
    const weight = weights[row] ?? Number.NaN
    if (!(weight > 0 && weight < Number.POSITIVE_INFINITY))
      throw refused(fit, row, `has the weight ${weight}`, 'Give every labelled row a weight above 0.')
  }
}

function checkClasses({ set: { targets }, train }: Fit<NetworkLearner>, fit: number): void {
  const first = targets[train[0] ?? 0] ?? Number.NaN
  if (train.some(row => targets[row] !== first)) return
  throw new InvalidInputError(
    `All ${train.length} rows that fit ${fit} is to learn from ${first === 1 ? 'rise' : 'do not rise'}: the other class has none.`,
    {
      facts: { fit, rows: train.length, target: first },
      hint: 'Use a longer training window, a shorter label horizon, or fewer folds.',
    },
  )
}

function refused(fit: number, row: number, fact: string, hint: string): InvalidInputError {
  return new InvalidInputError(`Row ${row} of fit ${fit} ${fact}.`, { facts: { fit, row }, hint })
}
