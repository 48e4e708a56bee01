import { exactMicros, type Instant } from './exactMicros.ts'
import type { KeyPart } from './keyColumn.ts'
import type { FeatureValue, FeatureViewDefinition, ViewRow } from './pointInTimeJoin.ts'
import { readKeyPart } from './readKeyPart.ts'

/** The answer of an online view. `OUTSIDE_MAX_AGE`: the newest row is too old to be used. */
export type OnlineRead =
  | {
      readonly status: 'PRESENT'
      readonly values: Readonly<Record<string, FeatureValue>>
      readonly validAt: Instant
      readonly knownAt: Instant
    }
  | { readonly status: 'OUTSIDE_MAX_AGE' | 'NOT_FOUND'; readonly values: Readonly<Record<string, null>> }

/** The newest row of each key, for reading at the present. */
export type OnlineView = {
  /** Takes in a row; one that describes an earlier time than the row held, or was known earlier, changes nothing. */
  write(row: ViewRow): void
  /**
   * The values of a key at a time, by `<view>__<feature>`. A row that describes or was known only after
   * `now` is `NOT_FOUND`: an online view keeps no earlier rows.
   */
  read(keys: Readonly<Record<string, KeyPart>>, now: Instant): OnlineRead
}

type Held = {
  readonly row: ViewRow
  readonly validAt: number
  readonly knownAt: number
}

/** A tree by key part, so that keys meet only as equal tuples. */
type Branch = { readonly branches: Map<KeyPart, Branch>; held: Held | null }

/**
 * Opens an empty online view, in memory. It holds one row for each key, chosen as `pointInTimeJoin` chooses:
 * greatest (validAt, knownAt), the first arrived of equals; and it applies the maximum age when it is read.
 */
export function createOnlineView(definition: FeatureViewDefinition): OnlineView {
  const { name, keys: keyNames, features } = definition
  const maxAge = (definition.maxAgeMs ?? 0) * 1_000
  const root: Branch = { branches: new Map(), held: null }
  const missing = Object.fromEntries(features.map(feature => [`${name}__${feature}`, null]))
  return {
    write(row) {
      let branch = root
      for (const key of keyNames) {
        const part = readKeyPart(definition, row.keys, key, 'row')
        let next = branch.branches.get(part)
        if (next === undefined) {
          next = { branches: new Map(), held: null }
          branch.branches.set(part, next)
        }
        branch = next
      }
      const validAt = exactMicros(row.validAt, 'up')
      const knownAt = exactMicros(row.knownAt, 'up')
      const { held } = branch
      if (held === null || validAt > held.validAt || (validAt === held.validAt && knownAt > held.knownAt))
        branch.held = { row, validAt, knownAt }
    },
    read(keys, now) {
      let branch: Branch | undefined = root
      for (const key of keyNames) branch = branch?.branches.get(readKeyPart(definition, keys, key, 'read'))
      const held = branch?.held ?? null
      const at = exactMicros(now, 'down')
      if (held === null || held.validAt > at || held.knownAt > at)
        return { status: 'NOT_FOUND', values: missing }
      if (maxAge > 0 && held.validAt < at - maxAge) return { status: 'OUTSIDE_MAX_AGE', values: missing }
      const { row } = held
      return {
        status: 'PRESENT',
        values: Object.fromEntries(
          features.map(feature => [`${name}__${feature}`, row.values[feature] ?? null]),
        ),
        validAt: row.validAt,
        knownAt: row.knownAt,
      }
    },
  }
}
