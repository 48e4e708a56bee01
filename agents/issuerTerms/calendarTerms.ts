/** A day of the week as ISO 8601 counts: 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

/** Whose holidays: none, the US Federal Reserve Banks, the New York Stock Exchange, or the euro's TARGET. */
export type HolidayRule = 'none' | 'usFederalReserve' | 'nyse' | 'target'

/** Which days business is done on, as plain data. */
export type BusinessCalendarTerms = {
  /** Days of the week without business: `[6, 7]` is Saturday and Sunday; empty for every day. */
  readonly weekend: readonly Weekday[]
  readonly holidays: HolidayRule
  /** Further days without business, such as `2025-01-09`. */
  readonly closedDays: readonly string[]
}

/** Business on every day of the year. */
export const EVERY_DAY: BusinessCalendarTerms = { weekend: [], holidays: 'none', closedDays: [] }

/** Monday to Friday but for the holidays of the Federal Reserve Banks. */
export const US_BUSINESS_DAYS: BusinessCalendarTerms = {
  weekend: [6, 7],
  holidays: 'usFederalReserve',
  closedDays: [],
}
