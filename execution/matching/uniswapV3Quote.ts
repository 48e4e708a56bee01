import type { Ppm } from '../../core/index.ts'
import { ceilDivide } from './rounding.ts'

// Uniswap v3 core white paper, section 6.2, with the roundings of SqrtPriceMath and SwapMath: amounts in round
// up, amounts out round down, and the price moves no further than the amount pays for.
const Q96 = 1n << 96n
const MILLION = 1_000_000n

/** A Uniswap v3 pool as its last swap left it, and how far its liquidity is known to reach. */
export type V3PoolState = {
  readonly sqrtPriceX96: bigint
  readonly liquidity: bigint
  /** Square roots of the prices between which the liquidity holds; null where not known. */
  readonly sqrtLowerX96: bigint | null
  readonly sqrtUpperX96: bigint | null
}

/** Amount out for an exact amount in, fee included; null where the swap leaves the range or the pool is empty. */
export function quoteExactInput(
  state: V3PoolState,
  amountIn: bigint,
  zeroForOne: boolean,
  feePpm: Ppm,
): bigint | null {
  const { sqrtPriceX96, liquidity } = state
  if (liquidity <= 0n || sqrtPriceX96 <= 0n) return null
  const paid = (amountIn * (MILLION - BigInt(feePpm))) / MILLION
  const next = zeroForOne
    ? ceilDivide((liquidity << 96n) * sqrtPriceX96, (liquidity << 96n) + paid * sqrtPriceX96)
    : sqrtPriceX96 + (paid << 96n) / liquidity
  if (!inRange(state, next)) return null
  return zeroForOne
    ? amount1(next, sqrtPriceX96, liquidity, false)
    : amount0(sqrtPriceX96, next, liquidity, false)
}

/** Amount in, fee included, for an exact amount out; null where the swap leaves the range or the pool is empty. */
export function quoteExactOutput(
  state: V3PoolState,
  amountOut: bigint,
  zeroForOne: boolean,
  feePpm: Ppm,
): bigint | null {
  const { sqrtPriceX96, liquidity } = state
  if (liquidity <= 0n || sqrtPriceX96 <= 0n) return null
  const next = zeroForOne
    ? sqrtPriceX96 - ceilDivide(amountOut << 96n, liquidity)
    : priceAfterToken0Out(sqrtPriceX96, liquidity, amountOut)
  if (next === null || next <= 0n || !inRange(state, next)) return null
  const paid = zeroForOne
    ? amount0(next, sqrtPriceX96, liquidity, true)
    : amount1(sqrtPriceX96, next, liquidity, true)
  return paid + ceilDivide(paid * BigInt(feePpm), MILLION - BigInt(feePpm))
}

function priceAfterToken0Out(sqrtPriceX96: bigint, liquidity: bigint, amountOut: bigint): bigint | null {
  const left = (liquidity << 96n) - amountOut * sqrtPriceX96
  return left <= 0n ? null : ceilDivide((liquidity << 96n) * sqrtPriceX96, left)
}

function inRange({ sqrtLowerX96, sqrtUpperX96 }: V3PoolState, next: bigint): boolean {
  return (sqrtLowerX96 === null || next >= sqrtLowerX96) && (sqrtUpperX96 === null || next <= sqrtUpperX96)
}

// SqrtPriceMath.getAmount0Delta rounds twice, each time the same way.
function amount0(lower: bigint, upper: bigint, liquidity: bigint, up: boolean): bigint {
  const numerator = (liquidity << 96n) * (upper - lower)
  return up ? ceilDivide(ceilDivide(numerator, upper), lower) : numerator / upper / lower
}

function amount1(lower: bigint, upper: bigint, liquidity: bigint, up: boolean): bigint {
  const numerator = liquidity * (upper - lower)
  return up ? ceilDivide(numerator, Q96) : numerator / Q96
}
