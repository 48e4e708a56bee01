import { InvalidInputError } from './errors.ts'
import type { Unit } from './unit.ts'

/** A UTC instant in whole milliseconds since 1970-01-01. */
export type UnixMs = Unit<number, 'UnixMs'>

/** A UTC instant in whole seconds since 1970-01-01, as chains count. */
export type UnixSeconds = Unit<number, 'UnixSeconds'>

/** One of each, in milliseconds. */
export const SECOND_MS = 1_000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS
export const WEEK_MS = 7 * DAY_MS

/** Checks that a number is a whole, representable millisecond. */
export function unixMs(value: number): UnixMs {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidInputError(`${value} is not a time in whole milliseconds since 1970.`, {
      facts: { value },
      hint: 'Pass an integer number of milliseconds, UTC.',
    })
  return value as UnixMs
}

/** Converts chain seconds to milliseconds. */
export function unixMsFromSeconds(seconds: number | bigint): UnixMs {
  return unixMs(Number(seconds) * SECOND_MS)
}

const INSTANT =
  /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?(Z|[+-]\d{2}:?\d{2})?)?)?$/

/**
 * Reads an ISO-8601 date or instant; a time without a zone is UTC, a date alone is its midnight, a month
 * alone its first day.
 *
 * @throws InvalidInputError when the text is no date, or names a day that does not exist.
 */
export function parseInstant(text: string): UnixMs {
  const match = INSTANT.exec(text.trim())
  if (match !== null) {
    const [, year, month, day = '1', hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] =
      match
    const days = daysFromCivil(Number(year), Number(month), Number(day))
    const [h, m, s] = [Number(hour), Number(minute), Number(second)]
    if (days !== null && h < 24 && m < 60 && s < 60) {
      const offset = zone === 'Z' ? 0 : zoneOffsetMs(zone)
      return unixMs(
        days * DAY_MS +
          h * HOUR_MS +
          m * MINUTE_MS +
          s * SECOND_MS +
          Number(fraction.padEnd(3, '0')) -
          offset,
      )
    }
  }
  throw new InvalidInputError(`"${text}" is not a date or time.`, {
    facts: { text },
    hint: 'Write it as 2024-01-05 or 2024-01-05T12:30:00Z.',
  })
}

/** Writes an instant as ISO-8601 in UTC, without milliseconds when they are zero. */
export function formatInstant(instant: UnixMs): string {
  const days = Math.floor(instant / DAY_MS)
  const { year, month, day } = civilFromDays(days)
  const rest = instant - days * DAY_MS
  const two = (value: number) => String(value).padStart(2, '0')
  const ms = rest % SECOND_MS
  const time = `${two(Math.floor(rest / HOUR_MS))}:${two(Math.floor(rest / MINUTE_MS) % 60)}:${two(Math.floor(rest / SECOND_MS) % 60)}`
  return `${year}-${two(month)}-${two(day)}T${time}${ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`}Z`
}

function zoneOffsetMs(zone: string): number {
  const sign = zone.startsWith('-') ? -1 : 1
  return sign * (Number(zone.slice(1, 3)) * HOUR_MS + Number(zone.slice(-2)) * MINUTE_MS)
}

/**
 * Days from 1970-01-01 to a date of the proleptic Gregorian calendar; null when there is no such date. The
 * arithmetic is Howard Hinnant's (days_from_civil), so that no `Date` is needed.
 */
export function daysFromCivil(year: number, month: number, day: number): number | null {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  if (month < 1 || month > 12 || day < 1 || day > (lengths[month - 1] ?? 0)) return null
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** The date that lies so many days after 1970-01-01; months and days count from 1. */
export function civilFromDays(days: number): { year: number; month: number; day: number } {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  }
}
