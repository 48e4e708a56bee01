import { InvalidInputError } from '../../../core/index.ts'
import type { KeyColumn } from './keyColumn.ts'
import { type KeyRoom, numberKeys } from './numberKeys.ts'
import { type Ordered, RadixRoom, radixOrder } from './radixOrder.ts'

/** A feature view as columns. All times of one join are whole numbers in one unit. */
export type ViewColumns = {
  readonly name: string
  /** Key parts by the name of their column; none for a view with one row at a time for everybody. */
  readonly keys: Readonly<Record<string, KeyColumn>>
  /** Time that each row describes. */
  readonly validAt: Float64Array
  /** Earliest time that each row could have been used. */
  readonly knownAt: Float64Array
  /** Rows that describe a time longer than this before the label's are not used; 0, null or none: no limit. */
  readonly maxAge?: number | null
}

/** The labels as columns: they hold at least the key columns of every view. */
export type LabelColumns = {
  readonly keys: Readonly<Record<string, KeyColumn>>
  readonly at: Float64Array
}

export type JoinColumnsOptions = {
  readonly labels: LabelColumns
  readonly views: readonly ViewColumns[]
  /** Use only rows known at the label's time. On unless turned off. */
  readonly knownTimeCutoff?: boolean
}

/**
 * The point-in-time join over columns: for each view, the row that each label uses, or −1. The rules are
 * those of `pointInTimeJoin`. A million labels and five views of a million rows take about a second.
 *
 * Labels and rows are each put into the order of the time from which they count, and walked together once,
 * keeping for each key the row greatest by (validAt, knownAt) so far; so the cost is linear.
 *
 * @throws InvalidInputError on a missing key column, columns of unequal length, or a time that is not whole.
 */
export function joinColumns(options: JoinColumnsOptions): Int32Array[] {
  const { labels, views, knownTimeCutoff = true } = options
  assertWhole('the labels', 'at', labels.at)
  const rows = views.reduce((most, { validAt }) => Math.max(most, validAt.length), 0)
  const room = new JoinRoom(rows, labels.at.length)
  const { sorted, order } = radixOrder(labels.at, room.radix)
  // The views are sorted in the same room.
  const inTime = { sorted, order: order?.slice() ?? null }
  return views.map(view => joinView(labels, inTime, view, knownTimeCutoff, room))
}

/** Room that the views of one join use in turn. */
class JoinRoom {
  readonly radix: RadixRoom
  readonly usableFrom: Float64Array
  readonly records: Float64Array
  readonly keys: KeyRoom

  constructor(rows: number, labels: number) {
    this.radix = new RadixRoom(Math.max(rows, labels))
    this.usableFrom = new Float64Array(rows)
    this.records = new Float64Array(rows * RECORD)
    this.keys = { rows: new Int32Array(rows), labels: new Int32Array(labels) }
  }
}

function joinView(
  labels: LabelColumns,
  labelsInTime: Ordered,
  view: ViewColumns,
  knownTimeCutoff: boolean,
  room: JoinRoom,
): Int32Array {
  const { name, validAt, knownAt } = view
  assertWhole(`view "${name}"`, 'validAt', validAt)
  assertWhole(`view "${name}"`, 'knownAt', knownAt)
  const rowCount = validAt.length
  if (knownAt.length !== rowCount)
    throw new InvalidInputError(
      `View "${name}" has ${rowCount} validAt times and ${knownAt.length} knownAt times.`,
      { facts: { view: name, rowCount, knownAt: knownAt.length }, hint: 'Give each row both times.' },
    )
  const columnNames = Object.keys(view.keys)
  const keys = numberKeys(
    name,
    columnNames.map(column => view.keys[column] ?? []),
    rowCount,
    columnNames.map(column => labelColumn(labels, name, column)),
    labels.at.length,
    room.keys,
  )
  const usableFrom = knownTimeCutoff ? later(validAt, knownAt, room.usableFrom) : validAt
  const oldest = view.maxAge === undefined || view.maxAge === null ? 0 : view.maxAge
  if (!(oldest >= 0))
    throw new InvalidInputError(`View "${name}" has a maximum age of ${oldest}.`, {
      facts: { view: name, maxAge: oldest },
      hint: 'Pass a positive maximum age, or none for no limit.',
    })

  return mergeInTime(
    labelsInTime,
    keys.labels,
    // What `validAt` and `knownAt` are made into is not needed once it is sorted; a view's own times are.
    radixOrder(usableFrom, room.radix, room.usableFrom.subarray(0, rowCount)),
    rowRecords(validAt, knownAt, keys.rows, room.records),
    keys.count,
    oldest > 0 ? oldest : Number.POSITIVE_INFINITY,
  )
}

/** Numbers of one row record: validAt, knownAt, key. */
const RECORD = 3

/** What the merge reads of a row, side by side: rows are visited in time order, each visit a cache miss. */
function rowRecords(
  validAt: Float64Array,
  knownAt: Float64Array,
  keys: Int32Array,
  records: Float64Array,
): Float64Array {
  for (let row = 0; row < keys.length; row++) {
    records[row * RECORD] = validAt[row] ?? 0
    records[row * RECORD + 1] = knownAt[row] ?? 0
    records[row * RECORD + 2] = keys[row] ?? 0
  }
  return records
}

function mergeInTime(
  labels: Ordered,
  labelKeys: Int32Array,
  rows: Ordered,
  records: Float64Array,
  keyCount: number,
  maxAge: number,
): Int32Array {
  const { sorted: labelAt, order: labelOrder } = labels
  const { sorted: usableFrom, order: rowOrder } = rows
  const rowCount = usableFrom.length
  const chosen = new Int32Array(labelKeys.length)
  // The best row of each key so far, its times beside it: looking them up by row would miss the cache.
  const best = new Int32Array(keyCount).fill(-1)
  const bestValidAt = new Float64Array(keyCount).fill(Number.NEGATIVE_INFINITY)
  const bestKnownAt = new Float64Array(keyCount).fill(Number.NEGATIVE_INFINITY)
  let next = 0
  for (let l = 0; l < chosen.length; l++) {
    const label = labelOrder === null ? l : (labelOrder[l] ?? 0)
    const at = labelAt[l] ?? 0
    for (; next < rowCount && (usableFrom[next] ?? 0) <= at; next++) {
      const row = rowOrder === null ? next : (rowOrder[next] ?? 0)
      const valid = records[row * RECORD] ?? 0
      const known = records[row * RECORD + 1] ?? 0
      const key = records[row * RECORD + 2] ?? 0
      const rival = bestValidAt[key] ?? 0
      // Rows equal in both times come in the order given, and the first stays, as in the online view.
      if (valid > rival || (valid === rival && known > (bestKnownAt[key] ?? 0))) {
        best[key] = row
        bestValidAt[key] = valid
        bestKnownAt[key] = known
      }
    }
    const key = labelKeys[label] ?? -1
    // The best row is the newest, so when it is too old all others are.
    const usable = key >= 0 && (bestValidAt[key] ?? 0) >= at - maxAge
    chosen[label] = usable ? (best[key] ?? -1) : -1
  }
  return chosen
}

function later(a: Float64Array, b: Float64Array, room: Float64Array): Float64Array {
  const result = room.subarray(0, a.length)
  for (let i = 0; i < result.length; i++) {
    const x = a[i] ?? 0
    const y = b[i] ?? 0
    result[i] = x > y ? x : y
  }
  return result
}

function labelColumn(labels: LabelColumns, view: string, column: string): KeyColumn {
  const values = labels.keys[column]
  if (values === undefined)
    throw new InvalidInputError(`The labels have no key column "${column}", which view "${view}" needs.`, {
      facts: { view, column },
      hint: 'Add the column to the labels, or leave the view out.',
    })
  return values
}

function assertWhole(owner: string, column: string, times: Float64Array): void {
  for (let row = 0; row < times.length; row++)
    if (!Number.isSafeInteger(times[row]))
      throw new InvalidInputError(`Time "${column}" of row ${row} of ${owner} is ${times[row]}.`, {
        facts: { owner, column, row },
        hint: 'Pass times as whole numbers of one unit, for example milliseconds.',
      })
}

/** A feature's value for each label, from the rows that `joinColumns` chose; NaN where there is none. */
export function takeRows(values: Float64Array | Float32Array, chosen: Int32Array): Float64Array {
  const taken = new Float64Array(chosen.length)
  for (let i = 0; i < chosen.length; i++) {
    const row = chosen[i] ?? -1
    taken[i] = row < 0 ? Number.NaN : (values[row] ?? Number.NaN)
  }
  return taken
}
