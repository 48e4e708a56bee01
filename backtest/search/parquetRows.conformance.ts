import { DuckDBInstance } from '@duckdb/node-api'
import type { SweepCell, SweepColumn } from './index.ts'

const SQL_TYPES = { integer: 'BIGINT', double: 'DOUBLE', text: 'VARCHAR' } as const
const literal = (value: string) => `'${value.replaceAll("'", "''")}'`

/** Writes rows as a Parquet file, some at a time: a writer as a caller of `sweepTable` brings it. */
export async function writeParquetRows(
  file: string,
  columns: readonly SweepColumn[],
  pages: AsyncIterable<readonly (readonly SweepCell[])[]>,
): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const types = columns.map(({ name, type }) => `"${name.replaceAll('"', '""')}" ${SQL_TYPES[type]}`)
    await connection.run(`create table rows (${types.join(', ')})`)
    const appender = await connection.createAppender('rows')
    let count = 0
    for await (const page of pages)
      for (const row of page) {
        for (const [index, cell] of row.entries()) {
          const type = columns[index]?.type
          if (cell === null) appender.appendNull()
          else if (type === 'integer') appender.appendBigInt(BigInt(cell))
          else if (type === 'double') appender.appendDouble(Number(cell))
          else appender.appendVarchar(String(cell))
        }
        appender.endRow()
        count++
      }
    appender.closeSync()
    await connection.run(`copy rows to ${literal(file)} (format parquet, compression zstd)`)
    return count
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** Reads a Parquet file back. */
export async function readParquetRows(file: string) {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const result = await connection.run(`select * from read_parquet(${literal(file)}) order by trial`)
    const types = result.columnTypes().map(String)
    return {
      columns: result.columnNames().map((name, index) => [name, types[index]]),
      rows: await result.getRows(),
    }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
