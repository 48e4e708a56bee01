import { DAY_MS } from '../../../core/index.ts'

/** A Julian year of 365.25 days, by which volatilities are annualised: tokens trade round the clock. */
export const YEAR_MS = 365.25 * DAY_MS
