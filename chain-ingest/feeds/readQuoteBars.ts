import { type Instrument, InvalidInputError, type StoredObservation } from '../../core/index.ts'
import { readLines } from '../readLines.ts'
import { parseTime } from './feedRow.ts'
import type { QuoteBarFeed } from './feedSpec.ts'
import { readFeedFile } from './readFeedFile.ts'

export type QuoteBarOptions = {
  /** CSV with the header `time_utc,bid_open,…,ask_close`; plain or gzipped. */
  readonly file: string
  readonly instrument: Instrument
  /** Time from a bar's open to its close; by default the shortest step among the first rows. */
  readonly periodMs?: number
  /** Source name; by default the instrument's id. */
  readonly feed?: string
}

const HEADER = /^time_utc,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close$/
/** Rows that the period is inferred from. */
const SAMPLE_ROWS = 1_000

/** How a file of quote bars is read, its period inferred where it is not given. */
export async function quoteBarFeed(options: QuoteBarOptions): Promise<QuoteBarFeed> {
  const { file, instrument, feed = instrument.id } = options
  return { kind: 'quoteBars', feed, instrument, periodMs: options.periodMs ?? (await inferPeriod(file)) }
}

/**
 * Reads quote bars: `validAt` is a bar's open, `knownAt` its close. Prices are exact to 10⁻⁸.
 *
 * @throws InvalidInputError naming file and line when a row is malformed, its high, low, bid and ask
 * contradict each other, or bars overlap.
 */
export async function* readQuoteBars(options: QuoteBarOptions): AsyncGenerator<StoredObservation> {
  const spec = await quoteBarFeed(options)
  yield* readFeedFile(options.file, spec, HEADER, { minStepMs: spec.periodMs })
}

async function inferPeriod(file: string): Promise<number> {
  let rows = 0
  let last: number | null = null
  let shortest = Number.POSITIVE_INFINITY
  for await (const lines of readLines(file)) {
    for (const { text } of lines) {
      const time = parseTime(text.slice(0, text.indexOf(',')))
      if (time === null) continue
      if (last !== null && time > last) shortest = Math.min(shortest, time - last)
      last = time
      rows++
    }
    if (rows >= SAMPLE_ROWS) break
  }
  if (Number.isFinite(shortest)) return shortest
  throw new InvalidInputError(`${file} has too few rows to tell how long its bars are.`, {
    facts: { file, rows },
    hint: 'Give the period.',
  })
}
