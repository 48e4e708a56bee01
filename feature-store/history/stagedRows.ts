import type { DuckDBAppender, DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import type { MarketEventType, StoredObservation } from '../../core/index.ts'
import { fileColumns, toCells } from './archivedRow.ts'
import type { Cell } from './datasetColumns.ts'
import type { DuckDbLibrary } from './openDuckDb.ts'

/** Rows of a DuckDB vector. */
const CHUNK_ROWS = 2_048

/** Tables in DuckDB's memory, one for each dataset, that observations are put into. */
export type StagedRows = {
  /** The table of a dataset that has rows. */
  table(dataset: MarketEventType): string
  add(rows: readonly StoredObservation[]): Promise<void>
  /** Creates the table of a dataset, if no row has done so yet. */
  create(dataset: MarketEventType): Promise<void>
  /** Makes all added rows visible to queries. */
  flush(): void
  drop(): Promise<void>
}

/** Creates staging tables on a connection as they are needed; `prefix` begins their names. */
export function stageRows(library: DuckDbLibrary, connection: DuckDBConnection, prefix: string): StagedRows {
  const tables = new Map<MarketEventType, StagedTable>()
  const nameOf = (dataset: MarketEventType) => `${prefix}_${dataset}`
  async function tableOf(dataset: MarketEventType): Promise<StagedTable> {
    const known = tables.get(dataset)
    if (known !== undefined) return known
    const table = await createTable(library, connection, dataset, nameOf(dataset))
    tables.set(dataset, table)
    return table
  }
  return {
    table: nameOf,
    async add(rows) {
      for (const row of rows) {
        const dataset = row.event.value.type
        const table = tables.get(dataset) ?? (await tableOf(dataset))
        table.add(toCells(row))
      }
    },
    async create(dataset) {
      await tableOf(dataset)
    },
    flush() {
      for (const table of tables.values()) table.flush()
    },
    async drop() {
      for (const [dataset, table] of tables) {
        table.close()
        await connection.run(`drop table ${nameOf(dataset)}`)
      }
      tables.clear()
    },
  }
}

type StagedTable = { add(cells: Cell[]): void; flush(): void; close(): void }

async function createTable(
  library: DuckDbLibrary,
  connection: DuckDBConnection,
  dataset: MarketEventType,
  name: string,
): Promise<StagedTable> {
  const columns = fileColumns(dataset)
  await connection.run(
    `create table ${name} (${columns.map(([column, type]) => `"${column}" ${type}`).join(', ')})`,
  )
  const types = columns.map(([, type]) => library[type])
  const appender: DuckDBAppender = await connection.createAppender(name)
  let waiting: Cell[][] = columns.map(() => [])
  let rows = 0
  // One for all: memory of its own is given back when the garbage collector comes by, which does not know of it.
  const chunk: DuckDBDataChunk = library.DuckDBDataChunk.create(types)
  const write = () => {
    if (rows === 0) return
    chunk.reset()
    chunk.rowCount = rows
    chunk.setColumns(waiting)
    appender.appendDataChunk(chunk)
    appender.flushSync()
    waiting = columns.map(() => [])
    rows = 0
  }
  return {
    add(cells) {
      for (let column = 0; column < cells.length; column++) waiting[column]?.push(cells[column] ?? null)
      rows += 1
      if (rows === CHUNK_ROWS) write()
    },
    flush() {
      write()
      appender.flushSync()
    },
    close: () => appender.closeSync(),
  }
}
