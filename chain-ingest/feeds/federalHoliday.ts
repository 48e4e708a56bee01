import { DAY_MS, type UnixMs } from '../../core/index.ts'

/** Month (0 to 11), weekday (0 is Sunday) and which one in the month; -1 is the last. */
const FLOATING = [
  [0, 1, 3], // Martin Luther King Jr.
  [1, 1, 3], // Presidents
  [4, 1, -1], // Memorial Day
  [8, 1, 1], // Labor Day
  [9, 1, 2], // Columbus
  [10, 4, 4], // Thanksgiving
] as const

/** Month (0 to 11), day, and the first year. */
const FIXED = [
  [0, 1, 0],
  [5, 19, 2022], // Juneteenth: law since June 2021, observed by the Reserve Banks from 2022.
  [6, 4, 0],
  [10, 11, 0],
  [11, 25, 0],
] as const

/**
 * True on a holiday of the Federal Reserve Banks, on which H.15 is not published. One that falls on a Sunday
 * is kept on Monday; one on a Saturday is not moved. Source: federalreserve.gov, holiday schedule.
 */
export function isFederalHoliday(time: UnixMs): boolean {
  const date = new Date(Math.floor(time / DAY_MS) * DAY_MS)
  const [month, day, weekday] = [date.getUTCMonth(), date.getUTCDate(), date.getUTCDay()]
  for (const [holidayMonth, holidayWeekday, nth] of FLOATING)
    if (month === holidayMonth && weekday === holidayWeekday)
      if (nth === -1 ? day > 24 : Math.ceil(day / 7) === nth) return true
  const isFixed = (at: Date) =>
    FIXED.some(
      ([holidayMonth, holidayDay, since]) =>
        at.getUTCMonth() === holidayMonth && at.getUTCDate() === holidayDay && at.getUTCFullYear() >= since,
    )
  return isFixed(date) || (weekday === 1 && isFixed(new Date(date.getTime() - DAY_MS)))
}
