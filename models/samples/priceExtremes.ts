import { isPrice } from './rowLabels.ts'

const BLOCK = 64

/** Finds when prices first leave a band, a block of rows at a time. */
export type PriceExtremes = {
  /** The first row of [from, to) whose price is at most `lower` or at least `upper`; −1 when there is none. */
  firstOutside(from: number, to: number, lower: number, upper: number): number
}

/** Indexes prices by the least and the greatest of each 64 rows; rows without a price are passed over. */
export function indexExtremes(prices: Float64Array): PriceExtremes {
  const blocks = Math.ceil(prices.length / BLOCK)
  const least = new Float64Array(blocks).fill(Number.POSITIVE_INFINITY)
  const greatest = new Float64Array(blocks).fill(Number.NEGATIVE_INFINITY)
  for (let row = 0; row < prices.length; row++) {
    const price = prices[row] ?? Number.NaN
    if (!isPrice(price)) continue
    const block = Math.floor(row / BLOCK)
    if (price < (least[block] ?? 0)) least[block] = price
    if (price > (greatest[block] ?? 0)) greatest[block] = price
  }
  return {
    firstOutside(from, to, lower, upper) {
      let row = from
      while (row < to) {
        if (row % BLOCK === 0 && row + BLOCK <= to) {
          const block = row / BLOCK
          if ((least[block] ?? 0) > lower && (greatest[block] ?? 0) < upper) {
            row += BLOCK
            continue
          }
        }
        const price = prices[row] ?? Number.NaN
        if ((price <= lower || price >= upper) && isPrice(price)) return row
        row++
      }
      return -1
    },
  }
}
