import type { MarketColumns } from '../../core/index.ts'

/** The price that a row of a bar, quote, trade or swap establishes, as a double: to the last bit what `priceIn` gives. */
export function priceAt(columns: MarketColumns, row: number): number {
  return midOf(columns.bidCloseE8[row] ?? Number.NaN, columns.askCloseE8[row] ?? Number.NaN)
}

/** Mid of a bid and an ask in 10⁻⁸, both whole, rounded to a whole 10⁻⁸ as in `priceOf`; in quote currency. */
export function midOf(bidE8: number, askE8: number): number {
  // Of one price the mid is that price, however large.
  if (bidE8 === askE8) return (bidE8 + 0) / 1e8
  // Up to 2⁵³ the sum of two safe integers is exact, and so is its half; past it, the sum itself may round.
  const sum = bidE8 + askE8
  // Adding 0 turns −0 into 0, as integers have one zero.
  return Math.abs(sum) > Number.MAX_SAFE_INTEGER ? largeMid(bidE8, askE8) : (Math.trunc(sum / 2) + 0) / 1e8
}

function largeMid(bidE8: number, askE8: number): number {
  return Number((BigInt(bidE8) + BigInt(askE8)) / 2n) / 1e8
}
