import { InvalidInputError } from '../../core/index.ts'
import { FOLD_SETS, type Fold } from './fold.ts'

/** Fewer rows than this say nothing, whatever they score. */
export const MIN_TRAIN_ROWS = 32
/** As `MIN_TRAIN_ROWS`, for a set that a model is stopped, calibrated or tested on. */
export const MIN_CHECKED_ROWS = 8

/**
 * Refuses a fold with too few rows in a set that has a period.
 *
 * @param name what to call the fold in the message.
 * @throws InvalidInputError naming the set, its rows, and how many were purged and embargoed.
 */
export function assertEnoughRows(name: string, fold: Fold): void {
  for (const set of FOLD_SETS) {
    const { rows, fromMs, toMs, purged, embargoed } = fold[set]
    const least = set === 'train' ? MIN_TRAIN_ROWS : MIN_CHECKED_ROWS
    const optional = set === 'validation' || set === 'calibration'
    if (rows.length >= least || (optional && fromMs === toMs)) continue
    throw new InvalidInputError(
      `${name} has ${rows.length} ${set} rows, ${purged} purged and ${embargoed} embargoed; it needs ${least}.`,
      {
        facts: { fold: name, set, rows: rows.length, purged, embargoed, least },
        hint: 'Use a longer history, fewer folds, a shorter label horizon or embargo, or more frequent decisions.',
      },
    )
  }
}

/**
 * Refuses a fold in which a set that something is learnt from lacks one of the classes.
 *
 * @param targets by row of the matrix, 1 or 0.
 * @throws InvalidInputError naming the set and the class.
 */
export function assertBothClasses(name: string, fold: Fold, targets: Float32Array): void {
  for (const set of FOLD_SETS) {
    const { rows } = fold[set]
    if (set === 'test' || rows.length === 0) continue
    let rises = 0
    for (const row of rows) if (targets[row] === 1) rises++
    if (rises > 0 && rises < rows.length) continue
    const missing = rises === 0 ? 1 : 0
    throw new InvalidInputError(
      `None of the ${rows.length} ${set} rows of ${name} has the target ${missing}: there is nothing to tell apart.`,
      {
        facts: { fold: name, set, rows: rows.length, missing },
        hint: 'Use a longer history, fewer folds, or another label horizon.',
      },
    )
  }
}

/**
 * Refuses features that teach nothing over the rows to train on: those that are missing in all of them, and those
 * that never vary.
 *
 * @param values row-major, `names.length` columns.
 * @throws InvalidInputError naming the features.
 */
export function assertFeaturesVary(
  { values, names }: { readonly values: Float32Array; readonly names: readonly string[] },
  rows: Uint32Array,
): void {
  const columns = names.length
  const missing: string[] = []
  const constant: string[] = []
  for (let column = 0; column < columns; column++) {
    let first = Number.NaN
    let varies = false
    for (let place = 0; place < rows.length && !varies; place++) {
      const value = values[(rows[place] ?? 0) * columns + column] ?? Number.NaN
      if (!Number.isFinite(value)) continue
      if (Number.isNaN(first)) first = value
      else varies = value !== first
    }
    if (varies) continue
    const name = names[column] ?? ''
    if (Number.isNaN(first)) missing.push(name)
    else constant.push(name)
  }
  if (missing.length === 0 && constant.length === 0) return
  const parts = [
    missing.length > 0 ? `${quoted(missing)} has no value` : '',
    constant.length > 0 ? `${quoted(constant)} never varies` : '',
  ].filter(part => part !== '')
  throw new InvalidInputError(`Over the ${rows.length} training rows, feature ${parts.join(', and ')}.`, {
    facts: { rows: rows.length, missing: missing.join(', '), constant: constant.join(', ') },
    hint: 'Leave these features out, or use a history over which they are known and vary.',
  })
}

function quoted(names: readonly string[]): string {
  return names.map(name => `"${name}"`).join(', ')
}
