import { exactLog, priceE8, quantity, type SwapValue } from '../../core/index.ts'
import { factorOf, scaled } from './priceFactor.ts'

/** What a poisoned swap is changed by. */
export type SwapChange = {
  /** Price change, in ticks of 1.0001. */
  readonly ticks: number
  /** Factor of the amounts, in billionths. */
  readonly amounts: bigint
  /** True where a purchase becomes a sale. */
  readonly flip: boolean
}

/** Changes a swap so that price, root of the price and tick still belong together. */
export function poisonSwap(swap: SwapValue, { ticks, amounts, flip }: SwapChange): SwapValue {
  const prices = factorOf(ticks)
  const sign = flip ? -1n : 1n
  const isBaseToken0 = baseIsToken0(swap)
  const poolTicks = isBaseToken0 === null ? 0 : isBaseToken0 ? ticks : -ticks
  return {
    ...swap,
    baseDelta: quantity(sign * scaled(swap.baseDelta, amounts)),
    quoteDelta: sign * scaled(scaled(swap.quoteDelta, amounts), prices),
    notionalE8: scaled(scaled(swap.notionalE8, amounts), prices),
    priceE8: priceE8(scaled(swap.priceE8, prices)),
    sqrtPriceX96: scaled(swap.sqrtPriceX96, factorOf(poolTicks / 2)),
    liquidity: scaled(swap.liquidity, amounts),
    tick: swap.tick + poolTicks,
  }
}

/** Furthest that a price may lie from the square of its root, in powers of ten: rounding at 10⁻⁸. */
const ROUNDING = 0.001

// The price is the squared root or its inverse, times a power of ten for the decimals: only one of them fits.
function baseIsToken0({ priceE8: price, sqrtPriceX96 }: SwapValue): boolean | null {
  const squared = 2 * exactLog(Number(sqrtPriceX96) / 2 ** 96)
  const offWhole = (logarithm: number): number => {
    const powers = logarithm / Math.LN10
    return Math.abs(powers - Math.round(powers))
  }
  const straight = offWhole(exactLog(Number(price)) - squared)
  const inverse = offWhole(exactLog(Number(price)) + squared)
  if (!(Math.min(straight, inverse) < ROUNDING)) return null
  return straight <= inverse
}
