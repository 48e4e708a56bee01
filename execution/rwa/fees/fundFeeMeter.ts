import { DAY_MS, InvalidInputError, PPM, SECOND_MS, type UnixMs } from '../../../core/index.ts'
import { checkFundFees, type FundFeeTerms, periodOf } from './fundFeeTerms.ts'

/** The fees of one valuation. Always, exactly: `value = net + management + crystallised + accrued`. */
export type FeesCharged<U extends bigint> = {
  /** Taken for good. */
  readonly management: U
  /** Performance fee taken for good. */
  readonly crystallised: U
  /** Performance fee that would be due were the period to end now: taken from the net value, but not paid. */
  readonly accrued: U
  /** What the holder has. */
  readonly net: U
}

/** Charges the fees of a fund on a value that its holder has: a NAV per share, or an account's equity. */
export interface FundFeeMeter<U extends bigint> {
  /** The value above which a performance fee is due, hurdle aside. */
  readonly highWaterMark: U
  /**
   * Charges the fees of a valuation.
   *
   * @param value What the last valuation left (after management and crystallised fees), as it has grown since.
   */
  charge(value: U, atMs: UnixMs): FeesCharged<U>
  /** Moves the mark with money that is put in, or taken out when negative, after a charge at the same time. */
  flow(amount: U): void
}

/**
 * Opens the meter of a fund, at the value that a holder starts with.
 *
 * Management fee: value × rate × time ÷ year, on the value at the end of the time, rounded up (as Yearn's vaults
 * charge by the second, and funds by the day). Performance fee, after it: with the mark M, the hurdle
 * H = M × (1 + rate × time since the period began ÷ year), rounded down, and a value V above H, share × (V − H) of
 * a hard hurdle and share × (V − M) of a soft one, rounded up. It is crystallised at the first valuation of a new
 * period, on that valuation; the mark then becomes what is left, when a fee was due, and the hurdle's time begins
 * anew. A value that ends a period between mark and hurdle leaves the mark where it was.
 *
 * @throws InvalidInputError when the terms are out of range, or nothing is there to begin with.
 */
export function createFundFeeMeter<U extends bigint>(
  terms: FundFeeTerms,
  start: U,
  startMs: UnixMs,
): FundFeeMeter<U> {
  checkFundFees(terms)
  if (start <= 0n)
    throw new InvalidInputError(`A fund's fees cannot be charged from a start of ${start}.`, {
      facts: { start },
      hint: 'Start from a positive value.',
    })
  const { management, performance, yearDays } = terms
  const year = BigInt(yearDays) * BigInt(PPM)
  const yearMs = year * BigInt(DAY_MS)
  const managementRate = BigInt(management.ppmPerYear)
  let mark: bigint = start
  let left: bigint = start
  let chargedMs: number = startMs
  let periodStartMs: number = startMs
  let period = performance === null ? 0 : periodOf(performance.crystallised, startMs)

  function managementFee(value: bigint, atMs: number): bigint {
    if (management.accrual === 'daily') {
      const days = Math.floor(atMs / DAY_MS) - Math.floor(chargedMs / DAY_MS)
      chargedMs = atMs
      return ceilDivide(value * managementRate * BigInt(days), year)
    }
    const seconds = Math.floor((atMs - chargedMs) / SECOND_MS)
    // The rest of a second is charged with the next.
    chargedMs += seconds * SECOND_MS
    return ceilDivide(value * managementRate * BigInt(seconds * SECOND_MS), yearMs)
  }

  function performanceFee(value: bigint, atMs: number): bigint {
    if (performance === null || value <= mark) return 0n
    const hurdleRate = BigInt(performance.hurdlePpmPerYear)
    const hurdle = mark + (mark * hurdleRate * BigInt(atMs - periodStartMs)) / yearMs
    if (value <= hurdle) return 0n
    const profit = value - (performance.hurdle === 'hard' ? hurdle : mark)
    return ceilDivide(profit * BigInt(performance.ppm), BigInt(PPM))
  }

  return {
    get highWaterMark() {
      return mark as U
    },
    charge(value, atMs) {
      if (atMs < chargedMs || value < 0n)
        throw new InvalidInputError(`A value of ${value} at ${atMs} cannot be charged after ${chargedMs}.`, {
          facts: { value, atMs, chargedMs },
          hint: 'Charge values of zero or more, in the order of their times.',
        })
      const owed = managementFee(value, atMs)
      const taken = owed < value ? owed : value
      left = value - taken
      const due = performanceFee(left, atMs)
      const now = performance === null ? period : periodOf(performance.crystallised, atMs)
      if (now === period) return fees(taken, 0n, due, left - due)
      period = now
      periodStartMs = atMs
      left -= due
      if (due > 0n) mark = left
      return fees(taken, due, 0n, left)
    },
    flow(amount) {
      if (left + amount < 0n)
        throw new InvalidInputError(`${-amount} cannot be taken out of ${left}.`, {
          facts: { amount, left },
          hint: 'Take out what is there at most.',
        })
      // All of it is new money when nothing was left.
      mark = left === 0n ? amount : (mark * (left + amount)) / left
      left += amount
    },
  }

  function fees(taken: bigint, crystallised: bigint, accrued: bigint, net: bigint): FeesCharged<U> {
    return {
      management: taken as U,
      crystallised: crystallised as U,
      accrued: accrued as U,
      net: net as U,
    }
  }
}

const ceilDivide = (numerator: bigint, denominator: bigint): bigint =>
  (numerator + denominator - 1n) / denominator
