import { type CashE8, cashE8, IntegrityError, type Quantity, quantity } from '../../../core/index.ts'

/** A sum that several venues may draw on: cash, or shares that a market trades too. */
export interface Balance<U extends bigint> {
  readonly amount: U
  /**
   * Adds to it, or takes from it when negative.
   *
   * @throws IntegrityError when less than nothing would be left.
   */
  add(change: U): void
}

/** Nothing, as a sum and as shares. */
export const NO_CASH = cashE8(0n)
export const NO_SHARES = quantity(0n)

/** Cash of one currency. */
export const cashBalance = (amountE8: CashE8): Balance<CashE8> => balance(amountE8, cashE8)

/** Shares of one instrument, settled and free. */
export const shareBalance = (shares: Quantity): Balance<Quantity> => balance(shares, quantity)

function balance<U extends bigint>(initial: U, unit: (value: bigint) => U): Balance<U> {
  let amount: bigint = initial
  return {
    get amount() {
      return unit(amount)
    },
    add(change) {
      if (amount + change < 0n)
        throw new IntegrityError(`A balance of ${amount} cannot pay ${-change}.`, {
          facts: { amount, change },
          hint: 'What is promised is set aside first; this is a defect of the venue that paid.',
        })
      amount += change
    },
  }
}
