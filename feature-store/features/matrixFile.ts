import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { endianness } from 'node:os'
import { dirname } from 'node:path'
import { canonicalJson, type Hash, type InstrumentId, toError, UnavailableError } from '../../core/index.ts'
import type { FeatureMatrix } from './buildFeatureMatrix.ts'

/** What a file must hold to be the one that is asked for. */
export type MatrixIdentity = {
  readonly key: Hash
  readonly instrument: InstrumentId
  readonly featureSet: Hash
  readonly names: readonly string[]
}

/** Longest header that is read: some tens of thousands of feature names. */
const MAX_HEADER_BYTES = 2 ** 20
/** Bytes of one read or write: a system call moves less than 2 GiB. */
const CHUNK_BYTES = 2 ** 26

/**
 * Writes a matrix to a file: a line of JSON (what it is, its shape, byte order and SHA-256), then the values row by
 * row as binary32, the times (Unix ms) and the prices as binary64. Written aside and renamed, so that there is a
 * whole file or none.
 *
 * @throws UnavailableError when the file cannot be written.
 */
export async function writeMatrixFile(path: string, key: Hash, matrix: FeatureMatrix): Promise<void> {
  const { instrument, featureSet, names, rows, dataHash } = matrix
  const head = headOf({ key, instrument, featureSet, names }, rows, dataHash)
  const parts = [matrix.values, matrix.timesMs, matrix.prices].map(bytesOf)
  const header = `${canonicalJson({ ...head, sha256: digest(head, parts) })}\n`
  const aside = `${path}.${randomUUID()}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(aside, 'wx')
    try {
      for (const part of [Buffer.from(header), ...parts]) await writeAll(file, part)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(aside, path)
  } catch (thrown) {
    await rm(aside, { force: true }).catch(() => undefined)
    throw new UnavailableError(`The feature matrix could not be kept: ${toError(thrown).message}`, {
      facts: { rows, columns: names.length },
      hint: 'Make room on the disk and the folder writable, or build the matrix without a cache.',
      cause: thrown,
    })
  }
}

/**
 * Reads what `writeMatrixFile` wrote. Null where there is no file, `damaged` where it is not whole, is another
 * matrix, or was written by a machine of another byte order.
 */
export async function readMatrixFile(
  path: string,
  identity: MatrixIdentity,
): Promise<FeatureMatrix | 'damaged' | null> {
  const file = await openIfThere(path)
  if (file === null) return null
  try {
    const { size } = await file.stat()
    const header = await readHeader(file, size)
    if (header === null) return 'damaged'
    const { rows, dataHash, text, bytes } = header
    const columns = identity.names.length
    if (size !== bytes + rows * (columns * 4 + 16)) return 'damaged'
    const values = new Float32Array(rows * columns)
    const timesMs = new Float64Array(rows)
    const prices = new Float64Array(rows)
    const parts = [values, timesMs, prices].map(bytesOf)
    let offset = bytes
    for (const part of parts) {
      if (!(await readAll(file, part, offset))) return 'damaged'
      offset += part.length
    }
    // The header is made anew from what is asked for: a file of anything else has another.
    const head = headOf(identity, rows, dataHash)
    if (text !== canonicalJson({ ...head, sha256: digest(head, parts) })) return 'damaged'
    const { instrument, featureSet, names } = identity
    return { instrument, featureSet, names, rows, columns, values, timesMs, prices, dataHash }
  } finally {
    await file.close()
  }
}

type Header = {
  readonly rows: number
  readonly dataHash: Hash
  readonly text: string
  readonly bytes: number
}

function headOf({ key, instrument, featureSet, names }: MatrixIdentity, rows: number, dataHash: Hash) {
  const columns = names.length
  return {
    format: 'f32',
    byteOrder: endianness(),
    key,
    instrument,
    featureSet,
    names,
    rows,
    columns,
    dataHash,
  }
}

function digest(head: ReturnType<typeof headOf>, parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256').update(`${canonicalJson(head)}\n`)
  for (const part of parts)
    for (let from = 0; from < part.length; from += CHUNK_BYTES)
      hash.update(part.subarray(from, from + CHUNK_BYTES))
  return hash.digest('hex')
}

async function readHeader(file: FileHandle, size: number): Promise<Header | null> {
  const start = new Uint8Array(Math.min(size, MAX_HEADER_BYTES))
  if (!(await readAll(file, start, 0))) return null
  const end = start.indexOf(0x0a)
  if (end === -1) return null
  const text = new TextDecoder().decode(start.subarray(0, end))
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return null
  }
  if (parsed === null || typeof parsed !== 'object') return null
  const { rows, dataHash } = parsed as Partial<Record<string, unknown>>
  if (typeof rows !== 'number' || !Number.isSafeInteger(rows) || rows < 0) return null
  if (typeof dataHash !== 'string') return null
  return { rows, dataHash: dataHash as Hash, text, bytes: end + 1 }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r')
  } catch (thrown) {
    const { code } = toError(thrown) as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw thrown
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, from, Math.min(CHUNK_BYTES, bytes.length - from))
    from += bytesWritten
  }
}

/** Returns false where the file ends before. */
async function readAll(file: FileHandle, target: Uint8Array, offset: number): Promise<boolean> {
  for (let from = 0; from < target.length; ) {
    const length = Math.min(CHUNK_BYTES, target.length - from)
    const { bytesRead } = await file.read(target, from, length, offset + from)
    if (bytesRead === 0) return false
    from += bytesRead
  }
  return true
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)
