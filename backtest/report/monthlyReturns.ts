import { DAY_MS, daysFromCivil } from '../../core/index.ts'
import { closingDay } from '../statisticsPeriods.ts'
import { dateOf } from './reportNumbers.ts'

/** Returns of the months of a year; January first. Null for a month without a point, or without a return. */
export type YearOfReturns = {
  readonly year: number
  readonly months: readonly (number | null)[]
  /** The months compounded; null where none has a return. */
  readonly total: number | null
}

/**
 * Cuts equity into the returns of calendar months, UTC, close to close; the first is taken against the first point,
 * so that the months compound to the total return. A point at midnight belongs to the day that ends. A month whose
 * start is not above zero has no return.
 */
export function monthlyReturns(timeMs: Float64Array, equity: Float64Array): readonly YearOfReturns[] {
  const years: { year: number; months: (number | null)[]; from: number; to: number }[] = []
  let base = equity[0] ?? 0
  let i = 1
  while (i < timeMs.length) {
    const { year, month } = dateOf(closingDay(timeMs[i] ?? 0) * DAY_MS)
    const endMs = monthEndMs(year, month)
    while (i < timeMs.length && (timeMs[i] ?? 0) <= endMs) i++
    const close = equity[i - 1] ?? 0
    let last = years.at(-1)
    if (last?.year !== year) {
      last = { year, months: new Array<number | null>(12).fill(null), from: base, to: close }
      years.push(last)
    }
    last.months[month - 1] = returnOf(base, close)
    last.to = close
    base = close
  }
  return years.map(({ year, months, from, to }) => ({ year, months, total: returnOf(from, to) }))
}

const returnOf = (from: number, to: number): number | null => (from > 0 ? to / from - 1 : null)

/** Midnight after the last day of a month. */
function monthEndMs(year: number, month: number): number {
  const [y, m] = month === 12 ? [year + 1, 1] : [year, month + 1]
  return (daysFromCivil(y, m, 1) ?? 0) * DAY_MS
}
