import { E8, type PriceE8, priceE8 } from '../../core/index.ts'
import type { PoolSpec } from './contractSpec.ts'

const Q192 = 1n << 192n

/**
 * The price of one whole base token in quote tokens, in 10⁻⁸ rounded down, from √(token1/token0) in Q64.96
 * (Uniswap v3 white paper, 6.2). Exact integer arithmetic; null for a square root of zero.
 */
export function poolPriceE8(
  sqrtPriceX96: bigint,
  pool: Pick<PoolSpec, 'baseIsToken0' | 'token0Decimals' | 'token1Decimals'>,
): PriceE8 | null {
  if (sqrtPriceX96 <= 0n) return null
  const square = sqrtPriceX96 * sqrtPriceX96
  const unit0 = 10n ** BigInt(pool.token0Decimals)
  const unit1 = 10n ** BigInt(pool.token1Decimals)
  return priceE8(
    pool.baseIsToken0 ? (square * unit0 * E8) / (Q192 * unit1) : (Q192 * unit1 * E8) / (square * unit0),
  )
}

/** An amount of a token in 10⁻⁸ of one whole token, its size only, rounded down. */
export function magnitudeE8(amount: bigint, decimals: number): bigint {
  return ((amount < 0n ? -amount : amount) * E8) / 10n ** BigInt(decimals)
}
