import { type Hash, quantity } from '../../core/index.ts'
import type { PoolSpec } from './contractSpec.ts'
import { eventDecoders } from './eventDecoders.ts'
import type { LogReader, LogReading } from './logReading.ts'
import type { PlacedLog } from './placeLog.ts'
import { magnitudeE8, poolPriceE8 } from './poolPrice.ts'

/** Reads an event of a Uniswap v3 pool. Amounts of a swap are the trader's: the pool's, negated. */
export function readPool(topic0: Hash, log: PlacedLog, spec: PoolSpec): LogReading | null {
  if (topic0 !== eventDecoders.swap.topic0) return POOL_READERS.get(topic0)?.(log) ?? null
  const swap = eventDecoders.swap.decode(log)
  const price = swap === null ? null : poolPriceE8(swap.sqrtPriceX96, spec)
  if (swap === null || price === null) return null
  const { amount0, amount1, sender, recipient, sqrtPriceX96, liquidity, tick } = swap
  const [base, quote] = spec.baseIsToken0 ? [amount0, amount1] : [amount1, amount0]
  return {
    value: {
      type: 'swap',
      pool: log.address,
      baseDelta: quantity(-base),
      quoteDelta: -quote,
      notionalE8: magnitudeE8(quote, spec.baseIsToken0 ? spec.token1Decimals : spec.token0Decimals),
      priceE8: price,
      sqrtPriceX96,
      liquidity,
      tick,
      sender,
      recipient,
    },
  }
}

const POOL_READERS: ReadonlyMap<Hash, LogReader> = new Map<Hash, LogReader>([
  [eventDecoders.mint.topic0, log => readLiquidity(log, eventDecoders.mint.decode(log), 1n)],
  [eventDecoders.burn.topic0, log => readLiquidity(log, eventDecoders.burn.decode(log), -1n)],
  [
    eventDecoders.collect.topic0,
    log => {
      const collect = eventDecoders.collect.decode(log)
      if (collect === null) return null
      const { owner, amount0, amount1 } = collect
      return { value: { type: 'collect', pool: log.address, owner, amount0, amount1 } }
    },
  ],
])

function readLiquidity(
  log: PlacedLog,
  change: ReturnType<typeof eventDecoders.burn.decode>,
  sign: bigint,
): LogReading | null {
  if (change === null) return null
  const { owner, tickLower, tickUpper, amount, amount0, amount1 } = change
  return {
    value: {
      type: 'liquidity',
      pool: log.address,
      owner,
      liquidityDelta: sign * amount,
      tickLower,
      tickUpper,
      amount0,
      amount1,
    },
  }
}
