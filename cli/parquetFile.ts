import { rename, rm } from 'node:fs/promises'
import type { SweepCell, SweepColumn } from '../backtest/index.ts'
import { InvalidInputError, toError } from '../core/index.ts'

const SQL_TYPES = { integer: 'bigint', double: 'double', text: 'varchar' } as const

/** Writes a Parquet file, whole or not at all. Returns how many rows it has. */
export async function writeParquetRows(
  file: string,
  columns: readonly SweepColumn[],
  pages: AsyncIterable<readonly (readonly SweepCell[])[]>,
): Promise<number> {
  // It brings a native part of tens of megabytes: loaded once something needs it.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const partial = `${file}.${process.pid}.partial`
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const types = columns.map(({ name, type }) => `"${name.replaceAll('"', '""')}" ${SQL_TYPES[type]}`)
    await connection.run(`create table rows (${types.join(', ')})`)
    const appender = await connection.createAppender('rows')
    let rows = 0
    for await (const page of pages)
      for (const row of page) {
        for (const [index, { type }] of columns.entries()) {
          const cell = row[index] ?? null
          if (cell === null) appender.appendNull()
          else if (type === 'integer') appender.appendBigInt(BigInt(cell))
          else if (type === 'double') appender.appendDouble(Number(cell))
          else appender.appendVarchar(String(cell))
        }
        appender.endRow()
        rows++
      }
    appender.closeSync()
    await connection.run(`copy rows to '${partial.replaceAll("'", "''")}' (format parquet, compression zstd)`)
    await rename(partial, file)
    return rows
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined)
    throw new InvalidInputError(`${file} cannot be written: ${toError(error).message}`, {
      facts: { file },
      hint: 'Name a file in a folder that exists, on a disk with room.',
      cause: error,
    })
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
