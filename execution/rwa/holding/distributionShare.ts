import type { YieldTerms } from '../../../agents/index.ts'
import { E8, type MarketEvent, type Quantity, quantity, ZERO_ADDRESS } from '../../../core/index.ts'

/** How many tokens there are, as mints and burns tell. */
export type TokenSupply = {
  readonly total: Quantity
  onEvent(event: MarketEvent): void
}

/** Counts the tokens in existence from a start on: transfers from the zero address mint, those to it burn. */
export function createTokenSupply(start: Quantity): TokenSupply {
  let total: bigint = start
  return {
    get total() {
      return quantity(total)
    },
    onEvent({ value }) {
      if (value.type !== 'transfer') return
      if (value.from === ZERO_ADDRESS) total += value.amount
      if (value.to === ZERO_ADDRESS) total -= value.amount
    },
  }
}

/** A holder's part of a payment to all holders, in the paid token's smallest unit, rounded down. */
export function distributionShare(
  amount: bigint,
  held: Quantity,
  total: Quantity,
  includesHolder: boolean,
): bigint {
  const among = includesHolder ? total : total + held
  // What is held cannot be more than there is; where the supply was not seen whole, what is held is all.
  const all = among > held ? among : held
  return all === 0n ? 0n : (amount * held) / all
}

/** An amount of the token that counts as cash, in 10⁻⁸, rounded down. */
export function distributedCashE8(
  amount: bigint,
  { cashDecimals }: Extract<YieldTerms, { kind: 'distributed' }>,
): bigint {
  return (amount * E8) / 10n ** BigInt(cashDecimals)
}
