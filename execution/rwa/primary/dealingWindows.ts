import type { DealingDays, DealingTerms, NavTerms } from '../../../agents/index.ts'
import { civilFromDays, type UnixMs } from '../../../core/index.ts'
import { type BusinessCalendar, businessCalendar } from '../calendar/businessCalendar.ts'
import {
  type CivilDay,
  firstOfMonth,
  formatCivilDay,
  parseCivilDay,
  plusDays,
  weekdayOf,
} from '../calendar/civilDay.ts'
import { parseTimeOfDay, zoneClock } from '../calendar/zone.ts'

/** A dealing day, the last moment to take part in it, and when it is settled at the earliest. */
export type DealingWindow = {
  readonly cutOffMs: UnixMs
  /** Such as `2024-07-05`. */
  readonly dealingDay: string
  readonly settlesMs: UnixMs
}

/** Finds the window that a request of some time takes part in; null when there is none any more. */
export type DealingWindows = (submittedMs: UnixMs) => DealingWindow | null

/** Days by which a dealing day may be moved by holidays, at most. */
const MAX_MOVED_DAYS = 21

/**
 * The windows of one side of a fund's dealing.
 *
 * @throws InvalidInputError when zone, calendar, or a time or day cannot be read.
 */
export function dealingWindows(
  { zone, calendar }: Pick<NavTerms, 'zone' | 'calendar'>,
  terms: DealingTerms,
): DealingWindows {
  const business = businessCalendar(calendar)
  const clock = zoneClock(zone)
  const cutOffTimeMs = parseTimeOfDay(terms.cutOff)
  const settlementTimeMs = parseTimeOfDay(terms.settlement.time)
  const next = nextDealingDay(terms.days, business)
  const { noticeBusinessDays, settlement } = terms
  return submittedMs => {
    let day = next(clock.dayOf(submittedMs))
    while (day !== null) {
      const cutOffDay = noticeBusinessDays === 0 ? day : business.plusBusinessDays(day, -noticeBusinessDays)
      const cutOffMs = clock.instantOf(cutOffDay, cutOffTimeMs)
      if (submittedMs <= cutOffMs) {
        const settlementDay =
          settlement.basis === 'calendar' || settlement.days === 0
            ? plusDays(day, settlement.days)
            : business.plusBusinessDays(day, settlement.days)
        return {
          cutOffMs,
          dealingDay: formatCivilDay(day),
          settlesMs: clock.instantOf(settlementDay, settlementTimeMs),
        }
      }
      day = next(plusDays(day, 1))
    }
    return null
  }
}

/** The first dealing day on or after a day. */
function nextDealingDay(days: DealingDays, business: BusinessCalendar): (from: CivilDay) => CivilDay | null {
  switch (days.kind) {
    case 'daily':
      return business.onOrAfter
    case 'weekly':
      return from => {
        // One that was due before may have been moved to this day or a later one.
        let day = plusDays(from, -MAX_MOVED_DAYS)
        day = plusDays(day, (days.weekday - weekdayOf(day) + 7) % 7)
        while (business.onOrAfter(day) < from) day = plusDays(day, 7)
        return business.onOrAfter(day)
      }
    case 'monthly':
      return from => {
        for (let later = 0; later <= 12; later++) {
          const first = firstOfMonth(from, later)
          if (days.months.length > 0 && !days.months.includes(civilFromDays(first).month)) continue
          const day = business.nthOfMonth(first, days.businessDay)
          if (day !== null && day >= from) return day
        }
        return null
      }
    case 'list': {
      const listed = days.days.map(parseCivilDay)
      return from => listed.find(day => day >= from) ?? null
    }
  }
}
