import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { InvalidInputError, NotFoundError } from '../core/index.ts'

/** A line of a file, without its end, and its number from 1. */
export type Line = { readonly text: string; readonly number: number }

/**
 * Reads the lines of a text file, gzipped or not (told by its first bytes), a chunk of the file at a time.
 * Empty lines are left out but counted.
 *
 * @throws NotFoundError when there is no such file.
 * @throws InvalidInputError when it is not UTF-8, or a gzip file that is damaged or cut off.
 */
export async function* readLines(file: string): AsyncGenerator<readonly Line[]> {
  const handle = await openFile(file)
  let number = 0
  let rest = ''
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const split = (text: string, last: boolean): Line[] => {
    const parts = (rest + text).split('\n')
    rest = last ? '' : (parts.pop() ?? '')
    const lines: Line[] = []
    for (const part of parts) {
      number++
      const line = part.endsWith('\r') ? part.slice(0, -1) : part
      if (line !== '') lines.push({ text: line, number })
    }
    return lines
  }
  try {
    const stream = await uncompressed(handle)
    for await (const chunk of stream) {
      const lines = split(decoder.decode(chunk, { stream: true }), false)
      if (lines.length > 0) yield lines
    }
    const lines = split(decoder.decode(), true)
    if (lines.length > 0) yield lines
  } catch (error) {
    const problem = problemOf(error)
    if (problem === null) throw error
    throw new InvalidInputError(`${file} cannot be read after line ${number}: ${problem}.`, {
      facts: { file, line: number, problem },
      hint: 'The file is damaged or incomplete: fetch it again.',
      cause: error,
    })
  } finally {
    await handle.close()
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r')
  } catch (cause) {
    throw new NotFoundError(`${file} cannot be opened (${codeOf(cause)}).`, {
      facts: { file },
      hint: 'Check the path and its permissions.',
      cause,
    })
  }
}

async function uncompressed(handle: FileHandle): Promise<Readable> {
  const magic = Buffer.alloc(2)
  await handle.read(magic, 0, 2, 0)
  const stream = handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 18 })
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) return stream
  // The error of either stream reaches the reader through the gunzip stream.
  return pipeline(stream, createGunzip(), () => undefined)
}

function problemOf(error: unknown): string | null {
  const code = codeOf(error)
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'it is not UTF-8 text'
  if (code === 'Z_BUF_ERROR') return 'the gzip stream is cut off'
  if (code.startsWith('Z_')) return 'the gzip stream is damaged'
  if (code === 'EISDIR') return 'it is a directory'
  return null
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
