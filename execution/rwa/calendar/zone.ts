import { NAMED_ZONES, type NamedZone, type Zone } from '../../../agents/index.ts'
import {
  civilFromDays,
  DAY_MS,
  HOUR_MS,
  InvalidInputError,
  MINUTE_MS,
  type UnixMs,
  unixMs,
} from '../../../core/index.ts'
import { type CivilDay, nthWeekday } from './civilDay.ts'

/** When clocks go forward and back. */
type SummerTime = 'none' | 'northAmerica' | 'europe'

/**
 * Zones by their IANA name: the standard offset in hours and the summer time. The rules are written out, not
 * read from the machine, so that a replay is the same everywhere; they hold from 1997 to what is law today.
 */
const ZONES = {
  UTC: [0, 'none'],
  'America/New_York': [-5, 'northAmerica'],
  'America/Toronto': [-5, 'northAmerica'],
  'America/Chicago': [-6, 'northAmerica'],
  'America/Denver': [-7, 'northAmerica'],
  'America/Los_Angeles': [-8, 'northAmerica'],
  'Europe/London': [0, 'europe'],
  'Europe/Dublin': [0, 'europe'],
  'Europe/Luxembourg': [1, 'europe'],
  'Europe/Paris': [1, 'europe'],
  'Europe/Berlin': [1, 'europe'],
  'Europe/Zurich': [1, 'europe'],
  'Europe/Amsterdam': [1, 'europe'],
  'Europe/Madrid': [1, 'europe'],
  'Europe/Rome': [1, 'europe'],
  'Asia/Dubai': [4, 'none'],
  'Asia/Kolkata': [5.5, 'none'],
  'Asia/Singapore': [8, 'none'],
  'Asia/Hong_Kong': [8, 'none'],
  'Asia/Shanghai': [8, 'none'],
  'Asia/Tokyo': [9, 'none'],
} as const satisfies Readonly<Record<NamedZone, readonly [number, SummerTime]>>

/** Converts between UTC and the wall clock of one zone. */
export type ZoneClock = {
  /** The wall clock minus UTC, in milliseconds. */
  offsetMs(atMs: number): number
  /** The calendar day that the wall clock shows. */
  dayOf(atMs: number): CivilDay
  /**
   * The instant at which a day's wall clock shows a time, in milliseconds from its midnight (a day or more
   * goes on into the next days). A time shown twice is the first of the two; one that is skipped is moved
   * forward by the hour that is skipped.
   */
  instantOf(day: CivilDay, timeOfDayMs: number): UnixMs
}

/**
 * The clock of a zone.
 *
 * @throws InvalidInputError when the zone is not known.
 */
export function zoneClock(zone: Zone): ZoneClock {
  const [standardMs, summer] = readZone(zone)
  const offsetMs = (atMs: number): number => standardMs + (isSummer(summer, standardMs, atMs) ? HOUR_MS : 0)
  return {
    offsetMs,
    dayOf: atMs => Math.floor((atMs + offsetMs(atMs)) / DAY_MS) as CivilDay,
    instantOf(day, timeOfDayMs) {
      const local = day * DAY_MS + timeOfDayMs
      if (summer === 'none') return unixMs(local - standardMs)
      // Read as summer time, the instant is the earlier one; it holds where it is summer then.
      const asSummer = local - standardMs - HOUR_MS
      if (isSummer(summer, standardMs, asSummer)) return unixMs(asSummer)
      return unixMs(local - standardMs)
    },
  }
}

/**
 * Reads a time of day, `16:00` or `24:00`, into milliseconds from midnight.
 *
 * @throws InvalidInputError
 */
export function parseTimeOfDay(text: string): number {
  const match = /^(\d{2}):(\d{2})$/.exec(text)
  const [hour, minute] = [Number(match?.[1]), Number(match?.[2])]
  if (match !== null && minute < 60 && (hour < 24 || (hour === 24 && minute === 0)))
    return hour * HOUR_MS + minute * MINUTE_MS
  throw new InvalidInputError(`"${text}" is not a time of day.`, {
    facts: { text },
    hint: 'Write it as 16:00.',
  })
}

function readZone(zone: Zone): readonly [number, SummerTime] {
  if (Object.hasOwn(ZONES, zone)) {
    const [hours, summer] = ZONES[zone as NamedZone]
    return [hours * HOUR_MS, summer]
  }
  const match = /^([+-])(\d{2}):(\d{2})$/.exec(zone)
  if (match !== null && Number(match[2]) <= 14 && Number(match[3]) < 60) {
    const magnitude = Number(match[2]) * HOUR_MS + Number(match[3]) * MINUTE_MS
    return [match[1] === '-' ? -magnitude : magnitude, 'none']
  }
  throw new InvalidInputError(`The zone "${zone}" is not known.`, {
    facts: { zone },
    hint: `Use an offset such as +08:00, or one of ${NAMED_ZONES.join(', ')}.`,
  })
}

/** Sources: US Energy Policy Act of 2005 (from 2007) and Uniform Time Act before it; EU directive 2000/84/EC. */
function isSummer(summer: SummerTime, standardMs: number, atMs: number): boolean {
  if (summer === 'none') return false
  const { year } = civilFromDays(Math.floor((atMs + standardMs) / DAY_MS))
  if (summer === 'europe') {
    const begin = nthWeekday(year, 3, 7, -1) * DAY_MS + HOUR_MS
    const end = nthWeekday(year, 10, 7, -1) * DAY_MS + HOUR_MS
    return atMs >= begin && atMs < end
  }
  const [first, last] =
    year >= 2007
      ? [nthWeekday(year, 3, 7, 2), nthWeekday(year, 11, 7, 1)]
      : [nthWeekday(year, 4, 7, 1), nthWeekday(year, 10, 7, -1)]
  // At two o'clock of the clock that is shown: standard time in spring, summer time in autumn.
  const begin = first * DAY_MS + 2 * HOUR_MS - standardMs
  const end = last * DAY_MS + HOUR_MS - standardMs
  return atMs >= begin && atMs < end
}
