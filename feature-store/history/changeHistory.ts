import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { MINUTE_MS, toError, type UnixMs, unixMs } from '../../core/index.ts'
import { lockDirectory } from '../store/directoryLock.ts'
import { type HistoryManifest, isMissing, writeManifest } from './historyManifest.ts'
import type { History } from './openHistory.ts'
import { PARTIAL } from './parquetFile.ts'

/** How long a replaced file stays, for readers that still go by an earlier manifest. */
export const DEFAULT_GRACE_MS = 10 * MINUTE_MS

/** One writer's hold on a history. */
export type HistoryWriter = {
  readonly history: History
  /** The manifest that the writer last wrote, or found. */
  readonly manifest: HistoryManifest
  readonly nowMs: UnixMs
  /** Replaces the manifest by one of the next generation. */
  commit(changes: Partial<Omit<HistoryManifest, 'schema' | 'generation'>>): Promise<void>
}

export type ChangeOptions = {
  readonly history: History
  readonly nowMs: UnixMs
  /** How long a replaced file stays. */
  readonly graceMs?: number
}

/**
 * Changes a history as its only writer: archiving, compaction and retention go through here. What an earlier
 * writer left unfinished is cleared first.
 *
 * @throws LockedError while another writer is at work.
 */
export async function changeHistory<T>(
  { history, nowMs, graceMs = DEFAULT_GRACE_MS }: ChangeOptions,
  work: (writer: HistoryWriter) => Promise<T>,
): Promise<T> {
  const lock = await lockDirectory(history.root)
  try {
    let manifest = await history.manifest()
    const writer: HistoryWriter = {
      history,
      nowMs,
      get manifest() {
        return manifest
      },
      async commit(changes) {
        const next = { ...manifest, ...changes, generation: manifest.generation + 1 }
        await writeManifest(history.root, next)
        manifest = next
      },
    }
    // Before the first file, so that files without a manifest are never taken for leftovers.
    if (manifest.generation === 0) await writer.commit({})
    await sweep(writer, graceMs)
    return await work(writer)
  } finally {
    await lock.release()
  }
}

/** Removes files that no manifest names, and those retired for long enough. */
async function sweep(writer: HistoryWriter, graceMs: number): Promise<void> {
  const { history, manifest, nowMs } = writer
  const over = (atMs: UnixMs) => atMs + graceMs <= nowMs
  const kept = manifest.retired.filter(({ atMs }) => !over(atMs))
  const named = new Set([...manifest.files, ...kept].map(({ path }) => path))
  // A file without an entry was never read: its writer ended before the manifest named it.
  for (const path of await filesBelow(history.root))
    if (!named.has(path)) await rm(join(history.root, path), { force: true })
  if (kept.length < manifest.retired.length) await writer.commit({ retired: kept })
}

/** Paths of Parquet files, finished or not, below a folder. */
async function filesBelow(root: string): Promise<string[]> {
  try {
    const entries = await readdir(root, { recursive: true, encoding: 'utf8' })
    return entries
      .map(entry => entry.replaceAll('\\', '/'))
      .filter(
        entry =>
          /^[A-Za-z]+\/day=[^/]+\/part-[^/]+$/.test(entry) &&
          (entry.endsWith('.parquet') || entry.endsWith(PARTIAL)),
      )
  } catch (error) {
    if (isMissing(error)) return []
    throw toError(error)
  }
}

/** The UTC day of a time, as the files are named by. */
export function utcDay(time: UnixMs): string {
  return new Date(time).toISOString().split('T')[0] ?? ''
}

/** The first moment of a UTC day. */
export const startOfDay = (day: string): UnixMs => unixMs(Date.parse(`${day}T00:00:00Z`))
