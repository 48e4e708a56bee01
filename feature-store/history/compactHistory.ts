import { type ChangeOptions, changeHistory } from './changeHistory.ts'
import type { HistoryFile } from './historyManifest.ts'
import { writeParquetFile } from './parquetFile.ts'

/** Rows of a file that is large enough: an ordered page costs what its file is long. */
export const DEFAULT_MAX_FILE_ROWS = 1_000_000

export type CompactOptions = ChangeOptions & {
  /** Files are joined up to this many rows. */
  readonly maxFileRows?: number
  readonly signal?: AbortSignal
}

/** What compaction replaced by what. */
export type CompactSummary = {
  readonly filesBefore: number
  readonly filesAfter: number
  readonly rows: number
}

/**
 * Joins the small files of a dataset and day. Readers of the earlier manifest find the old files for the time of
 * grace; a process that ends in between leaves one of the two manifests, both complete.
 *
 * @throws LockedError while another writer is at work; UnavailableError when the disk is full.
 */
export async function compactHistory(options: CompactOptions): Promise<CompactSummary> {
  const { history, signal, maxFileRows = DEFAULT_MAX_FILE_ROWS } = options
  return changeHistory(options, async writer => {
    const summary = { filesBefore: 0, filesAfter: 0, rows: 0 }
    for (const group of smallFiles(writer.manifest.files, maxFileRows)) {
      signal?.throwIfAborted()
      const [{ dataset, day }] = group
      const joined = await history.query(group, (connection, table) =>
        writeParquetFile(connection, { root: history.root, dataset, day, table, sorted: false }),
      )
      const replaced = new Set(group.map(({ path }) => path))
      const { files, retired } = writer.manifest
      await writer.commit({
        files: [...files.filter(({ path }) => !replaced.has(path)), joined],
        retired: [...retired, ...group.map(({ path }) => ({ path, atMs: writer.nowMs }))],
      })
      summary.filesBefore += group.length
      summary.filesAfter += 1
      summary.rows += joined.rows
    }
    return summary
  })
}

type Group = readonly [HistoryFile, HistoryFile, ...HistoryFile[]]

/** Files to join: of one dataset and day, next to each other in the order, together not too large. */
function smallFiles(files: readonly HistoryFile[], maxRows: number): Group[] {
  const partitions = new Map<string, HistoryFile[]>()
  for (const file of files) {
    const key = `${file.dataset}/${file.day}`
    partitions.set(key, [...(partitions.get(key) ?? []), file])
  }
  const groups: Group[] = []
  for (const partition of partitions.values()) {
    let open: HistoryFile[] = []
    let rows = 0
    const close = () => {
      const [first, second, ...others] = open
      if (first !== undefined && second !== undefined) groups.push([first, second, ...others])
      open = []
      rows = 0
    }
    for (const file of partition.toSorted((a, b) => a.first.knownAt - b.first.knownAt)) {
      if (rows + file.rows > maxRows) close()
      open.push(file)
      rows += file.rows
    }
    close()
  }
  return groups
}
