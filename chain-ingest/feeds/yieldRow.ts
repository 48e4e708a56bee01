import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  parseDecimal,
  parseInstant,
  type UnixMs,
  unixMs,
  type YieldTenor,
} from '../../core/index.ts'
import { isFederalHoliday } from './federalHoliday.ts'
import type { RowReading } from './feedRow.ts'

/** The tenors of a curve, in the order of a row. */
export const YIELD_TENORS = ['1M', '3M', '1Y', '2Y', '10Y'] as const satisfies readonly YieldTenor[]

/**
 * When H.15 is out: the release of a day's yields appears at 16:15 New York time of the next business day,
 * which is 20:15 or 21:15 UTC; the later is taken, so that nothing is known too early.
 * Source: federalreserve.gov, H.15 "About".
 */
const PUBLICATION_TIME_MS = 21 * HOUR_MS + 15 * MINUTE_MS

/** 1970-01-01 was a Thursday. */
const weekdayOf = (day: number) => (day + 4) % 7

/** When a day's yields become known: 21:15 UTC of the next day that is neither week-end nor federal holiday. */
export function yieldPublication(date: UnixMs): UnixMs {
  let day = Math.floor(date / DAY_MS) + 1
  while (weekdayOf(day) === 0 || weekdayOf(day) === 6 || isFederalHoliday(unixMs(day * DAY_MS))) day++
  return unixMs(day * DAY_MS + PUBLICATION_TIME_MS)
}

/** Writes a day's yields as one row: the date and the percent texts in the order of the tenors; a gap is empty. */
export function yieldRow(date: string, percents: readonly string[]): string {
  return [date, ...percents].join(',')
}

/** Reads a row of `yieldRow`; a text says what is wrong with it. */
export function parseYieldRow(row: string): RowReading {
  const [date = '', ...percents] = row.split(',')
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return `"${date}" is not a date`
  if (percents.length !== YIELD_TENORS.length) return `it has ${percents.length} yields`
  const [month1, month3, year1, year2, year10] = percents.map(parsePercent)
  for (const [index, value] of [month1, month3, year1, year2, year10].entries())
    if (value === undefined) return `"${percents[index]}" is not a yield in percent`
  let validAt: UnixMs
  try {
    validAt = parseInstant(date)
  } catch {
    return `"${date}" is not a date`
  }
  return {
    validAt,
    knownAt: yieldPublication(validAt),
    value: {
      type: 'yieldCurve',
      yieldsPpm: {
        '1M': month1 ?? null,
        '3M': month3 ?? null,
        '1Y': year1 ?? null,
        '2Y': year2 ?? null,
        '10Y': year10 ?? null,
      },
    },
  }
}

/** Percent to millionths: 4.23 is 42,300. Null when empty (FRED also writes a dot), undefined when malformed. */
function parsePercent(text: string): number | null | undefined {
  if (text === '' || text === '.') return null
  const value = parseDecimal(text, 4)
  return value === null || value < -1_000_000n || value > 1_000_000n ? undefined : Number(value)
}
