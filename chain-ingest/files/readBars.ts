import { type Instrument, InvalidInputError, type StoredObservation } from '../../core/index.ts'
import { malformedRow, readFeedFile } from '../feeds/readFeedFile.ts'
import { readLines } from '../readLines.ts'
import { type BarColumnNames, type BarColumns, readBarHeader, splitRow } from './barColumns.ts'
import type { BarFeed } from './barFeed.ts'
import { parseBarTime } from './barTime.ts'
import { assertRising, type BarGaps, type BarTimes, countGaps, inferPeriod } from './barTimes.ts'

export type BarFileOptions = {
  /** CSV with a header (`readBarHeader`); plain or gzipped. */
  readonly file: string
  readonly instrument: Instrument
  /** Time from a bar's open to its close; by default the commonest distance of two rows. */
  readonly periodMs?: number | undefined
  /** What the time of a row is; `open` unless given. Taking an open for a close would be look-ahead. */
  readonly time?: 'open' | 'close' | undefined
  /** What the columns are called, where their names are not the usual ones. */
  readonly columns?: BarColumnNames | undefined
  /** Most bars that may be missing between two others; any number unless given. */
  readonly maxGapBars?: number | undefined
  /** Told once, before the first bar, where bars are missing. */
  readonly onGaps?: ((gaps: BarGaps) => void) | undefined
  /** Source name; by default the instrument's id. */
  readonly feed?: string
}

const HEADER_HINT =
  'Begin the file with a line such as time_utc,open,high,low,close,volume, or say what its columns are called (`columns`).'
const TIME_HINT = 'Write times as 2024-01-05T12:30:00Z, or as Unix time in milliseconds.'
const ROW_HINT = 'Correct the line, or remove it: a bar that is missing is only a gap.'

/**
 * Reads header and times of a file of bars, to tell how its rows are read.
 *
 * @throws InvalidInputError naming file and line when the header lacks a column, or times are malformed,
 * unsorted, twice there, or of bars of different lengths.
 */
export async function barFeed(options: BarFileOptions): Promise<BarFeed> {
  const { file, instrument, time = 'open', feed = instrument.id, maxGapBars } = options
  assertWhole('periodMs', options.periodMs, 1)
  assertWhole('maxGapBars', maxGapBars, 0)
  const { columns, rows } = await readTimes(file, options.columns)
  assertRising(rows)
  const periodMs = options.periodMs ?? inferPeriod(rows)
  const gaps = countGaps(rows, {
    periodMs,
    inferred: options.periodMs === undefined,
    maxGapBars: maxGapBars ?? Number.POSITIVE_INFINITY,
  })
  if (gaps.count > 0) options.onGaps?.(gaps)
  return { kind: 'bars', feed, instrument, periodMs, time, columns }
}

/**
 * Reads bars: `validAt` is a bar's open, `knownAt` its close. Where the file has one price and not two, bid and ask
 * are that price. All times are checked before the first bar is given.
 *
 * @throws InvalidInputError naming file and line as `barFeed`, and when a price is none, or the prices of a bar
 * contradict each other.
 */
export async function* readBars(options: BarFileOptions): AsyncGenerator<StoredObservation> {
  const spec = await barFeed(options)
  yield* readFeedFile(options.file, spec, null, { hint: ROW_HINT })
}

async function readTimes(
  file: string,
  names: BarColumnNames | undefined,
): Promise<{ columns: BarColumns; rows: BarTimes }> {
  let columns: BarColumns | null = null
  const times: number[] = []
  const lines: number[] = []
  for await (const chunk of readLines(file))
    for (const { text, number } of chunk) {
      if (columns === null) {
        const header = readBarHeader(text, names)
        if (typeof header === 'string') throw malformedRow(file, number, header, HEADER_HINT)
        columns = header
        continue
      }
      const stamp = splitRow(text, columns.separator)[columns.time.index] ?? ''
      const time = parseBarTime(stamp)
      if (time === null) throw malformedRow(file, number, `"${stamp}" is not a time`, TIME_HINT)
      times.push(time)
      lines.push(number)
    }
  if (columns === null)
    throw new InvalidInputError(`${file} is empty.`, { facts: { file }, hint: HEADER_HINT })
  if (times.length === 0)
    throw new InvalidInputError(`${file} has a header and no bar.`, {
      facts: { file },
      hint: 'Check that the file is complete.',
    })
  return { columns, rows: { file, times, lines } }
}

function assertWhole(name: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return
  throw new InvalidInputError(`${name} is ${value}.`, {
    facts: { [name]: value },
    hint: `Give a whole number, ${least} or more.`,
  })
}
