import { canonicalJson, type Hash, IntegrityError, InvalidInputError } from '../../core/index.ts'
import { lockFile } from './fileLock.ts'
import { openLineAppender, wholeLines } from './lineFile.ts'
import type { Point } from './parameters.ts'
import type { SweepFigures, SweepResult } from './sweepFigures.ts'

/** What a sweep is of: results are kept for the same one alone. */
export type SweepIdentity = {
  /** Hash of the parameters' definitions. */
  readonly space: Hash
  /** Hash of what a point is applied to. */
  readonly configuration: Hash
  readonly data: Hash
  /** Hash of method and settings. */
  readonly method: Hash
  readonly seed: number
  readonly objective: string
  readonly goal: string
}

/** The results of a sweep, in a file that only grows. */
export type SweepFile = {
  /** What the file held, by trial. */
  readonly kept: ReadonlyMap<number, SweepResult>
  /** Appends results; on the disk when this returns. */
  append(results: readonly SweepResult[]): Promise<void>
  close(): Promise<void>
}

const VERSION = 1

/**
 * Opens the file of a sweep, or begins it; this process alone writes to it until it is closed. A last line that a
 * killed process left unfinished is dropped.
 *
 * @param restart whether to forget what the file holds.
 * @throws InvalidInputError when the file is of another sweep, naming what differs; IntegrityError naming a line that
 * is no result; LockedError when another process runs the sweep.
 */
export async function openSweepFile(
  file: string,
  identity: SweepIdentity,
  { restart = false }: { readonly restart?: boolean } = {},
): Promise<SweepFile> {
  const release = await lockFile(file, 0)
  try {
    const kept = new Map<number, SweepResult>()
    let number = 0
    let size = 0
    for await (const { text, end } of restart ? [] : wholeLines(file)) {
      number++
      size = end
      if (number === 1) assertSameSweep(file, text, identity)
      else {
        const result = readResult(text)
        if (result === null) throw damaged(file, number)
        kept.set(result.trial, result)
      }
    }
    const appender = await openLineAppender(file, size)
    try {
      if (number === 0) await appender.append(`${canonicalJson({ sweep: VERSION, ...identity })}\n`)
    } catch (error) {
      await appender.close()
      throw error
    }
    return {
      kept,
      async append(results) {
        await appender.append(results.map(result => `${JSON.stringify(result)}\n`).join(''))
      },
      async close() {
        try {
          await appender.close()
        } finally {
          await release()
        }
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}

function assertSameSweep(file: string, text: string, identity: SweepIdentity): void {
  const header = parsed(text)
  if (header === null || header['sweep'] !== VERSION)
    throw new InvalidInputError(`${file} holds no results of a sweep that this version reads.`, {
      facts: { file },
      hint: 'Name another file, or delete this one.',
    })
  const other = Object.entries(identity).find(([name, value]) => header[name] !== value)
  if (other === undefined) return
  throw new InvalidInputError(`${file} holds the results of another sweep: its ${other[0]} differs.`, {
    facts: { file, field: other[0], stored: String(header[other[0]]), given: String(other[1]) },
    hint: 'Start anew (without --resume; `restart` of `runSweep`), or name another file for this sweep.',
  })
}

function readResult(text: string): SweepResult | null {
  const value = parsed(text)
  if (value === null) return null
  const { trial, point, figures, error } = value
  if (typeof trial !== 'number' || !isObject(point)) return null
  if (typeof error === 'string') return { trial, point: point as Point, error }
  return isObject(figures) ? { trial, point: point as Point, figures: figures as SweepFigures } : null
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

const damaged = (file: string, line: number): IntegrityError =>
  new IntegrityError(`Line ${line} of ${file} is no result of a sweep.`, {
    facts: { file, line },
    hint: 'Delete the line: its point is evaluated again.',
  })
