import { exactMicros } from './exactMicros.ts'
import type { FeatureValue, FeatureView, Label, ViewRow } from './pointInTimeJoin.ts'

/**
 * The point-in-time join as its rules say it, row by row and label by label, without a thought for speed: for each
 * view, of the rows with the label's keys that describe a time at or before the label's, no older than the maximum
 * age and (with the cut-off) known by then, the one that describes the latest time, then the one known last, then
 * the one given first.
 */
export function literalJoin(
  labels: readonly Label[],
  views: readonly FeatureView[],
  knownTimeCutoff: boolean,
): Readonly<Record<string, FeatureValue>>[] {
  return labels.map(label => {
    const at = exactMicros(label.at, 'down')
    const values: Record<string, FeatureValue> = {}
    for (const { name, keys, features, maxAgeMs, rows } of views) {
      const oldest = maxAgeMs ? at - maxAgeMs * 1_000 : Number.NEGATIVE_INFINITY
      const eligible = rows.filter(
        row =>
          keys.every(key => row.keys[key] === label.keys[key]) &&
          validAt(row) <= at &&
          validAt(row) >= oldest &&
          (!knownTimeCutoff || knownAt(row) <= at),
      )
      // Sorting keeps equal rows as they were given.
      const [best] = eligible.sort((a, b) => validAt(b) - validAt(a) || knownAt(b) - knownAt(a))
      for (const feature of features) values[`${name}__${feature}`] = best?.values[feature] ?? null
    }
    return values
  })
}

const validAt = (row: ViewRow): number => exactMicros(row.validAt, 'up')
const knownAt = (row: ViewRow): number => exactMicros(row.knownAt, 'up')
