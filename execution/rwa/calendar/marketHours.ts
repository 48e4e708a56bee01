import type { MarketHoursTerms, Weekday, WeeklySession } from '../../../agents/index.ts'
import { DAY_MS, formatInstant, InvalidInputError, type UnixMs } from '../../../core/index.ts'
import { businessCalendar } from './businessCalendar.ts'
import { plusDays, weekdayOf } from './civilDay.ts'
import { parseTimeOfDay, zoneClock } from './zone.ts'

/** Says when a market is open. */
export type MarketHours = {
  /** True from a session's opening until just before its close. */
  isOpen(atMs: number): boolean
  /** The first instant from a time on at which the market is open: that time itself while it is. */
  nextOpen(atMs: UnixMs): UnixMs
  /** The first close after a time; null for a market that never closes. */
  nextClose(atMs: UnixMs): UnixMs | null
}

/** Longer than any run of holidays; a market that stays shut for longer has no hours. */
const MAX_SHUT_DAYS = 60

/**
 * The hours of some terms. Asking again within the stretch last asked for costs two comparisons.
 *
 * @throws InvalidInputError when the sessions are none, empty, or overlap.
 */
export function marketHours(terms: MarketHoursTerms): MarketHours {
  if (terms.kind === 'always') return { isOpen: () => true, nextOpen: atMs => atMs, nextClose: () => null }
  const { isBusinessDay } = businessCalendar(terms.calendar)
  const clock = zoneClock(terms.zone)
  const sessions = orderedSessions(terms.sessions)

  // The last session looked up, and the end of the one before it: from `since` to `opensMs` it is shut.
  let since = Number.POSITIVE_INFINITY
  let opensMs = Number.POSITIVE_INFINITY
  let closesMs = Number.NEGATIVE_INFINITY

  /** Finds the session that is open at a time, or the next one. */
  function look(atMs: number): void {
    if (atMs >= since && atMs < closesMs) return
    // A session that is open now began less than a week ago.
    const today = clock.dayOf(atMs)
    let before: number | null = null
    for (let day = plusDays(today, -8); day < today + MAX_SHUT_DAYS; day = plusDays(day, 1))
      for (const { openDay, openMs, days, closeMs } of sessions) {
        if (openDay !== weekdayOf(day)) continue
        const closing = plusDays(day, days)
        if (!isBusinessDay(closeMs === 0 ? plusDays(closing, -1) : closing)) continue
        const end = clock.instantOf(closing, closeMs)
        if (end > atMs) {
          since = before ?? atMs
          opensMs = clock.instantOf(day, openMs)
          closesMs = end
          return
        }
        before = end
      }
    throw new InvalidInputError(
      `The market has no session within ${MAX_SHUT_DAYS} days of ${formatInstant(atMs as UnixMs)}.`,
      { hint: 'Check the sessions and the calendar of its hours.' },
    )
  }

  return {
    isOpen(atMs) {
      look(atMs)
      return atMs >= opensMs
    },
    nextOpen(atMs) {
      look(atMs)
      return Math.max(atMs, opensMs) as UnixMs
    },
    nextClose(atMs) {
      look(atMs)
      return closesMs as UnixMs
    },
  }
}

type Session = {
  readonly openDay: Weekday
  readonly openMs: number
  /** Days from the opening day to the closing day. */
  readonly days: number
  readonly closeMs: number
}

/** Reads the sessions, in the order of the week that begins with the first of them. */
function orderedSessions(sessions: readonly WeeklySession[]): readonly Session[] {
  const read = sessions.map(({ openDay, open, closeDay, close }): Session => {
    const [openMs, closeMs] = [parseTimeOfDay(open), parseTimeOfDay(close)]
    let days = (closeDay - openDay + 7) % 7
    // A session that closes at or before the time it opens at, on one weekday, lasts the week.
    if (days === 0 && closeMs <= openMs) days = 7
    return closeMs === DAY_MS
      ? { openDay, openMs, days: days + 1, closeMs: 0 }
      : { openDay, openMs, days, closeMs }
  })
  const startOf = ({ openDay, openMs }: Session): number => openDay * DAY_MS + openMs
  const ordered = read.toSorted((a, b) => startOf(a) - startOf(b))
  const overlap = ordered.some((session, index) => {
    const next = ordered[(index + 1) % ordered.length] ?? session
    const nextStart = startOf(next) + (index + 1 < ordered.length ? 0 : 7 * DAY_MS)
    return (session.openDay + session.days) * DAY_MS + session.closeMs > nextStart
  })
  if (ordered.length === 0 || overlap)
    throw new InvalidInputError(
      ordered.length === 0
        ? 'The market hours name no session.'
        : 'Two sessions of the market hours overlap.',
      { hint: 'Give each session its own stretch of the week.' },
    )
  return ordered
}
