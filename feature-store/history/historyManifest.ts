import { open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import {
  type EventPosition,
  type Hash,
  IntegrityError,
  InvalidInputError,
  type MarketEventType,
  toError,
  type UnixMs,
} from '../../core/index.ts'
import { DATASET_COLUMNS } from './datasetColumns.ts'
import { diskError } from './diskError.ts'

/** Version of the manifest and of the files' columns. */
export const HISTORY_SCHEMA = 1

export const MANIFEST_FILE = 'manifest.json'

const whole = z.number().int()
const time = whole.transform(value => value as UnixMs)
const hash = z.custom<Hash>(value => typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value))
const dataset = z.custom<MarketEventType>(
  value => typeof value === 'string' && Object.hasOwn(DATASET_COLUMNS, value),
)
// No way out of the folder.
const path = z.string().regex(/^[A-Za-z]+\/day=\d{4,6}-\d{2}-\d{2}\/part-[0-9a-f]+\.parquet$/)
const position: z.ZodType<EventPosition> = z.strictObject({
  knownAt: time,
  source: z.string(),
  block: whole,
  logIndex: whole,
})

const file = z.strictObject({
  /** Below the history's folder, with slashes: `<dataset>/day=<day>/part-<hash>.parquet`. */
  path,
  dataset,
  /** UTC day on which agents saw the rows. */
  day: z.string(),
  rows: whole.positive(),
  bytes: whole.positive(),
  sha256: hash,
  /** First and last row in the order that agents see. */
  first: position,
  last: position,
  /** Rows of each instrument. */
  instruments: z.record(z.string(), whole.positive()),
  /** Rows of each source, and its first and last block among them. */
  sources: z.record(
    z.string(),
    z.strictObject({ rows: whole.positive(), firstBlock: whole, lastBlock: whole }),
  ),
})

const manifest = z.strictObject({
  schema: z.literal(HISTORY_SCHEMA),
  /** Grows by one with each change. */
  generation: whole.nonnegative(),
  files: z.array(file),
  /** Files that no longer count, and since when: readers of an earlier manifest may still open them. */
  retired: z.array(z.strictObject({ path, atMs: time })),
  /** Days that retention dropped, with the rows that they had. */
  dropped: z.array(z.strictObject({ dataset, day: z.string(), rows: whole, atMs: time })),
})

/** A Parquet file of the history. */
export type HistoryFile = Readonly<z.infer<typeof file>>

/** What the history consists of. Only what is named here counts, whatever else lies in the folder. */
export type HistoryManifest = Readonly<z.infer<typeof manifest>>

export const EMPTY_MANIFEST: HistoryManifest = {
  schema: HISTORY_SCHEMA,
  generation: 0,
  files: [],
  retired: [],
  dropped: [],
}

/** Reads a manifest; the empty one where there is none. */
export async function readManifest(root: string): Promise<HistoryManifest> {
  const name = join(root, MANIFEST_FILE)
  let text: string
  try {
    text = await readFile(name, 'utf8')
  } catch (error) {
    if (isMissing(error)) return EMPTY_MANIFEST
    throw diskError(error, name)
  }
  return parseManifest(text, name)
}

/** Whether a file is not there. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

function parseManifest(text: string, name: string): HistoryManifest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw damaged(name, toError(cause).message, cause)
  }
  if (value !== null && typeof value === 'object' && 'schema' in value && value.schema !== HISTORY_SCHEMA)
    throw new InvalidInputError(
      `${name} has schema ${String(value.schema)}; this version reads ${HISTORY_SCHEMA}.`,
      {
        facts: { file: name, schema: String(value.schema) },
        hint: 'Use the version of touchstone that wrote it.',
      },
    )
  const parsed = manifest.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw damaged(
    name,
    `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'is malformed'}`,
    parsed.error,
  )
}

const damaged = (name: string, reason: string, cause: unknown): IntegrityError =>
  new IntegrityError(`${name} cannot be read: ${reason}`, {
    facts: { file: name },
    hint: 'Restore the file from a copy: without it, the Parquet files beside it do not count.',
    cause,
  })

/** Replaces the manifest: whoever reads sees the old one or the new one, also after a power cut. */
export async function writeManifest(root: string, next: HistoryManifest): Promise<void> {
  const name = join(root, MANIFEST_FILE)
  const partial = `${name}.partial`
  try {
    const handle = await open(partial, 'w')
    try {
      await handle.writeFile(`${JSON.stringify(manifest.parse(next))}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(partial, name)
    await flushFolder(dirname(name))
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined)
    throw diskError(error, name)
  }
}

/** Flushes a folder's entries, so that a rename in it outlives a power cut. */
export async function flushFolder(folder: string): Promise<void> {
  // Windows cannot open a directory, and keeps its entries by itself.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
