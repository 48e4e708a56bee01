import { cashE8 } from '../../core/index.ts'
import { type AccountState, equityE8, initialMarginE8, marginUsedE8 } from './accountState.ts'
import type { Desk } from './desk.ts'
import type { FillCosts } from './executionCosts.ts'
import type { Rejection } from './rejection.ts'
import { big, minus, plus, type Whole } from './whole.ts'

/**
 * The rejection of a fill after which the positions would need more initial margin than there is equity, or null.
 * The instrument's positions are valued at the price of the fill before slippage, all others at their last
 * price; fee and slippage are taken from the equity. A fill that opens nothing always passes.
 */
export function marginShortfall(
  account: AccountState,
  desk: Desk,
  size: Whole,
  priceE8: number,
  { opens, lostE8 }: Pick<FillCosts, 'opens' | 'lostE8'>,
): Rejection | null {
  if (opens === 0) return null
  const closes = minus(size, opens)
  const gross = plus(minus(plus(desk.longQuantity, desk.shortQuantity), closes), opens)
  const required = plus(marginUsedE8(account, desk), initialMarginE8(desk, gross, priceE8))
  const available = minus(equityE8(account, desk, priceE8), lostE8)
  if (required <= available) return null
  return { reason: 'margin', requiredE8: cashE8(big(required)), availableE8: cashE8(big(available)) }
}
