import type { BusinessCalendarTerms, Weekday } from '../../../agents/index.ts'
import { InvalidInputError } from '../../../core/index.ts'
import {
  type CivilDay,
  firstOfMonth,
  formatCivilDay,
  parseCivilDay,
  plusDays,
  weekdayOf,
} from './civilDay.ts'
import { holidayCalendar } from './holidays.ts'

/** Counts in business days. */
export type BusinessCalendar = {
  isBusinessDay(day: CivilDay): boolean
  /** The first business day on or after a day. */
  onOrAfter(day: CivilDay): CivilDay
  /**
   * The business day that lies so many of them after a day, or before it when negative; with 0, the day itself
   * or the next business day.
   */
  plusBusinessDays(day: CivilDay, count: number): CivilDay
  /**
   * The n-th business day of a day's month, from 1; counted from its end when negative. Null when the month has
   * fewer.
   */
  nthOfMonth(day: CivilDay, n: number): CivilDay | null
}

/** A calendar that has no business day for this long is wrong. */
const MAX_CLOSED_DAYS = 60

/**
 * The calendar of some terms.
 *
 * @throws InvalidInputError when every day of the week is without business, or a closed day is no day.
 */
export function businessCalendar(terms: BusinessCalendarTerms): BusinessCalendar {
  const weekend = new Set<Weekday>(terms.weekend)
  if (weekend.size >= 7)
    throw new InvalidInputError('A calendar has no business day: its week-end is the whole week.', {
      hint: 'Leave at least one day of the week out of `weekend`.',
    })
  const closed = new Set(terms.closedDays.map(parseCivilDay))
  const isHoliday = holidayCalendar(terms.holidays)
  const isBusinessDay = (day: CivilDay): boolean =>
    !weekend.has(weekdayOf(day)) && !closed.has(day) && !isHoliday(day)

  function seek(day: CivilDay, step: 1 | -1): CivilDay {
    for (let tried = 0; tried < MAX_CLOSED_DAYS; tried++)
      if (isBusinessDay(plusDays(day, step * tried))) return plusDays(day, step * tried)
    throw new InvalidInputError(
      `A calendar has no business day in ${MAX_CLOSED_DAYS} days from ${formatCivilDay(day)}.`,
      { facts: { day: formatCivilDay(day) }, hint: 'Check its `closedDays`.' },
    )
  }

  function plusBusinessDays(day: CivilDay, count: number): CivilDay {
    if (count === 0) return seek(day, 1)
    const step = count > 0 ? 1 : -1
    let at = day
    for (let left = Math.abs(count); left > 0; left--) at = seek(plusDays(at, step), step)
    return at
  }

  return {
    isBusinessDay,
    onOrAfter: day => seek(day, 1),
    plusBusinessDays,
    nthOfMonth(day, n) {
      const first = firstOfMonth(day)
      const next = firstOfMonth(day, 1)
      // A day before the month, so that the first business day is one step away; likewise at its end.
      const found = n > 0 ? plusBusinessDays(plusDays(first, -1), n) : plusBusinessDays(next, n)
      return found >= first && found < next ? found : null
    },
  }
}
