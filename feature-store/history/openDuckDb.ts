import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'

/** The library, which is loaded once something needs it: it brings a native part of tens of megabytes. */
export type DuckDbLibrary = typeof import('@duckdb/node-api')

/** A database in this process's memory. It keeps nothing. */
export type DuckDb = {
  readonly library: DuckDbLibrary
  /** Runs work on a connection of its own. */
  use<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  close(): void
}

export type DuckDbOptions = {
  /** Memory that it may take before it spills to the temporary folder. */
  readonly memoryMb?: number
  readonly threads?: number
}

export const DEFAULT_DUCKDB_MEMORY_MB = 256
export const DEFAULT_DUCKDB_THREADS = 4

/** Opens a DuckDB in memory. */
export async function openDuckDb({
  memoryMb = DEFAULT_DUCKDB_MEMORY_MB,
  threads = DEFAULT_DUCKDB_THREADS,
}: DuckDbOptions = {}): Promise<DuckDb> {
  const library = await import('@duckdb/node-api')
  const instance = await library.DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMb}MB`,
    threads: String(threads),
    // Its own default is a folder in the working directory.
    temp_directory: join(tmpdir(), `touchstone-duckdb-${process.pid}`),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  return {
    library,
    async use(work) {
      const connection = await instance.connect()
      try {
        return await work(connection)
      } finally {
        connection.closeSync()
      }
    },
    close: () => instance.closeSync(),
  }
}

/** A text as an SQL literal. */
export const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** Texts as a list of SQL literals. */
export const literals = (values: readonly string[]): string => values.map(literal).join(', ')

/** The rows of a query. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<unknown[][]> {
  return (await connection.run(sql)).getRows()
}
