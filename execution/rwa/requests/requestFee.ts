import type { RequestFeeTerms } from '../../../agents/index.ts'
import { type CashE8, cashE8, PPM } from '../../../core/index.ts'

/** The fee on an amount, rounded up; never more than the amount. */
export function requestFeeE8(terms: RequestFeeTerms, amountE8: CashE8): CashE8 {
  let { ppm } = terms
  for (const tier of terms.tiers) if (amountE8 >= tier.fromE8) ppm = tier.ppm
  const rated = (amountE8 * BigInt(ppm) + BigInt(PPM) - 1n) / BigInt(PPM)
  const fee = terms.flatE8 + rated
  return cashE8(fee < amountE8 ? fee : amountE8)
}
