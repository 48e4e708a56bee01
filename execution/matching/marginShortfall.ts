import { cashE8 } from '../../core/index.ts'
import { type AccountState, equityE8, initialMarginE8, marginUsedE8 } from './accountState.ts'
import type { Desk } from './desk.ts'
import type { FillCosts } from './executionCosts.ts'
import type { Rejection } from './rejection.ts'

/**
 * The rejection of a fill after which the positions would need more initial margin than there is equity, or null.
 * The instrument's positions are valued at the price of the fill before slippage, all others at their last
 * price; fee and slippage are taken from the equity. A fill that opens nothing always passes.
 */
export function marginShortfall(
  account: AccountState,
  desk: Desk,
  size: bigint,
  priceE8: bigint,
  { opens, lostE8 }: Pick<FillCosts, 'opens' | 'lostE8'>,
): Rejection | null {
  if (opens === 0n) return null
  const closes = size - opens
  const gross = desk.longQuantity + desk.shortQuantity - closes + opens
  const requiredE8 = cashE8(marginUsedE8(account, desk) + initialMarginE8(desk, gross, priceE8))
  const availableE8 = cashE8(equityE8(account, { desk, bidE8: priceE8, askE8: priceE8 }) - lostE8)
  return requiredE8 > availableE8 ? { reason: 'margin', requiredE8, availableE8 } : null
}
