import { InvalidInputError } from '../../../core/index.ts'
import type { KeyColumn, KeyPart } from './keyColumn.ts'

/** Key tuples as numbers: equal tuples, and only those, have equal numbers. */
export type NumberedKeys = {
  /** For each row of the view. */
  readonly rows: Int32Array
  /** For each label; −1 when the view has no such key. */
  readonly labels: Int32Array
  /** How many numbers there are. */
  readonly count: number
}

/** Room that one join after another numbers its keys in. */
export type KeyRoom = { readonly rows: Int32Array; readonly labels: Int32Array }

/** Range of integer codes up to which a table is used in place of a hash map. */
const MAX_TABLE = 1 << 22

/**
 * Numbers the key tuples of a view and of the labels, column by column: a tuple's number comes from the pair
 * (number of its first parts, number of its next part), so no two tuples meet as concatenated texts would. The
 * result may lie in the room, which the next call with it overwrites.
 *
 * @throws InvalidInputError when a column's length differs from the number of rows or labels.
 */
export function numberKeys(
  view: string,
  rowColumns: readonly KeyColumn[],
  rowCount: number,
  labelColumns: readonly KeyColumn[],
  labelCount: number,
  room: KeyRoom = { rows: new Int32Array(rowCount), labels: new Int32Array(labelCount) },
): NumberedKeys {
  let rows: Int32Array = room.rows.subarray(0, rowCount)
  let labels: Int32Array = room.labels.subarray(0, labelCount)
  let count = 1
  if (rowColumns.length === 0) {
    rows.fill(0)
    labels.fill(0)
  }
  for (let k = 0; k < rowColumns.length; k++) {
    const rowColumn = rowColumns[k] ?? []
    const labelColumn = labelColumns[k] ?? []
    assertLength(view, k, rowColumn, rowCount)
    assertLength(view, k, labelColumn, labelCount)
    const parts =
      rowColumn instanceof Int32Array && labelColumn instanceof Int32Array
        ? numberCodes(rowColumn, labelColumn, k === 0 ? { rows, labels } : null)
        : numberParts(rowColumn, labelColumn)
    if (k === 0) {
      rows = parts.rows
      labels = parts.labels
      count = parts.count
      continue
    }
    const paired = numberPairs({ rows, labels, count }, parts)
    rows = paired.rows
    labels = paired.labels
    count = paired.count
  }
  return { rows, labels, count }
}

function numberCodes(rowCodes: Int32Array, labelCodes: Int32Array, room: KeyRoom | null): NumberedKeys {
  let minimum = Number.POSITIVE_INFINITY
  let maximum = Number.NEGATIVE_INFINITY
  for (const code of rowCodes) {
    if (code < minimum) minimum = code
    if (code > maximum) maximum = code
  }
  if (rowCodes.length > 0 && maximum - minimum >= MAX_TABLE) return numberParts(rowCodes, labelCodes)
  const count = rowCodes.length === 0 ? 0 : maximum - minimum + 1
  const rows = room?.rows ?? new Int32Array(rowCodes.length)
  for (let i = 0; i < rows.length; i++) rows[i] = (rowCodes[i] ?? 0) - minimum
  const labels = room?.labels ?? new Int32Array(labelCodes.length)
  for (let i = 0; i < labels.length; i++) {
    const code = labelCodes[i] ?? 0
    labels[i] = code >= minimum && code <= maximum ? code - minimum : -1
  }
  return { rows, labels, count }
}

function numberParts(rowParts: KeyColumn, labelParts: KeyColumn): NumberedKeys {
  const numbers = new Map<KeyPart, number>()
  const rows = new Int32Array(rowParts.length)
  for (let i = 0; i < rows.length; i++) {
    const part = rowParts[i] ?? 0
    let number = numbers.get(part)
    if (number === undefined) {
      number = numbers.size
      numbers.set(part, number)
    }
    rows[i] = number
  }
  const labels = new Int32Array(labelParts.length)
  for (let i = 0; i < labels.length; i++) labels[i] = numbers.get(labelParts[i] ?? 0) ?? -1
  return { rows, labels, count: numbers.size }
}

function numberPairs(first: NumberedKeys, next: NumberedKeys): NumberedKeys {
  // Exact: neither count passes the number of rows or MAX_TABLE, so their product stays far below 2^53.
  const numbers = new Map<number, number>()
  const rows = new Int32Array(first.rows.length)
  for (let i = 0; i < rows.length; i++) {
    const pair = (first.rows[i] ?? 0) * next.count + (next.rows[i] ?? 0)
    let number = numbers.get(pair)
    if (number === undefined) {
      number = numbers.size
      numbers.set(pair, number)
    }
    rows[i] = number
  }
  const labels = new Int32Array(first.labels.length)
  for (let i = 0; i < labels.length; i++) {
    const head = first.labels[i] ?? -1
    const tail = next.labels[i] ?? -1
    labels[i] = head < 0 || tail < 0 ? -1 : (numbers.get(head * next.count + tail) ?? -1)
  }
  return { rows, labels, count: numbers.size }
}

function assertLength(view: string, column: number, parts: KeyColumn, expected: number): void {
  if (parts.length !== expected)
    throw new InvalidInputError(
      `Key column ${column} of the join with "${view}" has ${parts.length} entries instead of ${expected}.`,
      { facts: { view, column, length: parts.length, expected }, hint: 'Give every column one entry a row.' },
    )
}
