import { InvalidInputError } from '../../core/index.ts'
import type { BusinessCalendarTerms, Weekday } from './calendarTerms.ts'
import { checkRequestFee, type RequestFeeTerms } from './requestFeeTerms.ts'
import type { Zone } from './zone.ts'

/** On which days a fund deals. A day that is no business day gives way to the next one, but in a list. */
export type DealingDays =
  | { readonly kind: 'daily' }
  | { readonly kind: 'weekly'; readonly weekday: Weekday }
  | {
      readonly kind: 'monthly'
      /** 1 is the month's first business day, -1 its last. */
      readonly businessDay: number
      /** 1 to 12; empty for every month. */
      readonly months: readonly number[]
    }
  /** Such as `2024-03-28`, rising; after the last of them nothing is dealt. */
  | { readonly kind: 'list'; readonly days: readonly string[] }

/** How subscriptions, or redemptions, are dealt in. */
export type DealingTerms = {
  readonly days: DealingDays
  /** Time of day, such as `16:00`, up to which (inclusive) a request takes part in a dealing day. */
  readonly cutOff: string
  /** Business days between the day of the cut-off and the dealing day. */
  readonly noticeBusinessDays: number
  /** Least amount: cash in 10⁻⁸ of a subscription, shares in smallest units of a redemption. */
  readonly minimum: bigint
  /** The amount is a whole multiple of this; 1 for any. */
  readonly increment: bigint
  readonly fee: RequestFeeTerms
  /** T+n: this many days after the dealing day, at this time of day, but not before the price is known. */
  readonly settlement: {
    readonly days: number
    readonly basis: 'business' | 'calendar'
    readonly time: string
  }
  /** True when a request may be taken back until its cut-off. */
  readonly cancellable: boolean
}

/** How a fund is subscribed and redeemed at NAV, as plain data. */
export type NavTerms = {
  /** Of the cut-offs and settlement times. */
  readonly zone: Zone
  readonly calendar: BusinessCalendarTerms
  /** Null when the fund takes none. */
  readonly subscription: DealingTerms | null
  readonly redemption: DealingTerms | null
  /** A NAV that describes a time longer ago than this refuses requests; null for no limit. */
  readonly maxNavAgeMs: number | null
  /**
   * False when what is pending earns nothing: shares to be redeemed are priced at the NAV known when they were
   * given up, should that be the lower one, and nothing under way shares in distributions and rebases.
   */
  readonly pendingEarns: boolean
}

/**
 * Checks the figures of the terms; zone, calendar and times are checked where they are read.
 *
 * @throws InvalidInputError naming the field.
 */
export function checkNavTerms(terms: NavTerms): void {
  const { maxNavAgeMs } = terms
  if (maxNavAgeMs !== null && !(Number.isSafeInteger(maxNavAgeMs) && maxNavAgeMs > 0))
    throw unusable(`maxNavAgeMs is ${maxNavAgeMs}`)
  for (const name of ['subscription', 'redemption'] as const) {
    const side = terms[name]
    if (side === null) continue
    checkRequestFee(`${name}.fee`, side.fee)
    const { days, noticeBusinessDays, minimum, increment, settlement } = side
    const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= 400
    if (!isCount(noticeBusinessDays)) throw unusable(`${name}.noticeBusinessDays is ${noticeBusinessDays}`)
    if (!isCount(settlement.days)) throw unusable(`${name}.settlement.days is ${settlement.days}`)
    if (minimum < 0n) throw unusable(`${name}.minimum is ${minimum}`)
    if (increment < 1n) throw unusable(`${name}.increment is ${increment}`)
    if (days.kind === 'monthly') {
      const n = Math.abs(days.businessDay)
      // Every month has at least this many business days of five a week.
      if (!Number.isSafeInteger(n) || n < 1 || n > 18)
        throw unusable(`${name}.days.businessDay is ${days.businessDay}`)
      if (days.months.some(month => !Number.isSafeInteger(month) || month < 1 || month > 12))
        throw unusable(`${name}.days.months has a month that is none`)
    }
    if (days.kind === 'list' && days.days.some((day, at) => at > 0 && day <= (days.days[at - 1] ?? '')))
      throw unusable(`${name}.days do not rise`)
  }
}

function unusable(problem: string): InvalidInputError {
  return new InvalidInputError(`The dealing terms cannot be kept: ${problem}.`, {
    facts: { problem },
    hint: 'See docs/rwa-venues.md for what each field may be.',
  })
}
