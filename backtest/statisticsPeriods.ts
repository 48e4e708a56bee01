import { DAY_MS } from '../core/index.ts'

/** How daily returns are cut from an equity series, and by what they are annualised. */
export type PeriodConvention = {
  /** 365 where the series runs through week-ends, 252 where it stops for them. */
  readonly periodsPerYear: 365 | 252
  /** The rule in words, as the report prints it. */
  readonly convention: string
}

// A series counts as a market with week-ends off when it has points on most weekdays and on few Saturdays;
// a series too sparse to tell (an agent that trades once a week) is carried forward through every day.
const WEEKDAYS_PRESENT = 0.8
const SATURDAYS_PRESENT = 0.5

const EVERY_DAY: PeriodConvention = {
  periodsPerYear: 365,
  convention: 'daily UTC closes, every calendar day, annualised by √365',
}
const WEEKDAYS: PeriodConvention = {
  periodsPerYear: 252,
  convention: 'daily UTC closes, weekdays with data, annualised by √252',
}

/**
 * Days since 1970 that a time belongs to. A day is (00:00, 24:00] UTC: the bar that closes at midnight is
 * the close of the day that ends, not the first value of the next.
 */
export const closingDay = (timeMs: number): number => Math.ceil(timeMs / DAY_MS) - 1

/** 0 for Sunday to 6 for Saturday: 1970-01-01 was a Thursday. */
const weekday = (day: number): number => (((day + 4) % 7) + 7) % 7
const isWeekend = (day: number): boolean => weekday(day) === 0 || weekday(day) === 6

/** Decides from the times of the series alone whether its market closes at week-ends. */
export function periodConvention(timesMs: ArrayLike<number>): PeriodConvention {
  let previous: number | null = null
  let saturdaysSeen = 0
  let weekdaysSeen = 0
  for (let i = 0; i < timesMs.length; i++) {
    const day = closingDay(timesMs[i] ?? 0)
    if (day === previous) continue
    previous = day
    if (weekday(day) === 6) saturdaysSeen++
    if (!isWeekend(day)) weekdaysSeen++
  }
  if (previous === null) return EVERY_DAY
  let saturdays = 0
  let weekdays = 0
  for (let day = closingDay(timesMs[0] ?? 0); day <= previous; day++) {
    if (weekday(day) === 6) saturdays++
    if (!isWeekend(day)) weekdays++
  }
  const closes =
    saturdays > 0 &&
    saturdaysSeen < SATURDAYS_PRESENT * saturdays &&
    weekdaysSeen >= WEEKDAYS_PRESENT * weekdays
  return closes ? WEEKDAYS : EVERY_DAY
}

/**
 * Simple returns r_t = close_t / close_{t−1} − 1 between daily closes. The first is taken against the first
 * value of the series, so that the returns compound to the total return. With 365 periods a day without a
 * point repeats the last close; with 252 the points of a week-end belong to the following Monday, and a
 * weekday without a point (a holiday) is left out.
 *
 * Empty when the equity is not above zero at every close: a return of it means nothing.
 */
export function dailyReturns(
  timesMs: ArrayLike<number>,
  equity: ArrayLike<number>,
  { periodsPerYear }: PeriodConvention,
): number[] {
  const dayOf = (index: number): number => {
    const day = closingDay(timesMs[index] ?? 0)
    if (periodsPerYear === 365) return day
    return weekday(day) === 6 ? day + 2 : weekday(day) === 0 ? day + 1 : day
  }
  const returns: number[] = []
  let last = equity[0] ?? 0
  if (timesMs.length === 0 || last <= 0) return []
  for (let i = 0; i < timesMs.length; i++) {
    const day = dayOf(i)
    const next = i + 1 < timesMs.length ? dayOf(i + 1) : null
    if (next === day) continue
    const close = equity[i] ?? 0
    if (close <= 0) return []
    // A first day of one instant (a run that starts at midnight) has no return of its own.
    if ((timesMs[i] ?? 0) > (timesMs[0] ?? 0)) returns.push(close / last - 1)
    last = close
    if (periodsPerYear === 365 && next !== null) for (let gap = day + 1; gap < next; gap++) returns.push(0)
  }
  return returns
}
