import {
  comparePositions,
  deliveredEvent,
  type EventPosition,
  type Hash,
  type InstrumentId,
  IntegrityError,
  type ObservationQuery,
  positionOf,
  type RowPlace,
  type ScanQuery,
  type StoredObservation,
  toError,
} from '../../core/index.ts'
import { DELIVERED_ORDER, fromCells, PLACE_ORDER, ROW_LIST } from './archivedRow.ts'
import type { HistoryFile, HistoryManifest } from './historyManifest.ts'
import { literal, literals, rowsOf } from './openDuckDb.ts'
import type { History } from './openHistory.ts'

/** Rows of a history that agents see, in the total order; see `ObservationStore.read`. */
export async function readHistory(
  history: History,
  manifest: HistoryManifest,
  query: ObservationQuery,
): Promise<StoredObservation[]> {
  const { instruments, after, untilMs, limit } = query
  if (limit <= 0) return []
  const candidates = manifest.files.filter(
    file =>
      instruments.some(instrument => Object.hasOwn(file.instruments, instrument)) &&
      (after === undefined || comparePositions(file.last, after) > 0) &&
      (untilMs === undefined || file.first.knownAt <= untilMs),
  )
  const horizon = pageHorizon(candidates, query)
  const files = candidates.filter(({ first }) => horizon === null || comparePositions(first, horizon) <= 0)
  const until = Math.min(untilMs ?? Number.MAX_SAFE_INTEGER, horizon?.knownAt ?? Number.MAX_SAFE_INTEGER)
  const conditions = [`instrument in (${literals(instruments)})`, `visible_at_ms <= ${until}`]
  if (after !== undefined) conditions.push(behind(DELIVERED_ORDER, after))
  return rowsWhere(history, files, { conditions, order: DELIVERED_ORDER, limit })
}

/**
 * A position up to which there are enough rows for a page, however many of an opened file are behind `after`; null
 * where there may be too few. Later files need not be opened.
 */
function pageHorizon(
  files: readonly HistoryFile[],
  { instruments, after, limit }: ObservationQuery,
): EventPosition | null {
  let rows = 0
  const whole = files.filter(({ first }) => after === undefined || comparePositions(first, after) > 0)
  for (const file of whole.sort((a, b) => comparePositions(a.last, b.last))) {
    rows += rowsOfInstruments(file, instruments)
    if (rows >= limit) return file.last
  }
  return null
}

/** How many rows a file has of some instruments. */
export function rowsOfInstruments(file: HistoryFile, instruments: readonly InstrumentId[]): number {
  let rows = 0
  for (const instrument of new Set(instruments)) rows += file.instruments[instrument] ?? 0
  return rows
}

/** Rows of a source in its own order; see `ObservationStore.scan`. */
export async function scanHistory(
  history: History,
  manifest: HistoryManifest,
  { source, after, throughBlock, limit }: ScanQuery,
): Promise<StoredObservation[]> {
  if (limit <= 0) return []
  const files = manifest.files.filter(file => {
    const blocks = blocksOf(file, source)
    return (
      blocks !== null &&
      (after === undefined || blocks.lastBlock >= after.block) &&
      (throughBlock === undefined || blocks.firstBlock <= throughBlock)
    )
  })
  const conditions = [`source = ${literal(source)}`]
  if (throughBlock !== undefined) conditions.push(`block <= ${throughBlock}`)
  if (after !== undefined) conditions.push(behind(PLACE_ORDER, after))
  return rowsWhere(history, pageOfBlocks(files, source, after, limit), {
    conditions,
    order: PLACE_ORDER,
    limit,
  })
}

/** The files that the first rows of a scan are in. */
function pageOfBlocks(
  files: readonly HistoryFile[],
  source: string,
  after: RowPlace | undefined,
  limit: number,
): readonly HistoryFile[] {
  const ranges = files.flatMap(file => {
    const blocks = blocksOf(file, source)
    return blocks === null ? [] : [{ file, ...blocks }]
  })
  let rows = 0
  for (const range of ranges.toSorted((a, b) => a.lastBlock - b.lastBlock)) {
    if (after === undefined || range.firstBlock > after.block) rows += range.rows
    if (rows >= limit)
      return ranges.filter(({ firstBlock }) => firstBlock <= range.lastBlock).map(({ file }) => file)
  }
  return files
}

/** What a file has of a source; null for nothing. */
export function blocksOf(file: HistoryFile, source: string): HistoryFile['sources'][string] | null {
  return Object.hasOwn(file.sources, source) ? (file.sources[source] ?? null) : null
}

const lastBlocks = new WeakMap<HistoryManifest, Map<string, number>>()

/** Last archived block of a source; null where none is. */
export function lastArchivedBlock(manifest: HistoryManifest, source: string): number | null {
  // Every append asks, and a manifest may name thousands of files.
  let blocks = lastBlocks.get(manifest)
  if (blocks === undefined) {
    blocks = new Map()
    for (const { sources } of manifest.files)
      for (const [name, { lastBlock }] of Object.entries(sources))
        blocks.set(name, Math.max(lastBlock, blocks.get(name) ?? lastBlock))
    lastBlocks.set(manifest, blocks)
  }
  return blocks.get(source) ?? null
}

/** What is archived at a place. */
export type ArchivedPlace = { readonly digest: Hash; readonly instrument: InstrumentId }

/** What of a range of blocks is archived, by `placeKey`. */
export async function archivedPlaces(
  history: History,
  manifest: HistoryManifest,
  source: string,
  { firstBlock, lastBlock }: { readonly firstBlock: number; readonly lastBlock: number },
): Promise<ReadonlyMap<string, ArchivedPlace>> {
  const files = manifest.files.filter(file => {
    const blocks = blocksOf(file, source)
    return blocks !== null && blocks.firstBlock <= lastBlock && blocks.lastBlock >= firstBlock
  })
  if (files.length === 0) return new Map()
  return history.query(files, async (connection, table) => {
    const result = await connection.run(
      `select block, log_index, digest, instrument from ${table}
       where source = ${literal(source)} and block between ${firstBlock} and ${lastBlock}`,
    )
    const rows = await result.getRows()
    return new Map(
      rows.map(([block, logIndex, digest, instrument]) => [
        placeKey({ block: Number(block), logIndex: Number(logIndex) }),
        { digest: digest as Hash, instrument: instrument as InstrumentId },
      ]),
    )
  })
}

/** A place in a source as a key. */
export const placeKey = ({ block, logIndex }: RowPlace): string => `${block}/${logIndex}`

/** Rows that DuckDB hands over in one go. */
const PAGE_ROWS = 20_000

type RowRange = {
  readonly conditions: readonly string[]
  /** Columns of the order, the first of them a number. */
  readonly order: typeof DELIVERED_ORDER | typeof PLACE_ORDER
  readonly limit: number
}

/**
 * The first rows of some files in an order. The column of the order is looked through for where a page ends, so
 * that whole rows are read, sorted and held no further than that.
 */
async function rowsWhere(
  history: History,
  files: readonly HistoryFile[],
  { conditions, order, limit }: RowRange,
): Promise<StoredObservation[]> {
  if (files.length === 0) return []
  const [first] = order
  const size = Math.min(limit, PAGE_ROWS)
  const page = await history.query(files, async (connection, table) => {
    const where = conditions.join(' and ')
    const [[last] = []] = await rowsOf(
      connection,
      `select ${first} from ${table} where ${where} order by ${first} limit 1 offset ${size - 1}`,
    )
    const bound = typeof last === 'bigint' ? ` and ${first} <= ${last}` : ''
    const result = await connection.run(
      `select ${ROW_LIST} from ${table} where ${where}${bound} order by ${order.join(', ')}`,
    )
    const rows: StoredObservation[] = []
    for (const chunk of await result.fetchAllChunks())
      for (const cells of chunk.getRows()) if (rows.length < size) rows.push(decode(cells))
    return rows
  })
  const end = page.at(-1)
  if (end === undefined || page.length < size || size === limit) return page
  const rest = {
    conditions: [...conditions, behind(order, positionOf(deliveredEvent(end)))],
    order,
    limit: limit - size,
  }
  return [...page, ...(await rowsWhere(history, files, rest))]
}

/** The condition that a row comes after a place in an order. */
function behind(order: RowRange['order'], place: RowPlace & Partial<EventPosition>): string {
  const cells = {
    visible_at_ms: place.knownAt,
    source: literal(place.source ?? ''),
    block: place.block,
    log_index: place.logIndex,
  }
  // The first of the two is what Parquet's statistics answer.
  return `${order[0]} >= ${cells[order[0]]} and (${order.join()}) > (${order.map(column => cells[column]).join()})`
}

function decode(cells: readonly unknown[]): StoredObservation {
  try {
    return fromCells(cells)
  } catch (cause) {
    throw new IntegrityError(
      `An archived row of ${String(cells[1])}, block ${String(cells[2])} cannot be read.`,
      {
        facts: { source: String(cells[1]), block: String(cells[2]), reason: toError(cause).message },
        hint: 'Use the version of touchstone that archived it.',
        cause,
      },
    )
  }
}
