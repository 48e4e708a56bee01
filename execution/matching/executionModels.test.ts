import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Ppm } from '../../core/index.ts'
import {
  constantProductPool,
  delayBlocks,
  delayMs,
  type Execution,
  entrySpread,
  fixedFee,
  gasFee,
  halfSpread,
  quoteExactInput,
  quoteExactOutput,
  rateFee,
  slippageInTurn,
  squareRootImpact,
  uniswapV3Pool,
  type V3PoolState,
} from './index.ts'

const Q96 = 1n << 96n
const WAD = 10n ** 18n
const ppm = (share: number) => share as Ppm

const execution = (change: Partial<Execution> = {}): Execution => ({
  instrument: 0,
  timeMs: 1_000,
  buy: true,
  quantity: 10n,
  priceE8: 10_000_000_000n,
  unit: 1n,
  maker: false,
  entry: true,
  volumeE8: 1_000e8,
  ...change,
})

// `SwapMath.spec.ts` of uniswap/v3-core: price 1, liquidity 2·10¹⁸, fee 600 millionths.
const V3: V3PoolState = { sqrtPriceX96: Q96, liquidity: 2n * WAD, sqrtLowerX96: null, sqrtUpperX96: null }

test('a Uniswap v3 swap of an exact amount in pays out what SwapMath does', () => {
  expect(quoteExactInput(V3, WAD, false, ppm(600))).toBe(666_399_946_655_997_866n)
})

test('a Uniswap v3 swap for an exact amount out takes what SwapMath does', () => {
  expect(quoteExactOutput(V3, WAD, false, ppm(600))).toBe(2_000_000_000_000_000_000n + 1_200_720_432_259_356n)
})

test('at a price of one, both directions of a Uniswap v3 swap are alike', () => {
  expect(quoteExactInput(V3, WAD, true, ppm(600))).toBe(666_399_946_655_997_866n)
  expect(quoteExactOutput(V3, WAD, true, ppm(600))).toBe(2_001_200_720_432_259_356n)
})

test('a Uniswap v3 swap that would leave the known range is not quoted', () => {
  // The spec's swap that is capped at a price of 1.01 takes 9,975,124,224,178,055, rounded up.
  const upTo = { ...V3, sqrtUpperX96: 79_623_317_895_830_914_510_639_640_423n }
  expect(quoteExactInput(upTo, 9_975_124_224_178_054n, false, ppm(0))).toBe(9_925_619_580_021_728n)
  expect(quoteExactInput(upTo, 9_975_124_224_178_055n, false, ppm(0))).toBeNull()
  const downTo = { ...V3, sqrtLowerX96: Q96 }
  expect(quoteExactInput(downTo, 10n, true, ppm(0))).toBeNull()
  expect(quoteExactInput(downTo, 10n, false, ppm(0))).toBe(9n)
  expect(quoteExactInput({ ...V3, liquidity: 0n }, 1n, false, ppm(600))).toBeNull()
  expect(quoteExactOutput(V3, 2n * WAD, false, ppm(600))).toBeNull()
  expect(quoteExactOutput(V3, 2n * WAD, true, ppm(600))).toBeNull()
})

test('no sequence of a Uniswap v3 buy and sale of the same amount gains', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: WAD }),
      fc.bigInt({ min: Q96 / 1_000n, max: Q96 * 1_000n }),
      fc.bigInt({ min: WAD, max: WAD * 1_000n }),
      fc.integer({ min: 0, max: 10_000 }),
      fc.boolean(),
      (amount, sqrtPriceX96, liquidity, fee, zeroForOne) => {
        const state = { ...V3, sqrtPriceX96, liquidity }
        const paid = quoteExactOutput(state, amount, zeroForOne, ppm(fee))
        if (paid === null) return
        const back = quoteExactInput(state, amount, !zeroForOne, ppm(fee))
        expect(back ?? 0n).toBeLessThanOrEqual(paid)
        // What an exact output takes is enough, put in as an exact input.
        expect(quoteExactInput(state, paid, zeroForOne, ppm(fee)) ?? amount).toBeGreaterThanOrEqual(amount)
      },
    ),
    { seed: 7 },
  )
})

test('a Uniswap v3 pool prices a fill by the average of its swap, on either side', () => {
  const pool = (baseIsToken0: boolean) =>
    uniswapV3Pool({ state: () => V3, feePpm: ppm(600), baseIsToken0, quoteDecimals: 18 })
  const asked = { unit: WAD, quantity: WAD, priceE8: 100_000_000n }
  for (const slippage of [pool(true), pool(false)]) {
    // 2.001200720432259356 for one, up; 0.666399946655997866 for one, down.
    expect(slippage(execution({ ...asked, buy: true }))).toBe(200_120_073n)
    expect(slippage(execution({ ...asked, buy: false }))).toBe(66_639_994n)
    // Never better than the price at hand.
    expect(slippage(execution({ ...asked, buy: true, priceE8: 300_000_000n }))).toBe(300_000_000n)
    expect(slippage(execution({ ...asked, buy: true, quantity: 3n * WAD }))).toBeNull()
  }
})

test('a constant-product pool prices a fill as Uniswap v2 does', () => {
  const slippage = constantProductPool({
    reserves: () => ({ base: 1_000n * WAD, quote: 2_000n * 10n ** 6n }),
    feePpm: ppm(3_000),
    quoteDecimals: 6,
  })
  const asked = { unit: WAD, quantity: 10n * WAD, priceE8: 200_000_000n }
  // getAmountIn: 2e9·1e19·1000 / (990e18·997) + 1 = 20,262,809 (20.262809 for ten).
  expect(slippage(execution({ ...asked, buy: true }))).toBe(202_628_090n)
  // getAmountOut: 1e19·997·2e9 / (1e21·1000 + 1e19·997) = 19,743,160.
  expect(slippage(execution({ ...asked, buy: false }))).toBe(197_431_600n)
  expect(slippage(execution({ ...asked, buy: true, quantity: 1_000n * WAD }))).toBeNull()
})

test('a square-root impact moves the price by the root of the share of volume', () => {
  const slippage = squareRootImpact(ppm(100_000))
  // A hundredth of the volume moves the price by a tenth of 10 %.
  expect(slippage(execution())).toBe(10_100_000_000n)
  expect(slippage(execution({ buy: false }))).toBe(9_900_000_000n)
  expect(slippage(execution({ volumeE8: 0 }))).toBeNull()
})

test('spreads worsen what they name, rounded against the trader', () => {
  expect(halfSpread(ppm(1))(execution({ priceE8: 1n }))).toBe(2n)
  expect(halfSpread(ppm(1))(execution({ priceE8: 3n, buy: false }))).toBe(2n)
  // A price that would be zero is none.
  expect(halfSpread(ppm(1))(execution({ priceE8: 1n, buy: false }))).toBeNull()
  expect(entrySpread(ppm(10_000))(execution({ entry: false }))).toBe(10_000_000_000n)
})

test('slippages in turn each worsen what the one before gave, and one that takes nothing ends it', () => {
  const twice = slippageInTurn(halfSpread(ppm(10_000)), halfSpread(ppm(10_000)))
  expect(twice(execution())).toBe(10_201_000_000n)
  expect(slippageInTurn(halfSpread(ppm(1)), squareRootImpact(ppm(1)))(execution({ volumeE8: 0 }))).toBeNull()
  expect(slippageInTurn()(execution())).toBe(10_000_000_000n)
})

test('gas is priced by the series at the time of the fill, rounded up', () => {
  const fee = gasFee({
    gasUnits: 21_000n,
    gasPriceWei: { timesMs: Float64Array.of(1_000, 2_000), values: [1n, 1_000_000_000n] },
    coinPriceE8: { timesMs: Float64Array.of(0), values: [200_000_000n] },
  })
  expect(fee(execution({ timeMs: 0 }))).toBe(1n)
  expect(fee(execution({ timeMs: 1_999 }))).toBe(1n)
  expect(fee(execution({ timeMs: 2_000 }))).toBe(4_200n)
})

test('models refuse parameters that mean nothing', () => {
  expect(() => rateFee({ takerPpm: ppm(1_000_000) })).toThrow('A fee of 1000000 millionths is no rate.')
  expect(() => rateFee({ takerPpm: ppm(1), makerPpm: ppm(-1) })).toThrow('A fee of -1 millionths is no rate.')
  expect(() => fixedFee(-1n)).toThrow('A fixed fee of -1 is none.')
  expect(() => halfSpread(ppm(0.5))).toThrow('A slippage of 0.5 millionths is none.')
  expect(() => delayMs(-1)).toThrow('A latency of -1 ms is none.')
  expect(() => delayBlocks({ blocks: 1, blockTimesMs: new Float64Array(), periodMs: 1 })).toThrow(
    'A latency of 1 blocks needs block times and a period.',
  )
  const steps = { timesMs: Float64Array.of(2, 1), values: [1n, 1n] }
  expect(() => gasFee({ gasUnits: 1n, gasPriceWei: steps, coinPriceE8: steps })).toThrow(
    'The series gasPriceWei is empty, unsorted, or has a time without a value.',
  )
  expect(() =>
    constantProductPool({
      reserves: () => ({ base: 1n, quote: 1n }),
      feePpm: ppm(1_000_000),
      quoteDecimals: 6,
    }),
  ).toThrow('A pool fee of 1000000 millionths is none.')
})
