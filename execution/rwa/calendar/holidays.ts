import type { HolidayRule } from '../../../agents/index.ts'
import { civilFromDays } from '../../../core/index.ts'
import { type CivilDay, civilDay, nthWeekday, plusDays, weekdayOf } from './civilDay.ts'

/** Tells whether a day is a holiday, week-ends aside; each year is worked out once. */
export function holidayCalendar(rule: HolidayRule): (day: CivilDay) => boolean {
  if (rule === 'none') return () => false
  const years = new Map<number, ReadonlySet<CivilDay>>()
  return day => {
    const { year } = civilFromDays(day)
    let holidays = years.get(year)
    if (holidays === undefined) {
      holidays = new Set(HOLIDAYS[rule](year))
      years.set(year, holidays)
    }
    return holidays.has(day)
  }
}

/** Easter Sunday. Source: Meeus, Jones and Butcher (Astronomical Algorithms, chapter 8). */
export function easterSunday(year: number): CivilDay {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3)
  const h = (19 * a + b - Math.floor(b / 4) - d + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const n = h + l - 7 * m + 114
  return civilDay(year, Math.floor(n / 31), (n % 31) + 1)
}

const HOLIDAYS: Readonly<Record<Exclude<HolidayRule, 'none'>, (year: number) => CivilDay[]>> = {
  // One that falls on a Sunday is kept on Monday, one on a Saturday is not moved. Source: federalreserve.gov.
  usFederalReserve: year => [
    ...floating(year),
    nthWeekday(year, 10, 1, 2),
    ...fixed(year, [...COMMON, [11, 11, 0]]).map(day => (weekdayOf(day) === 7 ? plusDays(day, 1) : day)),
  ],
  // One on a Saturday is kept on Friday, but New Year's Day is not. Source: NYSE rule 7.2.
  nyse: year => [
    ...floating(year),
    plusDays(easterSunday(year), -2),
    ...fixed(year, COMMON).map(day =>
      weekdayOf(day) === 7
        ? plusDays(day, 1)
        : weekdayOf(day) === 6 && civilFromDays(day).month !== 1
          ? plusDays(day, -1)
          : day,
    ),
  ],
  // Not moved when they fall on a week-end. Source: European Central Bank, TARGET closing days since 2002.
  target: year => [
    ...fixed(year, [
      [1, 1, 0],
      [5, 1, 0],
      [12, 25, 0],
      [12, 26, 0],
    ]),
    plusDays(easterSunday(year), -2),
    plusDays(easterSunday(year), 1),
  ],
}

/** Month, day, and the first year: Juneteenth is law since June 2021, kept from 2022. */
const COMMON: readonly (readonly [number, number, number])[] = [
  [1, 1, 0],
  [6, 19, 2022],
  [7, 4, 0],
  [12, 25, 0],
]

/** Martin Luther King Jr., Presidents, Memorial, Labor and Thanksgiving Day. */
const floating = (year: number): CivilDay[] => [
  nthWeekday(year, 1, 1, 3),
  nthWeekday(year, 2, 1, 3),
  nthWeekday(year, 5, 1, -1),
  nthWeekday(year, 9, 1, 1),
  nthWeekday(year, 11, 4, 4),
]

const fixed = (year: number, days: readonly (readonly [number, number, number])[]): CivilDay[] =>
  days.filter(([, , since]) => year >= since).map(([month, day]) => civilDay(year, month, day))
