import { type CashE8, InvalidInputError, type PriceE8, type Quantity } from '../../../core/index.ts'

/** An exact fraction; its denominator is positive. */
export type Fraction = { readonly numerator: bigint; readonly denominator: bigint }

/** A fraction as a double, for reports: exact to a double's precision. */
export function fractionToNumber({ numerator, denominator }: Fraction): number {
  const scale = 10n ** 18n
  const whole = numerator / denominator
  return Number(whole) + Number(((numerator - whole * denominator) * scale) / denominator) / 1e18
}

/** The return of a holding whose yield accrues in its price: end over start, less one. Exact. */
export function accruedReturn(startNavE8: PriceE8, endNavE8: PriceE8): Fraction {
  return growthOf([[endNavE8, startNavE8]])
}

/** The return of a holding that rebases, at a price that may move too: worth at the end over worth at the start. */
export function rebasedReturn(
  start: { readonly shares: Quantity; readonly priceE8: PriceE8 },
  end: { readonly shares: Quantity; readonly priceE8: PriceE8 },
): Fraction {
  return growthOf([
    [end.shares, start.shares],
    [end.priceE8, start.priceE8],
  ])
}

/** A payment of yield: what one whole share got, and the price once it was paid. */
export type PaymentPerShare = { readonly perShareE8: CashE8; readonly navAfterE8: PriceE8 }

/**
 * The return of a holding whose yield is paid out and put back at the NAV of the payment: the product of
 * (NAV after + payment) ⁄ NAV before, less one. Source: GIPS, time-weighted return with income reinvested.
 */
export function distributedReturn(
  startNavE8: PriceE8,
  payments: readonly PaymentPerShare[],
  endNavE8: PriceE8,
): Fraction {
  let before: bigint = startNavE8
  const factors: (readonly [bigint, bigint])[] = []
  for (const { perShareE8, navAfterE8 } of payments) {
    factors.push([navAfterE8 + perShareE8, before])
    before = navAfterE8
  }
  return growthOf([...factors, [endNavE8, before]])
}

function growthOf(factors: readonly (readonly [bigint, bigint])[]): Fraction {
  let [numerator, denominator] = [1n, 1n]
  for (const [end, start] of factors) {
    if (start <= 0n)
      throw new InvalidInputError('A return has no meaning from a start of nothing.', {
        facts: { start },
        hint: 'Start from a positive holding and price.',
      })
    numerator *= end
    denominator *= start
  }
  const divisor = greatestCommonDivisor(numerator, denominator)
  return { numerator: (numerator - denominator) / divisor, denominator: denominator / divisor }
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b]
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger
}
