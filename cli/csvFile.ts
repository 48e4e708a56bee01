import { open, rename, rm } from 'node:fs/promises'
import { InvalidInputError, toError } from '../core/index.ts'

/** A cell of a CSV file; null is an empty one. */
export type CsvCell = string | number | boolean | null

/** One line of CSV (RFC 4180), without its end. */
export const csvLine = (cells: readonly CsvCell[]): string => cells.map(csvCell).join(',')

function csvCell(cell: CsvCell): string {
  const text = cell === null ? '' : String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Writes a CSV file, whole or not at all. Returns how many rows it has. */
export async function writeCsvFile(
  file: string,
  header: readonly string[],
  pages: AsyncIterable<readonly (readonly CsvCell[])[]>,
): Promise<number> {
  const partial = `${file}.${process.pid}.partial`
  let rows = 0
  try {
    const handle = await open(partial, 'w')
    try {
      await handle.writeFile(`${csvLine(header)}\n`)
      for await (const page of pages) {
        rows += page.length
        await handle.writeFile(page.map(cells => `${csvLine(cells)}\n`).join(''))
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(partial, file)
    return rows
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined)
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw new InvalidInputError(`${file} cannot be written: ${toError(error).message}`, {
      facts: { file },
      hint: 'Name a file in a folder that exists, on a disk with room.',
      cause: error,
    })
  }
}
