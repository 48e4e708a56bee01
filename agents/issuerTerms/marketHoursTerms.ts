import { type BusinessCalendarTerms, EVERY_DAY, type Weekday } from './calendarTerms.ts'
import type { Zone } from './zone.ts'

/** A stretch of the week in which the market is open, by the wall clock of the market's zone. */
export type WeeklySession = {
  readonly openDay: Weekday
  /** Such as `18:00`. */
  readonly open: string
  readonly closeDay: Weekday
  /** Such as `17:00`; `24:00` is the day's end. */
  readonly close: string
}

/** When a market is open, as plain data. */
export type MarketHoursTerms =
  | { readonly kind: 'always' }
  | {
      readonly kind: 'weekly'
      readonly zone: Zone
      readonly sessions: readonly WeeklySession[]
      /** A session is left out when the day that it closes on is no business day. */
      readonly calendar: BusinessCalendarTerms
    }

/** Open at all times, as chains are. */
export const ALWAYS_OPEN: MarketHoursTerms = { kind: 'always' }

/**
 * Gold and other metals over the counter: from Sunday 18:00 to Friday 17:00 New York time, with a pause from
 * 17:00 to 18:00 each day. Source: CME Globex and OTC hours of metals.
 */
export const GOLD_MARKET_HOURS: MarketHoursTerms = {
  kind: 'weekly',
  zone: 'America/New_York',
  sessions: [
    { openDay: 7, open: '18:00', closeDay: 1, close: '17:00' },
    { openDay: 1, open: '18:00', closeDay: 2, close: '17:00' },
    { openDay: 2, open: '18:00', closeDay: 3, close: '17:00' },
    { openDay: 3, open: '18:00', closeDay: 4, close: '17:00' },
    { openDay: 4, open: '18:00', closeDay: 5, close: '17:00' },
  ],
  calendar: EVERY_DAY,
}

/** A market that is open on business days between two times of the day. */
export function dailySessions(
  zone: Zone,
  open: string,
  close: string,
  calendar: BusinessCalendarTerms,
): MarketHoursTerms {
  const days: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7]
  return {
    kind: 'weekly',
    zone,
    sessions: days.map(day => ({ openDay: day, open, closeDay: day, close })),
    calendar,
  }
}
