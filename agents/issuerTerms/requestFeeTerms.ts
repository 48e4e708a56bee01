import { type CashE8, cashE8, InvalidInputError, PPM } from '../../core/index.ts'

/** What a subscription or a redemption costs, as plain data. */
export type RequestFeeTerms = {
  /** A fixed sum for each request. */
  readonly flatE8: CashE8
  /** A share of the amount, in millionths. */
  readonly ppm: number
  /** Other shares for larger amounts: the last tier that an amount reaches holds for the whole of it. */
  readonly tiers: readonly { readonly fromE8: CashE8; readonly ppm: number }[]
}

/** No fee. */
export const NO_FEE: RequestFeeTerms = { flatE8: cashE8(0n), ppm: 0, tiers: [] }

/**
 * Checks the terms of a fee.
 *
 * @throws InvalidInputError naming the field.
 */
export function checkRequestFee(name: string, { flatE8, ppm, tiers }: RequestFeeTerms): void {
  const isShare = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= PPM
  const problem =
    flatE8 < 0n
      ? 'flatE8 is negative'
      : !isShare(ppm)
        ? `ppm is ${ppm}`
        : tiers.some((tier, index) => tier.fromE8 <= (tiers[index - 1]?.fromE8 ?? 0n))
          ? 'tiers do not rise'
          : tiers.some(tier => !isShare(tier.ppm))
            ? 'a tier has a ppm that is no share'
            : null
  if (problem === null) return
  throw new InvalidInputError(`The fee ${name} cannot be charged: ${problem}.`, {
    facts: { name, problem },
    hint: 'Give shares in whole millionths from 0 to 1,000,000, sums from 0, and tiers in rising order.',
  })
}
