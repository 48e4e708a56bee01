import { DEFAULT_POOL_MOVE_PPM, type PoolTerms } from '../agents/index.ts'
import { type MarketEvent, PPM, type Ppm } from '../core/index.ts'
import {
  constantProductPool,
  type PoolReserves,
  type SlippageModel,
  uniswapV3Pool,
  type V3PoolState,
} from './matching/index.ts'

/** A pool as its newest observed event left it, and the prices that it then gives. */
export type ObservedPool = {
  /** Takes in an event of the pool's instrument. */
  take(event: MarketEvent): void
  /** Null where the pool takes nothing: its state is not known, or the size is beyond it. */
  readonly price: SlippageModel
}

/** Follows the pool of an instrument. */
export function followPool(terms: PoolTerms): ObservedPool {
  return terms.curve === 'uniswapV3' ? followV3(terms) : followReserves(terms)
}

function followV3(terms: PoolTerms): ObservedPool {
  const { address, feePpm, baseIsToken0, quoteDecimals, maxMovePpm = DEFAULT_POOL_MOVE_PPM } = terms
  const reachX64 = rootOfMoveX64(maxMovePpm)
  let state: V3PoolState | null = null
  let tick = 0
  const curve = uniswapV3Pool({ state: () => known(state), feePpm, baseIsToken0, quoteDecimals })
  return {
    take({ value }) {
      // Until its next swap, nobody knows what a pool is whose swaps were taken back.
      if (value.type === 'withdrawal') state = null
      else if (value.type === 'swap' && isOf(address, value.pool)) {
        const { sqrtPriceX96, liquidity } = value
        tick = value.tick
        state = {
          sqrtPriceX96,
          liquidity,
          sqrtLowerX96: (sqrtPriceX96 << 64n) / reachX64,
          sqrtUpperX96: (sqrtPriceX96 * reachX64) >> 64n,
        }
      } else if (value.type === 'liquidity' && state !== null && isOf(address, value.pool)) {
        // Only what holds at the price counts, its lower tick included (UniswapV3Pool._modifyPosition).
        if (value.tickLower <= tick && tick < value.tickUpper)
          state = { ...state, liquidity: state.liquidity + value.liquidityDelta }
      }
    },
    price: execution => (state === null ? null : curve(execution)),
  }
}

/** `event Sync(uint112 reserve0, uint112 reserve1)` of a Uniswap v2 pair: its reserves after each change. */
const SYNC = 'Sync'

function followReserves({ address, feePpm, baseIsToken0, quoteDecimals }: PoolTerms): ObservedPool {
  let reserves: PoolReserves | null = null
  const curve = constantProductPool({ reserves: () => known(reserves), feePpm, quoteDecimals })
  return {
    take({ value }) {
      if (value.type === 'withdrawal') reserves = null
      else if (value.type === 'contractEvent' && value.event === SYNC && isOf(address, value.contract)) {
        const [first, second] = [value.args['reserve0'], value.args['reserve1']]
        if (typeof first !== 'bigint' || typeof second !== 'bigint') return
        reserves = baseIsToken0 ? { base: first, quote: second } : { base: second, quote: first }
      }
    },
    price: execution => (reserves === null ? null : curve(execution)),
  }
}

const isOf = (pool: string | undefined, observed: string): boolean =>
  pool === undefined || pool.toLowerCase() === observed

function known<T>(state: T | null): T {
  if (state === null) throw new RangeError('A pool was asked for its price before its state was known.')
  return state
}

/** √(1 + move) in Q64, rounded down: how far the root of a price goes when the price moves by that factor. */
function rootOfMoveX64(movePpm: Ppm): bigint {
  const square = (BigInt(PPM + movePpm) << 128n) / BigInt(PPM)
  // Newton's method from above falls to the floor of the root.
  let root = 1n << 128n
  for (;;) {
    const next = (root + square / root) >> 1n
    if (next >= root) return root
    root = next
  }
}
