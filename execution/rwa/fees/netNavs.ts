import { InvalidInputError, type PriceE8, priceE8, type UnixMs } from '../../../core/index.ts'
import { createFundFeeMeter } from './fundFeeMeter.ts'
import type { FundFeeTerms } from './fundFeeTerms.ts'

/** A NAV before fees, and its time. */
export type GrossNav = { readonly timeMs: UnixMs; readonly navE8: PriceE8 }

/** What a NAV is after fees, and the fees of its step, per share. */
export type NetNav = {
  readonly timeMs: UnixMs
  readonly navE8: PriceE8
  readonly managementE8: PriceE8
  /** Taken for good at this NAV. */
  readonly crystallisedE8: PriceE8
  /** Taken off this NAV, and not yet for good. */
  readonly accruedE8: PriceE8
}

/** The fees are computed in 10⁻¹⁸ and shown in 10⁻⁸, so that no rounding adds up over a long history. */
const FINER = 10n ** 10n

/**
 * Takes the fees of a fund off its gross NAVs. The first is net; from one to the next, what the fees left grows
 * as the gross NAV does. NAVs round down, fees up.
 *
 * @throws InvalidInputError when a NAV is not positive, or a time does not rise.
 */
export function netNavs(gross: readonly GrossNav[], terms: FundFeeTerms): readonly NetNav[] {
  const first = gross[0]
  if (first === undefined) return []
  checkNav(first, null)
  let left = first.navE8 * FINER
  let before = first
  const meter = createFundFeeMeter<bigint>(terms, left, first.timeMs)
  const none = priceE8(0n)
  const net: NetNav[] = [{ ...first, managementE8: none, crystallisedE8: none, accruedE8: none }]
  for (const nav of gross.slice(1)) {
    checkNav(nav, before)
    const fees = meter.charge((left * nav.navE8) / before.navE8, nav.timeMs)
    left = fees.net + fees.accrued
    before = nav
    net.push({
      timeMs: nav.timeMs,
      navE8: priceE8(fees.net / FINER),
      managementE8: roundUp(fees.management),
      crystallisedE8: roundUp(fees.crystallised),
      accruedE8: roundUp(fees.accrued),
    })
  }
  return net
}

const roundUp = (fine: bigint): PriceE8 => priceE8((fine + FINER - 1n) / FINER)

function checkNav({ timeMs, navE8 }: GrossNav, before: GrossNav | null): void {
  if (navE8 > 0n && (before === null || timeMs > before.timeMs)) return
  throw new InvalidInputError(`The gross NAV ${navE8} at ${timeMs} does not follow the one before it.`, {
    facts: { navE8, timeMs, before: before?.timeMs ?? null },
    hint: 'Give positive NAVs in rising order of time.',
  })
}
