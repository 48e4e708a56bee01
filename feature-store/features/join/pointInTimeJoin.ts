import { InvalidInputError } from '../../../core/index.ts'
import { exactMicros, type Instant } from './exactMicros.ts'
import { joinColumns } from './joinColumns.ts'
import type { KeyPart } from './keyColumn.ts'
import { readKeyPart } from './readKeyPart.ts'

/** A feature's value in a row: what was stored, or null. */
export type FeatureValue = number | string | bigint | boolean | null

/** One row of a feature view. */
export type ViewRow = {
  readonly keys: Readonly<Record<string, KeyPart>>
  /** Time that the values describe. */
  readonly validAt: Instant
  /** Earliest time that they could have been used. */
  readonly knownAt: Instant
  readonly values: Readonly<Record<string, FeatureValue>>
}

/** What a view is, without its rows. */
export type FeatureViewDefinition = {
  readonly name: string
  /** Names of the key parts; none for a view that holds for everybody. */
  readonly keys: readonly string[]
  /** Rows that describe a time longer ago than this are not used; 0, null or none: no limit. */
  readonly maxAgeMs?: number | null
  readonly features: readonly string[]
}

export type FeatureView = FeatureViewDefinition & { readonly rows: readonly ViewRow[] }

/** What is asked for: the entity and the time at which a decision was taken. */
export type Label = { readonly keys: Readonly<Record<string, KeyPart>>; readonly at: Instant }

/** Values by `<view>__<feature>`. */
export type JoinedValues = Readonly<Record<string, FeatureValue>>

export type PointInTimeJoinOptions<L extends Label> = {
  readonly labels: readonly L[]
  readonly views: readonly FeatureView[]
  /** Use only rows known at the label's time. On unless turned off: without it, corrections leak back. */
  readonly knownTimeCutoff?: boolean
}

/**
 * Joins to every label what was true and known at its time. Of each view on its own it takes the row with
 * the label's keys (compared as a tuple) that describes a time at or before the label's, is at most the
 * view's maximum age older, and was known by then; of several the one that describes the latest time, then
 * the one known last, then the one given first. A whole row is taken: a null in it stays null. Every label
 * comes back once, in its place, with null where a view has no row.
 *
 * For millions of labels use `joinColumns`, which this calls: objects cost more than the join.
 *
 * @throws InvalidInputError on a missing key part, two views of one name, or text that is no time.
 */
export function pointInTimeJoin<L extends Label>(
  options: PointInTimeJoinOptions<L>,
): { readonly label: L; readonly values: JoinedValues }[] {
  const { labels, views, knownTimeCutoff = true } = options
  assertDistinctNames(views)
  const at = Float64Array.from(labels, label => exactMicros(label.at, 'down'))
  const chosen = views.map(view => {
    const [rows] = joinColumns({
      labels: { keys: keyColumns(view, labels, 'label'), at },
      views: [
        {
          name: view.name,
          keys: keyColumns(view, view.rows, 'row'),
          validAt: Float64Array.from(view.rows, row => exactMicros(row.validAt, 'up')),
          knownAt: Float64Array.from(view.rows, row => exactMicros(row.knownAt, 'up')),
          maxAge: (view.maxAgeMs ?? 0) * 1_000,
        },
      ],
      knownTimeCutoff,
    })
    return rows
  })
  return labels.map((label, l) => {
    const values: Record<string, FeatureValue> = {}
    views.forEach((view, v) => {
      const row = view.rows[chosen[v]?.[l] ?? -1]
      for (const feature of view.features) values[`${view.name}__${feature}`] = row?.values[feature] ?? null
    })
    return { label, values }
  })
}

function keyColumns(
  view: FeatureViewDefinition,
  owners: readonly { readonly keys: Readonly<Record<string, KeyPart>> }[],
  owner: string,
): Record<string, KeyPart[]> {
  return Object.fromEntries(
    view.keys.map(name => [name, owners.map(({ keys }) => readKeyPart(view, keys, name, owner))]),
  )
}

function assertDistinctNames(views: readonly FeatureViewDefinition[]): void {
  const seen = new Set<string>()
  for (const { name } of views) {
    if (seen.has(name))
      throw new InvalidInputError(`The join has two views named "${name}".`, {
        facts: { name },
        hint: 'Rename one: the results are named by their view.',
      })
    seen.add(name)
  }
}
