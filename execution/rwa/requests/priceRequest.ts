import type { RequestFeeTerms } from '../../../agents/index.ts'
import {
  type CashE8,
  cashE8,
  type PriceE8,
  type Quantity,
  quantityFor,
  valueE8,
} from '../../../core/index.ts'
import { requestFeeE8 } from './requestFee.ts'
import type { Pricing } from './rwaRequest.ts'

/**
 * Prices a subscription: what is left after the fee buys shares at the NAV, rounded down to the smallest unit;
 * what that leaves over stays with the fund. Null when it buys none.
 */
export function priceSubscription(
  amountE8: CashE8,
  navE8: PriceE8,
  decimals: number,
  fee: RequestFeeTerms,
): Pricing | null {
  const feeE8 = requestFeeE8(fee, amountE8)
  const shares = quantityFor(cashE8(amountE8 - feeE8), navE8, decimals)
  return shares === 0n ? null : { navE8, grossE8: amountE8, feeE8, shares }
}

/**
 * Prices a redemption: the shares at the NAV, rounded down, less the fee on that. Null when the fee takes all.
 */
export function priceRedemption(
  shares: Quantity,
  navE8: PriceE8,
  decimals: number,
  fee: RequestFeeTerms,
): Pricing | null {
  const grossE8 = valueE8(shares, navE8, decimals)
  const feeE8 = requestFeeE8(fee, grossE8)
  return feeE8 >= grossE8 ? null : { navE8, grossE8, feeE8, shares }
}
