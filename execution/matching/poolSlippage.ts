import { InvalidInputError, PPM, type Ppm } from '../../core/index.ts'
import type { Execution, SlippageModel } from './executionModels.ts'
import { ceilDivide, larger, smaller } from './rounding.ts'
import { quoteExactInput, quoteExactOutput, type V3PoolState } from './uniswapV3Quote.ts'

const MILLION = BigInt(PPM)

/** Reserves of a constant-product pool, in smallest units of each token. */
export type PoolReserves = { readonly base: bigint; readonly quote: bigint }

/**
 * The average price of a swap along `x · y = k` with the fee taken from what goes in, by Uniswap v2's
 * `getAmountIn` and `getAmountOut` (UniswapV2Library), never better than the price given.
 *
 * @param terms.reserves Reserves as the venue knows them at the fill; the caller keeps them current.
 */
export function constantProductPool(terms: {
  readonly reserves: () => PoolReserves
  readonly feePpm: Ppm
  readonly quoteDecimals: number
}): SlippageModel {
  const kept = MILLION - BigInt(checkedFee(terms.feePpm))
  return execution => {
    const { base, quote } = terms.reserves()
    const { buy, quantity } = execution
    if (base <= 0n || quote <= 0n || (buy && quantity >= base)) return null
    const amount = buy
      ? (quote * quantity * MILLION) / ((base - quantity) * kept) + 1n
      : (quantity * kept * quote) / (base * MILLION + quantity * kept)
    return averagePrice(execution, amount, terms.quoteDecimals)
  }
}

/**
 * The average price of a swap inside one liquidity range of a Uniswap v3 pool, never better than the price
 * given. A swap that would leave the range cannot be filled.
 *
 * @param terms.state The pool as the venue knows it at the fill; the caller keeps it current.
 */
export function uniswapV3Pool(terms: {
  readonly state: () => V3PoolState
  readonly feePpm: Ppm
  readonly baseIsToken0: boolean
  readonly quoteDecimals: number
}): SlippageModel {
  const fee = checkedFee(terms.feePpm)
  return execution => {
    const { buy, quantity } = execution
    // A buy takes base out; a sale puts base in. Token 0 going in lowers the price.
    const zeroForOne = buy !== terms.baseIsToken0
    const quoted = buy
      ? quoteExactOutput(terms.state(), quantity, zeroForOne, fee)
      : quoteExactInput(terms.state(), quantity, zeroForOne, fee)
    return quoted === null ? null : averagePrice(execution, quoted, terms.quoteDecimals)
  }
}

function averagePrice(execution: Execution, amount: bigint, quoteDecimals: number): bigint | null {
  const { buy, quantity, priceE8, unit } = execution
  const numerator = amount * unit * 100_000_000n
  const denominator = quantity * 10n ** BigInt(quoteDecimals)
  if (buy) return larger(priceE8, ceilDivide(numerator, denominator))
  const price = smaller(priceE8, numerator / denominator)
  return price <= 0n ? null : price
}

function checkedFee(feePpm: Ppm): Ppm {
  if (Number.isInteger(feePpm) && feePpm >= 0 && feePpm < PPM) return feePpm
  throw new InvalidInputError(`A pool fee of ${feePpm} millionths is none.`, {
    facts: { feePpm },
    hint: 'Pass a whole number of millionths from 0 to 999,999.',
  })
}
