import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { IntegrityError, TouchstoneError, toError, UnavailableError } from '../../core/index.ts'
import { DATASET_COLUMNS } from './datasetColumns.ts'
import { diskError } from './diskError.ts'
import {
  EMPTY_MANIFEST,
  type HistoryFile,
  type HistoryManifest,
  isMissing,
  MANIFEST_FILE,
  readManifest,
} from './historyManifest.ts'
import { type DuckDb, type DuckDbOptions, literals, openDuckDb } from './openDuckDb.ts'
import { assertFileIntact } from './parquetFile.ts'

/** A folder of Parquet files under a manifest, open for reading by any number of processes. */
export type History = {
  readonly root: string
  /** The manifest as it is now. */
  manifest(): Promise<HistoryManifest>
  /** The DuckDB that reads and writes the files. */
  duckDb(): Promise<DuckDb>
  /**
   * Runs work on the present manifest, and again on the next one where files were replaced under its hands.
   */
  withManifest<T>(work: (manifest: HistoryManifest) => Promise<T>): Promise<T>
  /**
   * Reads files through, each once, and compares them with what the manifest says of them.
   *
   * @throws IntegrityError when a file is missing or was changed.
   */
  assertIntact(files: readonly HistoryFile[]): Promise<void>
  /** Does so again, after something went wrong with them. */
  recheck(files: readonly HistoryFile[]): Promise<void>
  /**
   * Runs work on the rows of some files, given as a table expression.
   *
   * @throws IntegrityError when a file is missing, was changed or does not read.
   */
  query<T>(
    files: readonly HistoryFile[],
    work: (connection: DuckDBConnection, table: string) => Promise<T>,
  ): Promise<T>
  close(): Promise<void>
}

export type HistoryOptions = DuckDbOptions & {
  /** The history's folder; it need not exist yet. */
  readonly root: string
}

/** Files may be replaced while a reader comes to open them, but not time and again. */
const MANIFEST_ROUNDS = 5

/** Opens a history. Nothing is read or loaded before it is asked for. */
export function openHistory({ root: folder, ...options }: HistoryOptions): History {
  const root = resolve(folder)
  let duckDb: Promise<DuckDb> | null = null
  let known: { readonly version: string; readonly manifest: HistoryManifest } | null = null
  // By path: it names the content. A file is read through once, and then trusted to this process's end.
  const intact = new Map<string, Promise<void>>()

  const history: History = {
    root,
    async manifest() {
      const version = await manifestVersion(root)
      if (version === null) {
        await assertNoFiles(root)
        return EMPTY_MANIFEST
      }
      if (known?.version !== version) known = { version, manifest: await readManifest(root) }
      return known.manifest
    },
    duckDb: () => {
      duckDb ??= openDuckDb(options)
      return duckDb
    },
    async withManifest(work) {
      for (let round = 1; ; round++) {
        const manifest = await history.manifest()
        try {
          return await work(manifest)
        } catch (error) {
          const changed = (await history.manifest()).generation !== manifest.generation
          if (!(error instanceof IntegrityError && changed && round < MANIFEST_ROUNDS)) throw error
        }
      }
    },
    async assertIntact(files) {
      for (const file of files) {
        let check = intact.get(file.path)
        if (check === undefined) {
          check = assertFileIntact(root, file)
          intact.set(file.path, check)
          // What failed once is looked at again.
          check.catch(() => intact.delete(file.path))
        }
        await check
      }
    },
    async recheck(files) {
      for (const { path } of files) intact.delete(path)
      await history.assertIntact(files)
    },
    async query(files, work) {
      await history.assertIntact(files)
      try {
        return await (await history.duckDb()).use(connection => work(connection, tableOf(root, files)))
      } catch (error) {
        if (error instanceof TouchstoneError) throw error
        await history.recheck(files)
        const reason = toError(error).message
        if (/Out of Memory|ENOMEM|ENOSPC|No space left/.test(reason))
          throw new UnavailableError(`The history in ${root} could not be read: ${reason.split('\n')[0]}`, {
            facts: { root },
            hint: 'Make room in memory and in the temporary folder, and run the command again.',
            cause: error,
          })
        throw new IntegrityError(`The history in ${root} does not read: ${reason}`, {
          facts: { root },
          hint: 'Restore the folder from a copy. If its files are as they were, report this as a defect.',
          cause: error,
        })
      }
    },
    async close() {
      const open = duckDb
      duckDb = null
      ;(await open)?.close()
    },
  }
  return history
}

/** The rows of some files as a table expression. */
export const tableOf = (root: string, files: readonly HistoryFile[]): string =>
  `read_parquet([${literals(files.map(({ path }) => join(root, path)))}], union_by_name = true, hive_partitioning = false)`

// A manifest is replaced by a rename, so a new one is another file.
async function manifestVersion(root: string): Promise<string | null> {
  try {
    const { ino, mtimeNs, size } = await stat(join(root, MANIFEST_FILE), { bigint: true })
    return `${ino}/${mtimeNs}/${size}`
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** A history begins with a manifest, so files without one have lost theirs. */
async function assertNoFiles(root: string): Promise<void> {
  const entries = await readdir(root, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw diskError(error, root)
  })
  const folder = entries.find(entry => entry.isDirectory() && Object.hasOwn(DATASET_COLUMNS, entry.name))
  if (folder === undefined) return
  throw new IntegrityError(`${join(root, MANIFEST_FILE)} is missing, but the history has files.`, {
    facts: { root, folder: folder.name },
    hint: 'Restore the file from a copy: without it, the Parquet files beside it do not count.',
  })
}
