import { createReadStream } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import {
  IntegrityError,
  InvalidInputError,
  TouchstoneError,
  toError,
  UnavailableError,
} from '../../core/index.ts'

/** A whole line of a file, without its end, and the byte after its end. */
export type Line = { readonly text: string; readonly end: number }

const LINE_FEED = 10

/**
 * Reads the whole lines of a file from a byte on; none when there is no such file. What follows the last line feed is
 * what a writer that died had begun, and is left out.
 */
export async function* wholeLines(file: string, from = 0): AsyncGenerator<Line> {
  if ((await sizeOf(file)) <= from) return
  let begun: Buffer[] = []
  let at = from
  for await (const chunk of createReadStream(file, { start: from, highWaterMark: 1 << 20 })) {
    const bytes = chunk as Buffer
    let start = 0
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
      const rest = bytes.subarray(start, end)
      const line = begun.length === 0 ? rest : Buffer.concat([...begun, rest])
      begun = []
      start = end + 1
      at += line.length + 1
      yield { text: line.toString('utf8'), end: at }
    }
    if (start < bytes.length) begun.push(bytes.subarray(start))
  }
}

/** Bytes of a file; 0 when there is none. */
export async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
    throw fileError(error, file)
  }
}

/** A file that grows at its end by whole lines. */
export type LineAppender = {
  /** Appends lines, each ended by a line feed, in one write; on the disk when this returns. Returns the new size. */
  append(lines: string): Promise<number>
  close(): Promise<void>
}

/**
 * Opens a file to append to, for the only process that writes it. What follows the last whole line is cut off first.
 *
 * @param size bytes up to the end of the last whole line.
 * @throws UnavailableError when the disk is full; IntegrityError when somebody else wrote meanwhile.
 */
export async function openLineAppender(file: string, size: number): Promise<LineAppender> {
  let handle: FileHandle
  try {
    handle = await open(file, 'a')
    if ((await handle.stat()).size > size) await handle.truncate(size)
  } catch (error) {
    throw fileError(error, file)
  }
  let end = size
  return {
    async append(lines) {
      const bytes = Buffer.from(lines)
      try {
        const { bytesWritten } = await handle.write(bytes)
        if (bytesWritten < bytes.length)
          throw new Error(`ENOSPC: ${bytesWritten} of ${bytes.length} bytes were written`)
        await handle.datasync()
        const after = (await handle.stat()).size
        if (after !== end + bytes.length)
          throw new IntegrityError(`${file} was written to by somebody else at the same time.`, {
            facts: { file, expectedBytes: end + bytes.length, bytes: after },
            hint: 'Let only touchstone write this file; restore it from a copy.',
          })
        end = after
        return end
      } catch (error) {
        throw fileError(error, file)
      }
    },
    close: () => handle.close(),
  }
}

function fileError(error: unknown, file: string): TouchstoneError {
  if (error instanceof TouchstoneError) return error
  const reason = toError(error).message
  if (/ENOSPC|EDQUOT/.test(reason))
    return new UnavailableError(`The disk is full: ${file} cannot be written.`, {
      facts: { file },
      hint: 'Make room and run the command again: it goes on after what was written whole.',
      cause: error,
    })
  return new InvalidInputError(`${file} cannot be used: ${reason}`, {
    facts: { file },
    hint: 'Check that the folder exists and that this user may write to it.',
    cause: error,
  })
}
