import type { Weekday } from '../../../agents/index.ts'
import { civilFromDays, daysFromCivil, InvalidInputError, type Unit } from '../../../core/index.ts'

/** A calendar day without a zone: whole days since 1970-01-01. */
export type CivilDay = Unit<number, 'CivilDay'>

/** The day of a year, a month (1 to 12) and a day of the month. */
export function civilDay(year: number, month: number, day: number): CivilDay {
  const days = daysFromCivil(year, month, day)
  if (days !== null) return days as CivilDay
  throw new InvalidInputError(`There is no day ${year}-${month}-${day}.`, {
    facts: { year, month, day },
    hint: 'Name a day of the Gregorian calendar.',
  })
}

/**
 * Reads `2024-01-05`.
 *
 * @throws InvalidInputError when the text is no day.
 */
export function parseCivilDay(text: string): CivilDay {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (match !== null) return civilDay(Number(match[1]), Number(match[2]), Number(match[3]))
  throw new InvalidInputError(`"${text}" is not a day.`, {
    facts: { text },
    hint: 'Write it as 2024-01-05.',
  })
}

/** Writes a day as `2024-01-05`. */
export function formatCivilDay(day: CivilDay): string {
  const { year, month, day: ofMonth } = civilFromDays(day)
  return `${year}-${String(month).padStart(2, '0')}-${String(ofMonth).padStart(2, '0')}`
}

/** The day of the week. 1970-01-01 was a Thursday. */
export function weekdayOf(day: CivilDay): Weekday {
  return (((((day + 3) % 7) + 7) % 7) + 1) as Weekday
}

/** The day that lies so many days later, or earlier when negative. */
export const plusDays = (day: CivilDay, days: number): CivilDay => (day + days) as CivilDay

/** The first day of the month that lies so many months after a day's own. */
export function firstOfMonth(day: CivilDay, monthsLater = 0): CivilDay {
  const { year, month } = civilFromDays(day)
  const months = year * 12 + (month - 1) + monthsLater
  return civilDay(Math.floor(months / 12), (months % 12) + 1, 1)
}

/** The n-th such weekday of a month, from 1; the last of them when n is -1. */
export function nthWeekday(year: number, month: number, weekday: Weekday, n: number): CivilDay {
  const first = civilDay(year, month, 1)
  if (n > 0) return plusDays(first, ((weekday - weekdayOf(first) + 7) % 7) + (n - 1) * 7)
  const last = plusDays(firstOfMonth(first, 1), -1)
  return plusDays(last, -((weekdayOf(last) - weekday + 7) % 7))
}
