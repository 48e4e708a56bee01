import { createHash } from 'node:crypto'
import { type Hash, InvalidInputError } from '../../core/index.ts'

/** A column of numbers. */
export type Column =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array

/** Columns by name, in memory that threads share. */
export type SharedColumns = Readonly<Record<string, Column>>

/** Copies columns into memory that threads share. Those that lie there already stay where they are. */
export function shareColumns<C extends SharedColumns>(columns: C): C {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, isShared(column) ? column : copied(column)]),
  ) as C
}

const isShared = (column: Column): boolean => column.buffer instanceof SharedArrayBuffer

function copied(column: Column): Column {
  const bytes = new Uint8Array(new SharedArrayBuffer(column.byteLength))
  bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
  return new (column.constructor as new (buffer: SharedArrayBuffer) => Column)(bytes.buffer)
}

/**
 * Refuses a column that threads would have to copy.
 *
 * @throws InvalidInputError naming it.
 */
export function assertShared(columns: SharedColumns): void {
  const own = Object.entries(columns).find(([, column]) => !isShared(column))
  if (own !== undefined)
    throw new InvalidInputError(`Column "${own[0]}" is not in shared memory.`, {
      facts: { column: own[0] },
      hint: 'Pass the columns through `shareColumns` once.',
    })
}

/** SHA-256 of names, types and bytes, whatever the order of the names: says whether data are the same. */
export function hashColumns(columns: SharedColumns): Hash {
  const hash = createHash('sha256')
  for (const name of Object.keys(columns).sort()) {
    const column = columns[name]
    if (column === undefined) continue
    hash.update(`${JSON.stringify(name)} ${column.constructor.name} ${column.length}\n`)
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
  }
  return `0x${hash.digest('hex')}`
}
