import { civilFromDays, DAY_MS, InvalidInputError, PPM, type UnixMs } from '../../../core/index.ts'

/** What a fund takes for itself, as plain data. Fees of subscription and redemption are the venue's terms. */
export type FundFeeTerms = {
  readonly management: {
    /** Of the assets, a year, in millionths: `1_500` is 0.15 %. */
    readonly ppmPerYear: number
    /** Charged for every UTC midnight passed, or for every second. */
    readonly accrual: 'daily' | 'perSecond'
  }
  /** Of the profit; null for none. */
  readonly performance: {
    /** In millionths: `200_000` is 20 %. */
    readonly ppm: number
    /** What the assets must earn a year before it is charged, simple, in millionths; 0 for none. */
    readonly hurdlePpmPerYear: number
    /** `hard`: charged on what is above the hurdle. `soft`: on all the profit, once the hurdle is passed. */
    readonly hurdle: 'hard' | 'soft'
    /** How often what has accrued is taken for good, and the mark moves. */
    readonly crystallised: 'eachNav' | 'month' | 'quarter' | 'year'
  } | null
  /** Days in the year by which rates are divided: 365 or 360. */
  readonly yearDays: number
}

/**
 * Checks the terms of a fund's fees.
 *
 * @throws InvalidInputError naming the field.
 */
export function checkFundFees({ management, performance, yearDays }: FundFeeTerms): void {
  const shares: readonly (readonly [string, number])[] = [
    ['management.ppmPerYear', management.ppmPerYear],
    ['performance.ppm', performance?.ppm ?? 0],
    ['performance.hurdlePpmPerYear', performance?.hurdlePpmPerYear ?? 0],
  ]
  const wrong = shares.find(([, value]) => !Number.isSafeInteger(value) || value < 0 || value > PPM)
  const problem =
    wrong !== undefined
      ? `${wrong[0]} is ${wrong[1]}`
      : !Number.isSafeInteger(yearDays) || yearDays < 360 || yearDays > 366
        ? `yearDays is ${yearDays}`
        : null
  if (problem === null) return
  throw new InvalidInputError(`The fund's fees cannot be charged: ${problem}.`, {
    facts: { problem },
    hint: 'Give whole millionths from 0 to 1,000,000, and a year of 360 to 366 days.',
  })
}

/** A number that changes where a period begins. */
export function periodOf(crystallised: 'eachNav' | 'month' | 'quarter' | 'year', atMs: UnixMs): number {
  if (crystallised === 'eachNav') return atMs
  const { year, month } = civilFromDays(Math.floor(atMs / DAY_MS))
  if (crystallised === 'year') return year
  return crystallised === 'month' ? year * 12 + month - 1 : year * 4 + Math.floor((month - 1) / 3)
}
