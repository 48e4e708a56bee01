import { DAY_MS, InvalidInputError } from '../core/index.ts'

/** A year of 365.25 days, the Julian year, in milliseconds. */
export const YEAR_MS = 365.25 * DAY_MS

/** Between which instants returns are taken: closes of UTC days, or every point of the equity. */
export type ReturnPeriod = 'daily' | 'bar'

/**
 * By what returns are annualised: periods in a year, or `data` to read it from the times of the series. Daily
 * returns take 365 (every calendar day) or 252 (weekdays), which also decides how the days are cut.
 */
export type Annualisation = number | 'data'

/** Simple returns of adjoining periods; the first starts at the first point of the series. */
export type PeriodReturns = {
  readonly returns: Float64Array
  /** End of each period, ascending; a period starts where the one before it ends. */
  readonly endMs: Float64Array
  readonly startMs: number
  /** By which the ratios are annualised. */
  readonly periodsPerYear: number
  /** How the returns were cut and annualised, in words. */
  readonly convention: string
}

// A series counts as a market with week-ends off when it has points on most weekdays and on few Saturdays;
// a series too sparse to tell (an agent that trades once a week) is carried forward through every day.
const WEEKDAYS_PRESENT = 0.8
const SATURDAYS_PRESENT = 0.5

const EVERY_DAY = 'daily UTC closes, every calendar day, annualised by √365'
const WEEKDAYS = 'daily UTC closes, weekdays with data, annualised by √252'

/**
 * Days since 1970 that a time belongs to. A day is (00:00, 24:00] UTC: the bar that closes at midnight is
 * the close of the day that ends, not the first value of the next.
 */
export const closingDay = (timeMs: number): number => Math.ceil(timeMs / DAY_MS) - 1

/** 0 for Sunday to 6 for Saturday: 1970-01-01 was a Thursday. */
const weekday = (day: number): number => {
  // In 32 bits: a remainder of doubles is a call.
  const name = (((day | 0) + 4) % 7) | 0
  return name < 0 ? name + 7 : name
}

/** A Saturday or Sunday becomes the Monday after it. */
const businessDay = (day: number): number =>
  weekday(day) === 6 ? day + 2 : weekday(day) === 0 ? day + 1 : day

/**
 * Cuts an equity series into the returns that the ratios rest on.
 *
 * @param equity not empty; returns are empty where it is not above zero, since a return of it means nothing.
 * @throws InvalidInputError when the annualisation does not go with the period.
 */
export function periodReturns(
  timeMs: Float64Array,
  equity: Float64Array,
  { returns = 'daily', annualisation = 'data' }: { returns?: ReturnPeriod; annualisation?: Annualisation },
): PeriodReturns {
  if (returns === 'bar') return barReturns(timeMs, equity, annualisation)
  if (annualisation !== 'data' && annualisation !== 365 && annualisation !== 252)
    throw new InvalidInputError(`Daily returns cannot be annualised by ${annualisation} periods a year.`, {
      facts: { annualisation },
      hint: 'Choose 365 (every calendar day), 252 (weekdays), or data.',
    })
  const days = closesByDay(timeMs)
  const closed = annualisation === 'data' ? closesAtWeekends(days.day) : annualisation === 252
  return closed ? weekdayReturns(timeMs, equity, days) : calendarReturns(timeMs, equity, days)
}

type DayCloses = {
  /** Days that have a point, ascending. */
  readonly day: Int32Array
  /** Index of the last point of each. */
  readonly last: Uint32Array
}

function closesByDay(timeMs: Float64Array): DayCloses {
  const count = timeMs.length
  const most = Math.min(count, closingDay(timeMs[count - 1] ?? 0) - closingDay(timeMs[0] ?? 0) + 1)
  const day = new Int32Array(most)
  const last = new Uint32Array(most)
  let days = -1
  // One comparison for each point; the division only where a day begins.
  let dayEndMs = Number.NEGATIVE_INFINITY
  for (let i = 0; i < count; i++) {
    const time = timeMs[i] ?? 0
    if (time > dayEndMs) {
      if (days >= 0) last[days] = i - 1
      days++
      const today = closingDay(time)
      day[days] = today
      dayEndMs = (today + 1) * DAY_MS
    }
  }
  last[days] = count - 1
  return { day: day.subarray(0, days + 1), last: last.subarray(0, days + 1) }
}

/** Whether the market closes at week-ends, from the days that have a point alone. */
function closesAtWeekends(days: Int32Array): boolean {
  let saturdaysSeen = 0
  let weekdaysSeen = 0
  for (let d = 0; d < days.length; d++) {
    const name = weekday(days[d] ?? 0)
    if (name === 6) saturdaysSeen++
    else if (name !== 0) weekdaysSeen++
  }
  let saturdays = 0
  let weekdays = 0
  const lastDay = days.at(-1) ?? -1
  for (let day = days[0] ?? 0; day <= lastDay; day++) {
    const name = weekday(day)
    if (name === 6) saturdays++
    else if (name !== 0) weekdays++
  }
  return (
    saturdays > 0 &&
    saturdaysSeen < SATURDAYS_PRESENT * saturdays &&
    weekdaysSeen >= WEEKDAYS_PRESENT * weekdays
  )
}

/**
 * Simple returns r_t = close_t / close_{t−1} − 1 between the closes of every calendar day: a day without a
 * point repeats the last close. The first is taken against the first value of the series, so that the
 * returns compound to the total return.
 */
function calendarReturns(
  timeMs: Float64Array,
  equity: Float64Array,
  { day, last }: DayCloses,
): PeriodReturns {
  const firstDay = day[0] ?? 0
  const closes = new Uint32Array((day.at(-1) ?? 0) - firstDay + 1)
  const endMs = new Float64Array(closes.length)
  let d = 0
  for (let p = 0; p < closes.length; p++) {
    if (firstDay + p === day[d + 1]) d++
    closes[p] = last[d] ?? 0
    endMs[p] = (firstDay + p + 1) * DAY_MS
  }
  const cut = returnsBetween(timeMs, equity, closes, endMs)
  return { ...cut, periodsPerYear: 365, convention: EVERY_DAY }
}

/**
 * The same between the closes of weekdays: points of a week-end belong to the following Monday, and a weekday
 * without a point (a holiday) is left out.
 */
function weekdayReturns(timeMs: Float64Array, equity: Float64Array, { day, last }: DayCloses): PeriodReturns {
  const closes = new Uint32Array(day.length)
  const endMs = new Float64Array(day.length)
  let periods = 0
  for (let d = 0; d < day.length; d++) {
    const today = businessDay(day[d] ?? 0)
    if (d + 1 < day.length && businessDay(day[d + 1] ?? 0) === today) continue
    closes[periods] = last[d] ?? 0
    endMs[periods] = (today + 1) * DAY_MS
    periods++
  }
  const cut = returnsBetween(timeMs, equity, closes.subarray(0, periods), endMs.subarray(0, periods))
  return { ...cut, periodsPerYear: 252, convention: WEEKDAYS }
}

/** Returns from close to close, the first from the first point; empty where a close is not above zero. */
function returnsBetween(
  timeMs: Float64Array,
  equity: Float64Array,
  closes: Uint32Array,
  endMs: Float64Array,
): Pick<PeriodReturns, 'returns' | 'endMs' | 'startMs'> {
  const startMs = timeMs[0] ?? 0
  // A first day of one instant (a run that starts at midnight) has no return of its own.
  const first = (timeMs[closes[0] ?? 0] ?? 0) > startMs ? 0 : 1
  const count = closes.length - first
  const returns = new Float64Array(count)
  let previous = equity[0] ?? 0
  let lost = previous <= 0
  for (let p = 0; p < count; p++) {
    const close = equity[closes[p + first] ?? 0] ?? 0
    if (close <= 0) lost = true
    returns[p] = close / previous - 1
    previous = close
  }
  const ends = endMs.subarray(first)
  // The last day ends with the run.
  if (count > 0) ends[count - 1] = Math.min(ends[count - 1] ?? 0, timeMs[timeMs.length - 1] ?? 0)
  return lost ? { returns: NOTHING, endMs: NOTHING, startMs } : { returns, endMs: ends, startMs }
}

const NOTHING = new Float64Array(0)

/** Returns between all points of different times, annualised by their own number in a Julian year. */
function barReturns(timeMs: Float64Array, equity: Float64Array, annualisation: Annualisation): PeriodReturns {
  if (annualisation !== 'data' && !(annualisation > 0 && annualisation < Number.POSITIVE_INFINITY))
    throw new InvalidInputError(`Bar returns cannot be annualised by ${annualisation} periods a year.`, {
      facts: { annualisation },
      hint: 'Pass how many bars there are in a year, or data.',
    })
  const count = timeMs.length
  const startMs = timeMs[0] ?? 0
  const returns = new Float64Array(Math.max(count - 1, 0))
  let previous = equity[0] ?? 0
  let lost = previous <= 0
  let bars = 0
  let time = count > 1 ? (timeMs[1] ?? 0) : 0
  for (let i = 1; i < count; i++) {
    const next = i + 1 < count ? (timeMs[i + 1] ?? 0) : Number.POSITIVE_INFINITY
    const close = equity[i] ?? 0
    const isLast = time !== next
    const isFirst = time === startMs
    time = next
    // Of points at one time the last counts.
    if (!isLast) continue
    if (close <= 0) lost = true
    // What changed at the first instant belongs to the first return, so that they compound to the total.
    if (isFirst) continue
    returns[bars++] = close / previous - 1
    previous = close
  }
  if (lost) bars = 0
  const years = ((timeMs[count - 1] ?? 0) - startMs) / YEAR_MS
  const fromData = years > 0 ? bars / years : 0
  const periodsPerYear = annualisation === 'data' ? fromData : annualisation
  const source = annualisation === 'data' ? 'their number in a Julian year' : 'as chosen'
  return {
    returns: returns.subarray(0, bars),
    // Where all times differ, they are the ends: no second column of them.
    endMs: bars === count - 1 ? timeMs.subarray(1) : laterTimes(timeMs, bars),
    startMs,
    periodsPerYear,
    convention: `every point of the equity, annualised by √${Math.round(periodsPerYear)}: ${source}`,
  }
}

/** The first distinct times after the start. */
function laterTimes(timeMs: Float64Array, count: number): Float64Array {
  const later = new Float64Array(count)
  let found = 0
  for (let i = 1; found < count; i++) if (timeMs[i] !== timeMs[i - 1]) later[found++] = timeMs[i] ?? 0
  return later
}
