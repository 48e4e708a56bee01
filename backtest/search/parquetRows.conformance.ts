import { DuckDBInstance } from '@duckdb/node-api'

const literal = (value: string) => `'${value.replaceAll("'", "''")}'`

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
