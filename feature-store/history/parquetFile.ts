import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { type Hash, type InstrumentId, IntegrityError, type MarketEventType } from '../../core/index.ts'
import { DELIVERED_ORDER, positionOfCells } from './archivedRow.ts'
import { diskError } from './diskError.ts'
import { flushFolder, type HistoryFile, isMissing } from './historyManifest.ts'
import { literal, rowsOf } from './openDuckDb.ts'

/** Rows of a row group: what a page of an ordered read costs at least, against what a column compresses by. */
const ROW_GROUP_ROWS = 20_480

/** Ends the name of a file that is being written. */
export const PARTIAL = '.partial'

export type ParquetContent = {
  readonly root: string
  readonly dataset: MarketEventType
  readonly day: string
  /** What to write, as a table expression. */
  readonly table: string
  /** Whether the table gives them in the order that agents see: then they are not sorted, which takes memory. */
  readonly sorted: boolean
}

/**
 * Writes rows to a Parquet file of the history, in the order that agents see them; on the disk, and read back
 * and compared, before this returns. It counts once the manifest names it.
 *
 * @throws UnavailableError when the disk is full; nothing of the file remains.
 */
export async function writeParquetFile(
  connection: DuckDBConnection,
  { root, dataset, day, table, sorted }: ParquetContent,
): Promise<HistoryFile> {
  const folder = join(root, dataset, `day=${day}`)
  const partial = join(folder, `part-${randomBytes(8).toString('hex')}${PARTIAL}`)
  try {
    await createFolder(root, folder)
    await connection.run(
      `copy (select * from ${table}${sorted ? '' : ` order by ${DELIVERED_ORDER.join()}`})
       to ${literal(partial)} (format parquet, compression zstd, row_group_size ${ROW_GROUP_ROWS})`,
    )
    await flushFile(partial)
    await assertSameRows(connection, table, partial)
    const [sha256, { size: bytes }] = [await hashOfFile(partial), await stat(partial)]
    const path = `${dataset}/day=${day}/part-${sha256.slice(2, 18)}.parquet`
    const described = { path, dataset, day, bytes, sha256, ...(await describeRows(connection, partial)) }
    await rename(partial, join(root, path))
    await flushFolder(folder)
    return described
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined)
    throw diskError(error, partial)
  }
}

/**
 * Reads a file through and compares it with what the manifest says of it.
 *
 * @throws IntegrityError when it is missing, or another.
 */
export async function assertFileIntact(root: string, { path, bytes, sha256 }: HistoryFile): Promise<void> {
  const name = join(root, path)
  let size: number
  let actual: Hash
  try {
    size = (await stat(name)).size
    actual = size === bytes ? await hashOfFile(name) : sha256
  } catch (error) {
    if (isMissing(error)) throw unlikeManifest(name, 'is missing')
    throw diskError(error, name)
  }
  if (size !== bytes) throw unlikeManifest(name, `has ${size} bytes instead of ${bytes}`)
  if (actual !== sha256) throw unlikeManifest(name, `has SHA-256 ${actual} instead of ${sha256}`)
}

const unlikeManifest = (file: string, difference: string): IntegrityError =>
  new IntegrityError(`The history file ${file} ${difference}.`, {
    facts: { file },
    hint: 'Restore this file from a copy of the history; its rows are nowhere else. Without one, ingest the source again into a new project.',
  })

async function createFolder(root: string, folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (first === undefined) return
  // New folders are entries of the ones above them.
  for (let above = dirname(folder); above.startsWith(root); above = dirname(above)) await flushFolder(above)
}

async function flushFile(name: string): Promise<void> {
  const handle = await open(name, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function hashOfFile(name: string): Promise<Hash> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(name, { highWaterMark: 1 << 20 })) hash.update(chunk)
  return `0x${hash.digest('hex')}`
}

const sourceOf = (file: string): string => `read_parquet(${literal(file)}, hive_partitioning = false)`

// The database lets go of these rows next, so the file must hold every cell of them.
async function assertSameRows(connection: DuckDBConnection, table: string, file: string): Promise<void> {
  const digest = (rows: string) =>
    `select count(*), bit_xor(hash(given)), sum(hash(given)::hugeint) from ${rows} as given`
  const [[expected], [written]] = [
    await rowsOf(connection, digest(table)),
    await rowsOf(connection, digest(sourceOf(file))),
  ]
  if (expected?.join() === written?.join()) return
  throw new IntegrityError(`The file ${file} does not hold the rows that were written to it.`, {
    facts: { file, expected: String(expected?.join()), written: String(written?.join()) },
    hint: 'Check the disk and the memory of this machine; the rows are still in the database.',
  })
}

async function describeRows(
  connection: DuckDBConnection,
  file: string,
): Promise<Pick<HistoryFile, 'rows' | 'first' | 'last' | 'instruments' | 'sources'>> {
  const from = sourceOf(file)
  const edge = async (direction: 'asc' | 'desc') => {
    const order = DELIVERED_ORDER.map(column => `${column} ${direction}`)
    const [cells = []] = await rowsOf(
      connection,
      `select ${DELIVERED_ORDER.join()} from ${from} order by ${order.join(', ')} limit 1`,
    )
    return positionOfCells(cells)
  }
  const instruments = await rowsOf(
    connection,
    `select instrument, count(*) from ${from} group by instrument order by instrument`,
  )
  const sources = await rowsOf(
    connection,
    `select source, count(*), min(block), max(block) from ${from} group by source order by source`,
  )
  return {
    rows: instruments.reduce((sum, [, rows]) => sum + Number(rows), 0),
    first: await edge('asc'),
    last: await edge('desc'),
    instruments: Object.fromEntries(instruments.map(([name, rows]) => [name as InstrumentId, Number(rows)])),
    sources: Object.fromEntries(
      sources.map(([name, rows, firstBlock, lastBlock]) => [
        String(name),
        { rows: Number(rows), firstBlock: Number(firstBlock), lastBlock: Number(lastBlock) },
      ]),
    ),
  }
}
