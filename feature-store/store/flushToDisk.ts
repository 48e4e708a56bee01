import { closeSync, fsyncSync, openSync } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'

/**
 * Start parameters that make PGlite flush as a server does: its own defaults say `-F` (never flush).
 * `fsync` because its file system passes that call on, once `flushToDisk` is in place, and no other.
 */
export const FLUSHING_START_PARAMS = [
  ...PGlite.defaultStartParams.filter(parameter => parameter !== '-F'),
  '-c',
  'fsync=on',
  '-c',
  'wal_sync_method=fsync',
]

/** Where PGlite mounts its data directory. */
const MOUNT = '/pglite/data'
/** `EIO` in the numbering of WebAssembly's C library. */
const IO_ERROR = 29

/**
 * Makes a PGlite that keeps its files in a directory flush them to the disk when PostgreSQL asks: PGlite 0.5
 * ignores the request, so that a power cut may lose what was committed. Emscripten's file system calls an
 * `fsync` operation where a file system has one; Node's has none, and is given one here.
 *
 * @throws Error when this version of PGlite is built otherwise.
 */
export function flushToDisk(client: PGlite): void {
  const root = lookUp(client.Module.FS, MOUNT)
  if (root === null) throw new Error('PGlite is not built as expected: its files cannot be flushed.')
  root.stream_ops.fsync = (stream: OpenStream): number => {
    try {
      if (stream.nfd !== undefined) fsyncSync(stream.nfd)
      // A directory has no descriptor of its own.
      else flush(root.mount.type.realPath(stream.node))
      return 0
    } catch {
      return IO_ERROR
    }
  }
}

/** Files flushed at the same moment: the disk batches them, and few descriptors are open. */
const FLUSHES_AT_ONCE = 16

/** Flushes every file and folder below a folder, and the folder itself. */
export async function flushTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const paths = [folder, ...entries.map(entry => join(entry.parentPath, entry.name))].values()
  const flushRest = async (): Promise<void> => {
    for (const path of paths) await flushLater(path)
  }
  await Promise.all(Array.from({ length: FLUSHES_AT_ONCE }, flushRest))
}

async function flushLater(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

function flush(path: string): void {
  // Windows cannot open a directory, and keeps its entries by itself.
  if (process.platform === 'win32') return
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

type OpenStream = { readonly nfd?: number; readonly node: unknown }

/** The part of Emscripten's Node file system that is used here. */
type FileNode = {
  readonly stream_ops: { fsync?: (stream: OpenStream) => number }
  readonly mount: { readonly type: { realPath(node: unknown): string } }
}

function lookUp(files: unknown, path: string): FileNode | null {
  const find = member(files, 'lookupPath')
  if (typeof find !== 'function') return null
  const node: unknown = member(Reflect.apply(find, files, [path]), 'node')
  return isFileNode(node) ? node : null
}

function isFileNode(node: unknown): node is FileNode {
  const operations = member(node, 'stream_ops')
  return (
    typeof member(operations, 'write') === 'function' &&
    typeof member(member(member(node, 'mount'), 'type'), 'realPath') === 'function'
  )
}

function member(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined
}
