import {
  DAY_MS,
  type Hash,
  IntegrityError,
  type MarketEventType,
  type ObservationStore,
  positionOf,
  type RowPlace,
  type StoredObservation,
} from '../../core/index.ts'
import { type ChangeOptions, changeHistory, type HistoryWriter, startOfDay, utcDay } from './changeHistory.ts'
import type { HistoryFile, HistoryManifest } from './historyManifest.ts'
import type { History } from './openHistory.ts'
import { writeParquetFile } from './parquetFile.ts'
import { type ArchivedPlace, archivedPlaces, placeKey } from './readHistory.ts'
import { type StagedRows, stageRows } from './stagedRows.ts'
import { headOf } from './tieredObservationStore.ts'

/** Moments between which a process may end; see `ArchiveOptions.onStep`. */
export const ARCHIVE_STEPS = ['staged', 'written', 'named', 'discarded'] as const
export type ArchiveStep = (typeof ARCHIVE_STEPS)[number]

export type ArchiveOptions = ChangeOptions & {
  /** The database, or a tiered store over it. */
  readonly store: ObservationStore
  readonly source: string
  /** Last block that is final: a rollback never comes below it. */
  readonly throughBlock: number
  /** Rows moved in one go; more of them take more memory, and make larger files. */
  readonly batchRows?: number
  /** Leaves rows in the database whose dataset and day have fewer than this in a batch. */
  readonly minRows?: number
  /** Stops between two batches. */
  readonly signal?: AbortSignal
  /** Told after each step, where a test ends the process. */
  readonly onStep?: (step: ArchiveStep) => void | Promise<void>
  readonly onProgress?: (rows: number) => void
}

/** What was moved. */
export type ArchiveSummary = {
  readonly source: string
  readonly rows: number
  readonly files: number
  readonly bytes: number
  /** Rows by dataset. */
  readonly datasets: Readonly<Partial<Record<MarketEventType, number>>>
}

export const DEFAULT_BATCH_ROWS = 50_000

/** Rows asked of the database at once. */
const PAGE_ROWS = 5_000

/**
 * Moves the final observations of a source from the database to Parquet files.
 *
 * The rows of a batch are written and flushed, then named by the manifest, and only then discarded from the
 * database, by place and digest. A process that ends between two of these steps loses nothing and doubles
 * nothing: readers count a row once that is in both, and the next call finishes the rest.
 *
 * @throws LockedError while another writer is at work; UnavailableError when the disk is full; IntegrityError
 * when the history holds another observation at the place of one of the rows.
 */
export async function archiveObservations(options: ArchiveOptions): Promise<ArchiveSummary> {
  const { store, source, throughBlock, batchRows = DEFAULT_BATCH_ROWS, signal, onStep, onProgress } = options
  const head = headOf(store)
  return changeHistory(options, async writer => {
    let summary: ArchiveSummary = { source, rows: 0, files: 0, bytes: 0, datasets: {} }
    let after: RowPlace | undefined
    for (;;) {
      signal?.throwIfAborted()
      const batch = await moveBatch(writer, head, {
        source,
        throughBlock,
        after,
        batchRows,
        minRows: options.minRows ?? 1,
        onStep: onStep ?? (() => undefined),
      })
      summary = addBatch(summary, batch.files)
      onProgress?.(summary.rows)
      if (batch.last === null) return summary
      after = batch.last
    }
  })
}

type BatchOptions = {
  readonly source: string
  readonly throughBlock: number
  readonly after: RowPlace | undefined
  readonly batchRows: number
  readonly minRows: number
  readonly onStep: (step: ArchiveStep) => void | Promise<void>
}

type MovedBatch = { readonly files: readonly HistoryFile[]; readonly last: RowPlace | null }

/** A row of the database on its way out: where it is written to, and what is discarded afterwards. */
type StagedPlace = RowPlace & { readonly digest: Hash; readonly partition: string }

/** In place of a partition: the history holds the row already. */
const ARCHIVED = ''

async function moveBatch(
  writer: HistoryWriter,
  head: ObservationStore,
  options: BatchOptions,
): Promise<MovedBatch> {
  const { root } = writer.history
  const { source, minRows, onStep } = options
  const duckDb = await writer.history.duckDb()
  return duckDb.use(async connection => {
    const staged = stageRows(duckDb.library, connection, 'staged')
    try {
      const { places, last, sorted } = await stageBatch(writer, head, options, staged)
      await onStep('staged')
      const files: HistoryFile[] = []
      for (const { dataset, day } of partitionsOf(places, minRows))
        files.push(
          await writeParquetFile(connection, {
            root,
            dataset,
            day,
            sorted,
            table: `(from ${staged.table(dataset)} where visible_at_ms >= ${startOfDay(day)} and visible_at_ms < ${startOfDay(day) + DAY_MS})`,
          }),
        )
      await onStep('written')
      if (files.length > 0) await writer.commit({ files: [...writer.manifest.files, ...files] })
      await onStep('named')
      const held = new Set([ARCHIVED, ...files.map(({ dataset, day }) => `${dataset}/${day}`)])
      await head.discard(
        source,
        places.filter(({ partition }) => held.has(partition)),
      )
      await onStep('discarded')
      return { files, last }
    } finally {
      await staged.drop()
    }
  })
}

type StagedBatch = {
  readonly places: readonly StagedPlace[]
  /** Where the next batch goes on; null at the end. */
  readonly last: RowPlace | null
  /** Whether agents see the rows in the order that they were staged in. */
  readonly sorted: boolean
}

/** Puts the next rows of the source into the staging tables. */
async function stageBatch(
  { history, manifest }: HistoryWriter,
  head: ObservationStore,
  { source, throughBlock, batchRows, after }: BatchOptions,
  staged: StagedRows,
): Promise<StagedBatch> {
  const places: StagedPlace[] = []
  let last = after ?? null
  let sorted = true
  let visibleMs = 0
  while (places.length < batchRows) {
    const limit = Math.min(PAGE_ROWS, batchRows - places.length)
    const page = await head.scan({ source, throughBlock, limit, ...(last === null ? {} : { after: last }) })
    const archived = await archivedAmong(history, manifest, source, page)
    const fresh: StoredObservation[] = []
    for (const row of page) {
      const { block, logIndex } = positionOf(row.event)
      const { digest, visibleAt = row.event.knownAt } = row
      // Of one source, in the order of its blocks: agents see them in this order unless they came late.
      sorted &&= visibleAt >= visibleMs
      visibleMs = visibleAt
      const known = archived.get(placeKey({ block, logIndex }))
      if (known === undefined) fresh.push(row)
      else if (known.digest !== digest) throw unlikeArchived(source, { block, logIndex })
      places.push({ block, logIndex, digest, partition: known === undefined ? partitionOf(row) : ARCHIVED })
      last = { block, logIndex }
    }
    await staged.add(fresh)
    if (page.length < limit) {
      last = null
      break
    }
  }
  staged.flush()
  return { places, last, sorted }
}

/** What of a page the history holds already: an earlier run ended before it discarded it. */
async function archivedAmong(
  history: History,
  manifest: HistoryManifest,
  source: string,
  page: readonly StoredObservation[],
): Promise<ReadonlyMap<string, ArchivedPlace>> {
  const [first, last] = [page[0], page.at(-1)]
  if (first === undefined || last === undefined) return new Map()
  return archivedPlaces(history, manifest, source, {
    firstBlock: positionOf(first.event).block,
    lastBlock: positionOf(last.event).block,
  })
}

const unlikeArchived = (source: string, { block, logIndex }: RowPlace): IntegrityError =>
  new IntegrityError(
    `The database and the history hold different observations at ${source}, block ${block}, log ${logIndex}.`,
    {
      facts: { source, block, logIndex },
      hint: 'Compare the source with both (`touchstone audit`), and restore the one that differs from a copy.',
    },
  )

const partitionOf = ({ event, visibleAt }: StoredObservation): string =>
  `${event.value.type}/${utcDay(visibleAt ?? event.knownAt)}`

/** The datasets and days that a batch has enough rows of, sorted. */
function partitionsOf(
  places: readonly StagedPlace[],
  minRows: number,
): { readonly dataset: MarketEventType; readonly day: string }[] {
  const rows = new Map<string, number>()
  for (const { partition } of places)
    if (partition !== ARCHIVED) rows.set(partition, (rows.get(partition) ?? 0) + 1)
  return [...rows]
    .filter(([, count]) => count >= minRows)
    .map(([partition]) => partition)
    .sort()
    .map(partition => {
      const [dataset = '', day = ''] = partition.split('/')
      return { dataset: dataset as MarketEventType, day }
    })
}

function addBatch(summary: ArchiveSummary, files: readonly HistoryFile[]): ArchiveSummary {
  const datasets = { ...summary.datasets }
  for (const { dataset, rows } of files) datasets[dataset] = (datasets[dataset] ?? 0) + rows
  return {
    ...summary,
    rows: summary.rows + files.reduce((sum, { rows }) => sum + rows, 0),
    files: summary.files + files.length,
    bytes: summary.bytes + files.reduce((sum, { bytes }) => sum + bytes, 0),
    datasets,
  }
}
