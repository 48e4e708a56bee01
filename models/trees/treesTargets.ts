import { exactLog, InvalidInputError, SCORE_ONE } from '../../core/index.ts'
import type { Fit } from '../fit.ts'
import type { TreesLearner } from '../learner.ts'
/** What trees are fitted to: targets and weights, rows to fit to first, then the validation rows. */
export type TreesTargets = {
  /** 1 or 0 for `direction`; in standard deviations from the mean for `return`. */
  readonly targets: Float32Array
  readonly weights: Float32Array
  /** Score before the first tree, in 1 / `SCORE_ONE`. */
  readonly base: number
  readonly targetScale: number
  readonly targetCentre: number
  readonly trainWeight: number
  readonly validationWeight: number
  readonly largestWeight: number
}

/**
 * Checks a fit and works out what its trees are fitted to. The score before the first tree is the log-odds of the
 * weighted share of rises for `direction`, and 0 for `return`, whose targets are standardised by their weighted mean
 * and standard deviation over the rows to fit to.
 *
 * @throws InvalidInputError when there is nothing to learn from, or what there is cannot be learnt from.
 */
export function treesTargets({ set, train, validation, objective }: Fit<TreesLearner>): TreesTargets {
  const { columns, values } = set
  if (!(Number.isInteger(columns) && columns >= 1 && columns <= 65_535) || values.length % columns !== 0)
    throw new InvalidInputError(`${values.length} values are no matrix of ${columns} columns.`, {
      facts: { values: values.length, columns },
      hint: 'Give a row-major matrix of 1 to 65,535 columns.',
    })
  if (train.length === 0)
    throw new InvalidInputError('There are no rows to fit to.', {
      hint: 'Train over a longer period, or purge fewer rows.',
    })
  const count = train.length + validation.length
  const targets = new Float32Array(count)
  const weights = new Float32Array(count)
  const sums = { train: 0, validation: 0, up: 0, down: 0, target: 0, largest: 0 }
  for (let place = 0; place < count; place++) {
    const isTrain = place < train.length
    const row = (isTrain ? train[place] : validation[place - train.length]) ?? 0
    const target = set.targets[row] ?? Number.NaN
    const weight = set.weights[row] ?? Number.NaN
    check(row, values.length / columns, objective === 'direction', target, weight)
    targets[place] = target
    weights[place] = weight
    if (!isTrain) sums.validation += weight
    else {
      sums.train += weight
      sums.target += weight * target
      if (target === 1) sums.up += weight
      else sums.down += weight
      sums.largest = Math.max(sums.largest, weight)
    }
  }
  const totals = { trainWeight: sums.train, validationWeight: sums.validation, largestWeight: sums.largest }
  if (objective === 'direction') {
    if (sums.up === 0 || sums.down === 0)
      throw new InvalidInputError(
        `All ${train.length} rows to fit to have the target ${sums.up > 0 ? 1 : 0}: the other class has no samples.`,
        { facts: { rows: train.length }, hint: 'Train over a longer period, or choose other labels.' },
      )
    const base = Math.floor(exactLog(sums.up / sums.down) * SCORE_ONE + 0.5)
    return { targets, weights, base, targetScale: 1, targetCentre: 0, ...totals }
  }
  const centre = sums.target / sums.train
  let squares = 0
  for (let place = 0; place < train.length; place++) {
    const distance = (targets[place] ?? 0) - centre
    squares += (weights[place] ?? 0) * (distance * distance)
  }
  const scale = Math.sqrt(squares / sums.train)
  if (!(scale > 0))
    throw new InvalidInputError(`The targets of all ${train.length} rows to fit to are equal.`, {
      facts: { rows: train.length, target: centre },
      hint: 'Train over a longer period, or choose other labels.',
    })
  for (let place = 0; place < count; place++) targets[place] = ((targets[place] ?? 0) - centre) / scale
  return { targets, weights, base: 0, targetScale: scale, targetCentre: centre, ...totals }
}

function check(row: number, rows: number, isDirection: boolean, target: number, weight: number): void {
  if (row >= rows)
    throw new InvalidInputError(`Row ${row} is not among the ${rows} rows of the matrix.`, {
      facts: { row, rows },
      hint: 'Name rows by their place in the matrix.',
    })
  if (isDirection ? target !== 0 && target !== 1 : !Number.isFinite(target))
    throw new InvalidInputError(
      `Row ${row} has the target ${target}, not ${isDirection ? '0 or 1' : 'a finite number'}.`,
      { facts: { row, target }, hint: 'Leave out the rows that have no label.' },
    )
  if (!(weight > 0 && weight < Number.POSITIVE_INFINITY))
    throw new InvalidInputError(`Row ${row} has the weight ${weight}, not a number above 0.`, {
      facts: { row, weight },
      hint: 'Leave out the rows that shall not count.',
    })
}
