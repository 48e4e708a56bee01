import { type Address, InvalidInputError, type PriceE8, type Quantity } from '../../core/index.ts'

/** How an instrument's yield reaches its holder, as plain data. */
export type YieldTerms =
  /** It accrues in the price: nothing is booked (OUSG, USDY, nTBILL). */
  | { readonly kind: 'accrues' }
  /** The quantity grows by an index, which the NAV events carry, and the price stays (rOUSG). */
  | {
      readonly kind: 'rebases'
      /** What one whole token always costs. */
      readonly priceE8: PriceE8
      /**
       * How the token rounds. `fromShares`: it keeps shares of 1/`precision` of a smallest unit of the unrebased
       * token, and a balance is what they are worth, rounded down. `eachRebase`: every rebase multiplies the
       * balance and rounds it down.
       */
      readonly rounding: 'fromShares' | 'eachRebase'
      /** Of `fromShares`: rOUSG keeps ten thousandths. */
      readonly precision: number
    }
  /** It is paid out, by `distribution` events: a sum for all holders, pro rata to the holding at its time. */
  | {
      readonly kind: 'distributed'
      /** The token that counts as cash, and its decimals; payments in another are kept apart. */
      readonly cashToken: Address | null
      readonly cashDecimals: number
      /** Tokens in existence at the start; mints and burns that are observed change it. */
      readonly totalShares: Quantity
      /**
       * True when the holder is among those whom `totalShares` and the transfers count; false for a simulated
       * holder, whose shares come on top and so make every payment per share smaller.
       */
      readonly includesHolder: boolean
    }

/**
 * Checks the terms of a yield.
 *
 * @throws InvalidInputError naming the field.
 */
export function checkYield(terms: YieldTerms): void {
  const problem =
    terms.kind === 'rebases'
      ? terms.priceE8 <= 0n
        ? `priceE8 is ${terms.priceE8}`
        : !Number.isSafeInteger(terms.precision) || terms.precision < 1
          ? `precision is ${terms.precision}`
          : null
      : terms.kind === 'distributed'
        ? terms.totalShares < 0n
          ? `totalShares is ${terms.totalShares}`
          : !Number.isSafeInteger(terms.cashDecimals) || terms.cashDecimals < 0 || terms.cashDecimals > 36
            ? `cashDecimals is ${terms.cashDecimals}`
            : null
        : null
  if (problem === null) return
  throw new InvalidInputError(`The yield cannot be booked: ${problem}.`, {
    facts: { problem },
    hint: 'Give positive prices and precisions, and 0 to 36 decimals.',
  })
}
