import {
  type Instrument,
  type StoredObservation,
  toStoredObservation,
  type YieldTenor,
} from '../../core/index.ts'
import { readLines } from '../readLines.ts'
import { toFeedEvent } from './feedRow.ts'
import type { YieldCurveFeed } from './feedSpec.ts'
import { malformedRow } from './readFeedFile.ts'
import { parseYieldRow, YIELD_TENORS, yieldRow } from './yieldRow.ts'

export type YieldCurveOptions = {
  /** One FRED CSV (`observation_date,DGS…`) per tenor, over any range of dates; plain or gzipped. */
  readonly files: Readonly<Record<YieldTenor, string>>
  readonly instrument: Instrument
  /** Source name; by default `fred:H15`. */
  readonly feed?: string
}

/** How yield files are read. */
export function yieldCurveFeed({ instrument, feed = 'fred:H15' }: YieldCurveOptions): YieldCurveFeed {
  return { kind: 'yieldCurve', feed, instrument }
}

/**
 * Reads Treasury yields as curves: a day that no tenor has is left out, a tenor that a day lacks is null.
 * `validAt` is the day's midnight UTC, `knownAt` the release (`yieldPublication`).
 *
 * @throws InvalidInputError naming file and line when a row is malformed or out of order.
 */
export async function* readYieldCurve(options: YieldCurveOptions): AsyncGenerator<StoredObservation> {
  const spec = yieldCurveFeed(options)
  const columns = await Promise.all(YIELD_TENORS.map(tenor => readColumn(options.files[tenor])))
  const dates = [...new Set(columns.flatMap(column => [...column.keys()]))].sort()
  let sequence = 0
  for (const date of dates) {
    const row = yieldRow(
      date,
      columns.map(column => column.get(date) ?? ''),
    )
    const reading = parseYieldRow(row)
    // Each cell was read by the same code before, with its line at hand.
    if (typeof reading === 'string') throw malformedRow(options.files['1M'], 0, reading)
    if (columns.every(column => (column.get(date) ?? '') === '')) continue
    yield toStoredObservation(toFeedEvent(reading, spec, sequence++), row)
  }
}

/** Percent texts by date; five files of daily rows are small enough to hold. */
async function readColumn(file: string): Promise<ReadonlyMap<string, string>> {
  const column = new Map<string, string>()
  let headed = false
  let last = ''
  for await (const lines of readLines(file))
    for (const { text, number } of lines) {
      const [date = '', percent, ...more] = text.split(',')
      if (!headed) {
        if (date !== 'observation_date') throw malformedRow(file, number, 'it is not "observation_date,…"')
        headed = true
        continue
      }
      if (percent === undefined || more.length > 0) throw malformedRow(file, number, 'it has not two columns')
      const reading = parseYieldRow(yieldRow(date, [percent, '', '', '', '']))
      if (typeof reading === 'string') throw malformedRow(file, number, reading)
      if (date <= last) throw malformedRow(file, number, 'its date is not after that of the row before')
      last = date
      column.set(date, percent === '.' ? '' : percent)
    }
  return column
}
