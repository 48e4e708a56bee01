import { open, rename, rm } from 'node:fs/promises'
import type { DataType, RecordBatch, Schema, Table } from 'apache-arrow'
import type { FeatureMatrix } from '../features/index.ts'
import { diskError } from './diskError.ts'

/** The library, loaded once something needs it. */
type ArrowLibrary = typeof import('apache-arrow')

/** Columns of a file for notebooks. Times are UTC milliseconds since 1970. */
export type ArrowColumn = {
  readonly name: string
  readonly type: 'text' | 'double' | 'integer' | 'time'
}

/** A cell of such a column: a number of doubles, integers and times. */
export type ArrowCell = string | number | null

/**
 * A feature matrix as a table of Apache Arrow, as notebooks read it: `time`, `price` (null before the first), and
 * a column of binary32 for each feature, null where the value is missing.
 */
export async function toArrow(matrix: FeatureMatrix): Promise<Table> {
  const arrow = await import('apache-arrow')
  const { names, rows, columns, values, timesMs, prices } = matrix
  const present = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value)
  const column = (length: number, read: (row: number) => number | undefined) =>
    Array.from({ length }, (_, row) => present(read(row)))
  return new arrow.Table({
    time: arrow.vectorFromArray(Array.from(timesMs), new arrow.TimestampMillisecond('UTC')),
    price: arrow.vectorFromArray(
      column(rows, row => prices[row]),
      new arrow.Float64(),
    ),
    ...Object.fromEntries(
      names.map((name, index) => [
        name,
        arrow.vectorFromArray(
          column(rows, row => values[row * columns + index]),
          new arrow.Float32(),
        ),
      ]),
    ),
  })
}

/** Writes a table as an Arrow file (IPC), whole or not at all. */
export async function writeArrowTable(file: string, table: Table): Promise<void> {
  const arrow = await import('apache-arrow')
  await writeBatches(arrow, file, async function* () {
    yield* table.batches
  })
}

/**
 * Writes rows as an Arrow file (IPC), some at a time, whole or not at all. Returns how many there were.
 *
 * @throws UnavailableError when the disk is full.
 */
export async function writeArrowRows(
  file: string,
  columns: readonly ArrowColumn[],
  pages: AsyncIterable<readonly (readonly ArrowCell[])[]>,
): Promise<number> {
  const arrow = await import('apache-arrow')
  const types = columns.map(({ type }) => arrowType(arrow, type))
  const schema = new arrow.Schema(
    columns.map(({ name }, index) => new arrow.Field(name, types[index] as DataType, true)),
  )
  let rows = 0
  await writeBatches(arrow, file, async function* () {
    let any = false
    for await (const page of pages) {
      if (page.length === 0) continue
      any = true
      rows += page.length
      yield batchOf(arrow, schema, types, page)
    }
    // The schema is written with the first batch.
    if (!any) yield batchOf(arrow, schema, types, [])
  })
  return rows
}

function batchOf(
  arrow: ArrowLibrary,
  schema: Schema,
  types: readonly DataType[],
  page: readonly (readonly ArrowCell[])[],
): RecordBatch {
  const children = types.map((type, column) => {
    const cells = page.map(row => row[column] ?? null)
    const isInteger = arrow.DataType.isInt(type)
    const vector = arrow.vectorFromArray(
      isInteger ? cells.map(cell => (cell === null ? null : BigInt(cell))) : cells,
      type,
    )
    return vector.data[0] ?? arrow.makeData({ type, length: 0, nullCount: 0 } as never)
  })
  const data = arrow.makeData({
    type: new arrow.Struct(schema.fields),
    length: page.length,
    nullCount: 0,
    children,
  })
  return new arrow.RecordBatch(schema, data)
}

function arrowType(arrow: ArrowLibrary, type: ArrowColumn['type']): DataType {
  switch (type) {
    case 'text':
      return new arrow.Utf8()
    case 'double':
      return new arrow.Float64()
    case 'integer':
      return new arrow.Int64()
    case 'time':
      return new arrow.TimestampMillisecond('UTC')
  }
}

async function writeBatches(
  arrow: ArrowLibrary,
  file: string,
  batches: () => AsyncGenerator<RecordBatch>,
): Promise<void> {
  const partial = `${file}.${process.pid}.partial`
  try {
    const handle = await open(partial, 'w')
    try {
      const writer = new arrow.RecordBatchFileWriter()
      const written = (async () => {
        for await (const bytes of writer) await handle.writeFile(bytes)
      })()
      try {
        for await (const batch of batches()) writer.write(batch)
        writer.finish()
      } catch (error) {
        writer.abort(error)
        await written.catch(() => undefined)
        throw error
      }
      await written
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(partial, file)
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined)
    throw diskError(error, file)
  }
}
