import type { ParameterSpace, Point } from './parameters.ts'
import type { SweepResult } from './sweepFigures.ts'

/** A column of a table of results: whole numbers, numbers, or texts (booleans are `true` and `false`). */
export type SweepColumn = { readonly name: string; readonly type: 'integer' | 'double' | 'text' }

/** A cell; null where there is no value. */
export type SweepCell = string | number | null

/**
 * Results as a table: the trial, the parameters, the figures, and the error of what failed. Columns and pages are what
 * `writeArrowRows` of the feature store takes, and any other writer of rows.
 */
export type SweepTable = {
  readonly columns: readonly SweepColumn[]
  /** The rows in the order of the trials, some at a time. */
  pages(): AsyncGenerator<readonly (readonly SweepCell[])[]>
}

const PAGE_ROWS = 4_096
const TRIAL = 'trial'
const ERROR = 'error'

/** Lays results out as a table. A figure whose name is a parameter's, too, is called `name_figure`. */
export function sweepTable<P extends Point>(
  { names }: Pick<ParameterSpace<P>, 'names'>,
  results: readonly SweepResult<P>[],
): SweepTable {
  const figures = new Set<string>()
  for (const result of results)
    if ('figures' in result) for (const name of Object.keys(result.figures)) figures.add(name)
  const reserved = new Set([TRIAL, ERROR, ...names])
  const readers: { readonly name: string; readonly read: (result: SweepResult<P>) => unknown }[] = [
    { name: TRIAL, read: ({ trial }) => trial },
    ...names.map(name => ({ name, read: ({ point }: SweepResult<P>) => point[name] })),
    ...[...figures].map(name => ({
      name: reserved.has(name) ? `${name}_figure` : name,
      read: (result: SweepResult<P>) => ('figures' in result ? result.figures[name] : null),
    })),
    { name: ERROR, read: result => ('error' in result ? result.error : null) },
  ]
  const columns = readers.map(({ name, read }): SweepColumn => ({ name, type: typeOf(results, read) }))
  return {
    columns,
    async *pages() {
      for (let start = 0; start < results.length; start += PAGE_ROWS)
        yield results
          .slice(start, start + PAGE_ROWS)
          .map(result =>
            readers.map(({ read }, column) => cellOf(read(result), columns[column]?.type ?? 'text')),
          )
    },
  }
}

function typeOf<R>(results: readonly R[], read: (result: R) => unknown): SweepColumn['type'] {
  let type: SweepColumn['type'] | null = null
  for (const result of results) {
    const value = read(result)
    if (value === null || value === undefined) continue
    if (typeof value !== 'number') return 'text'
    if (type !== 'double') type = Number.isSafeInteger(value) ? 'integer' : 'double'
  }
  return type ?? 'text'
}

function cellOf(value: unknown, type: SweepColumn['type']): SweepCell {
  if (value === null || value === undefined) return null
  return type === 'text' ? String(value) : Number(value)
}

/** A table as CSV (RFC 4180), a line at a time, the header first; an empty cell where there is no value. */
export async function* sweepCsv({ columns, pages }: SweepTable): AsyncGenerator<string> {
  yield csvLine(columns.map(({ name }) => name))
  for await (const page of pages()) for (const row of page) yield csvLine(row)
}

const csvLine = (cells: readonly SweepCell[]): string => `${cells.map(csvCell).join(',')}\n`

function csvCell(cell: SweepCell): string {
  const text = cell === null ? '' : String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
