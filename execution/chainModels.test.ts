import { describe, expect, test } from 'vitest'
import type { GasTerms, PoolTerms, VenueSettings } from '../agents/index.ts'
import {
  type Address,
  cashE8,
  E8,
  type MarketEvent,
  type MarketValue,
  MINUTE_MS,
  ppm,
  priceE8,
  quantity,
  type SwapValue,
  type TradeTerms,
  unixMs,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '../core/index.ts'
import { acceptUnsigned } from './acceptUnsigned.ts'
import { createPaperVenue, createRowFeed, quoteExactInput, quoteExactOutput } from './index.ts'
import { AGENT, restlessAgent } from './test/restlessAgent.ts'
import { CURVE, eventAt, GOLD, START_MS, swapValue } from './test/syntheticMarket.ts'

const Q96 = 1n << 96n
const BLOCK_MS = 12_000

/** A pool of gold (three decimals, token 0) and dollars (six), at 2,000 dollars, with 3 · 10¹² of liquidity. */
const pool: PoolTerms = {
  instrument: GOLD.id,
  curve: 'uniswapV3',
  feePpm: ppm(0.0005),
  baseIsToken0: true,
  quoteDecimals: 6,
}
/** √(2,000 · 10⁶ / 10³) = √(2 · 10⁶), in Q96. */
const ROOT = 1_414_213_562n * (Q96 / 1_000_000n)
const LIQUIDITY = 3_000_000_000n
const PRICE = 2_000_00000000n
const state = (change: Partial<SwapValue> = {}): SwapValue => ({
  ...swapValue(PRICE),
  sqrtPriceX96: ROOT,
  liquidity: LIQUIDITY,
  ...change,
})

const onChain = <V extends MarketValue>(value: V, block: number, log = 0): MarketEvent<V> => ({
  validAt: unixMs(START_MS + block * BLOCK_MS),
  knownAt: unixMs(START_MS + block * BLOCK_MS),
  instrument: GOLD.id,
  lineage: {
    kind: 'chain',
    chainId: 1,
    address: ZERO_ADDRESS,
    blockNumber: block,
    blockHash: ZERO_HASH,
    transactionHash: ZERO_HASH,
    logIndex: log,
    estimated: [],
  },
  value,
})

const venueOf = (changes: Partial<VenueSettings>): VenueSettings => ({
  feePpm: ppm(0),
  halfSpreadPpm: ppm(0.01),
  maxPriceAgeMs: 60 * MINUTE_MS,
  ...changes,
})

/** A venue that takes events and orders one by one; a fill or an end is told by the event that makes it. */
function opened(changes: Partial<VenueSettings>) {
  const definition = restlessAgent({ capitalE8: cashE8(10_000_000n * E8), venue: venueOf(changes) })
  const venue = createPaperVenue(definition)
  const feed = createRowFeed([GOLD.id, CURVE])
  let sequence = 0
  const outcomes = () => {
    const told = venue.outcomes.map(({ output }) => output)
    venue.clearOutcomes()
    return told
  }
  return {
    on(...events: MarketEvent[]) {
      for (const event of events)
        venue.onRow(feed.columns, feed.append(event), event.instrument === GOLD.id ? 0 : -1)
      return outcomes()
    },
    order(side: 'buy' | 'sell', size: TradeTerms['size'], timeMs = START_MS, limitE8: bigint | null = null) {
      const terms: TradeTerms =
        limitE8 === null
          ? { kind: 'market', side, size }
          : { kind: 'limit', side, size, limitE8: priceE8(limitE8) }
      venue.place(
        acceptUnsigned({
          agent: AGENT,
          sequence: sequence++,
          instrument: GOLD.id,
          timeMs: unixMs(timeMs),
          output: { kind: 'order', terms, referencePriceE8: priceE8(PRICE) },
        }),
      )
    },
  }
}
const units = (amount: bigint) => ({ units: quantity(amount) })

describe('a pool of one’s own curve', () => {
  test('a larger order pays a worse price, by the v3 formula to the last 10⁻⁸', () => {
    const prices = [1n, 1_000n, 4_000n, 7_000n].map(amount => {
      const venue = opened({ pools: [pool] })
      venue.order('buy', units(amount))
      const [fill] = venue.on(onChain(state(), 1))
      const paid = quoteExactOutput({ ...state(), ...NO_RANGE }, amount, false, pool.feePpm) ?? 0n
      // Dollars of six decimals for amounts of three: the average price in 10⁻⁸, up.
      expect(fill).toMatchObject({ outcome: 'filled', quantity: amount, feeE8: 0n })
      const price = (fill as { priceE8: bigint }).priceE8
      expect(price).toBe((paid * 1_000n * 100n + amount - 1n) / amount)
      return { amount: Number(amount), price: Number(price) / 1e8 }
    })
    for (const { amount, price } of prices) {
      // The white paper's 6.2.3 in doubles: Δ(1/√P) = -Δx/L, Δy = L·Δ√P, and the fee on what goes in.
      const root = Math.sqrt(2e6)
      const next = 1 / (1 / root - amount / 3e9)
      const paid = (3e9 * (next - root)) / (1 - 0.0005)
      expect(price / (paid / 1e6 / (amount / 1e3))).toBeCloseTo(1, amount < 1_000 ? 4 : 7)
    }
    const paid = prices.map(({ price }) => price)
    expect(paid).toEqual(paid.toSorted((a, b) => a - b))
    expect(new Set(paid).size).toBe(paid.length)
  })

  test('a sale gets what an exact input pays out, where the base is the second token too', () => {
    const venue = opened({ pools: [{ ...pool, baseIsToken0: false }] })
    // The other way round the pool's price is its inverse.
    const inverse = (Q96 * Q96) / ROOT
    venue.order('buy', units(4_000n))
    venue.on(onChain(state({ sqrtPriceX96: inverse }), 1))
    venue.order('sell', units(4_000n), START_MS + BLOCK_MS)
    const [fill] = venue.on(onChain(state({ sqrtPriceX96: inverse }), 2))
    const got = quoteExactInput(
      { ...state(), sqrtPriceX96: inverse, ...NO_RANGE },
      4_000n,
      false,
      pool.feePpm,
    )
    expect(fill).toMatchObject({ priceE8: ((got ?? 0n) * 1_000n * 100n) / 4_000n })
  })

  test('the pool is as the swap left it that an order meets, and as liquidity changed since', () => {
    const priceAfter = (...events: MarketEvent[]) => {
      const venue = opened({ pools: [pool], marketOrders: 'thisClose' })
      venue.on(...events)
      venue.order('buy', units(4_000n), START_MS + BLOCK_MS)
      const [fill] = venue.on()
      return (fill as { priceE8: bigint }).priceE8
    }
    const change = (tickLower: number, tickUpper: number) =>
      onChain(
        {
          type: 'liquidity',
          pool: ZERO_ADDRESS,
          owner: ZERO_ADDRESS,
          liquidityDelta: LIQUIDITY,
          tickLower,
          tickUpper,
          amount0: 1n,
          amount1: 1n,
        },
        1,
        1,
      )
    const swap = onChain(state(), 1)
    const deep = onChain(state({ liquidity: 2n * LIQUIDITY }), 1)
    const price = priceAfter(swap)
    expect(priceAfter(deep)).toBeLessThan(price)
    expect(priceAfter(swap, change(-10, 10))).toBe(priceAfter(deep))
    expect(priceAfter(swap, change(0, 10))).toBe(priceAfter(deep))
    // Out of range: at the upper tick a position holds no more (the swap's tick is 0).
    expect(priceAfter(swap, change(-10, 0))).toBe(price)
    expect(priceAfter(swap, change(10, 20))).toBe(price)
  })

  test('what would move the pool further than stated ends, and a size in cash is what it can take', () => {
    const buy = (size: TradeTerms['size'], maxMovePpm?: number) => {
      const venue = opened({ pools: [{ ...pool, ...(maxMovePpm ? { maxMovePpm: ppm(maxMovePpm) } : {}) }] })
      venue.order('buy', size)
      return venue.on(onChain(state(), 1))[0]
    }
    // By a price of 1 % more, L · (1/√2,000,000 - 1/√2,020,000) = 10,527.7 are bought.
    expect(buy(units(10_500n))).toMatchObject({ outcome: 'filled' })
    expect(buy(units(10_600n))).toMatchObject({ outcome: 'ended', reason: 'liquidity' })
    expect(buy(units(10_600n), 0.02)).toMatchObject({ outcome: 'filled' })
    expect(buy({ cashE8: cashE8(1_000_000n * E8) })).toMatchObject({ outcome: 'filled', quantity: 10_527n })
  })

  test('a limit that the curve cannot meet is not filled at the limit: the swap reverts', () => {
    const buy = (limitE8: bigint) => {
      const venue = opened({ pools: [pool] })
      venue.order('buy', units(4_000n), START_MS, limitE8)
      return venue.on(onChain(state(), 1))
    }
    const [free] = buy(3_000_00000000n)
    expect(free).toMatchObject({ outcome: 'filled' })
    const price = (free as { priceE8: bigint }).priceE8
    expect(price).toBeGreaterThan(PRICE)
    expect(buy(price)).toMatchObject([{ outcome: 'filled', priceE8: price }])
    expect(buy(price - 1n)).toMatchObject([{ outcome: 'ended', reason: 'liquidity' }])
    // Below the pool's own price it rests.
    expect(buy(PRICE - 1n)).toEqual([])
  })

  test('only swaps of the pool that is named tell its state; before the first, it takes nothing', () => {
    const named: Address = '0x00000000000000000000000000000000000000aa'
    const venue = opened({ pools: [{ ...pool, address: named }] })
    venue.order('buy', units(10n))
    expect(venue.on(onChain(state(), 1))).toMatchObject([{ reason: 'liquidity' }])
    venue.order('buy', units(10n), START_MS + BLOCK_MS)
    expect(venue.on(onChain(state({ pool: named }), 2))).toMatchObject([{ outcome: 'filled' }])
  })

  test('a state that a reorg took back prices nothing', () => {
    const venue = opened({ pools: [pool], marketOrders: 'thisClose' })
    const withdrawal = { type: 'withdrawal', source: 'eip155:1', forkBlock: 0, throughBlock: 1 } as const
    venue.on(onChain(state(), 1), onChain({ ...withdrawal, observations: 1 }, 1, 1))
    venue.order('buy', units(10n), START_MS + BLOCK_MS)
    expect(venue.on()).toMatchObject([{ reason: 'liquidity' }])
  })

  test('a constant-product pool prices by the reserves of its last Sync', () => {
    const venue = opened({ pools: [{ ...pool, curve: 'constantProduct', feePpm: ppm(0.003) }] })
    const sync = (reserve0: bigint, reserve1: bigint) =>
      onChain(
        { type: 'contractEvent', contract: ZERO_ADDRESS, event: 'Sync', args: { reserve0, reserve1 } },
        1,
      )
    venue.on(sync(1n, 1n), sync(1_000_000n, 2_000_000_000_000n))
    venue.order('buy', units(10_000n))
    // UniswapV2Library.getAmountIn: 2·10¹² · 10⁴ · 1000 / (990,000 · 997) + 1 = 20,262,808,628: ten cost 20,262.808628.
    expect(venue.on(onChain(swapValue(PRICE), 1, 2))).toMatchObject([{ priceE8: 202_628_086_280n }])
  })
})

const NO_RANGE = { sqrtLowerX96: null, sqrtUpperX96: null }

describe('gas', () => {
  const gas: GasTerms = {
    units: 150_000n,
    gasPrice: { gweiOf: CURVE },
    coinPrice: { priceE8: cashE8(2_500n * E8) },
  }
  const gwei = (price: bigint, validMinute: number, knownMinute: number) =>
    eventAt(
      { type: 'nav', navE8: priceE8(price * E8) },
      {
        validAt: START_MS + validMinute * MINUTE_MS,
        knownAt: START_MS + knownMinute * MINUTE_MS,
        row: knownMinute,
        feed: 'test:gas',
      },
      CURVE,
    )
  const swapAt = (minute: number) =>
    eventAt(swapValue(PRICE), {
      validAt: START_MS + minute * MINUTE_MS,
      knownAt: START_MS + minute * MINUTE_MS,
      row: minute,
    })
  const feeOf = (terms: GasTerms, ...events: MarketEvent[]) => {
    const venue = opened({ gas: terms })
    venue.order('buy', units(10n))
    const [fill] = venue.on(...events)
    return fill
  }

  test('is charged at the price that was known when an order filled, whatever came later', () => {
    // 150,000 units at 20 gwei are 0.003 coins of 2,500: 7.5 dollars.
    expect(feeOf(gas, gwei(20n, 0, 1), swapAt(2))).toMatchObject({ outcome: 'filled', feeE8: 750_000_000n })
    expect(feeOf(gas, gwei(20n, 0, 1), gwei(40n, 1, 2), swapAt(3))).toMatchObject({ feeE8: 15n * E8 })
    // A correction of the past does not change the present.
    expect(feeOf(gas, gwei(20n, 1, 1), gwei(90n, 0, 2), swapAt(3))).toMatchObject({ feeE8: 750_000_000n })
  })

  test('at the open of a bar is that of the open, and not what came to be known inside the bar', () => {
    const bar = eventAt(
      {
        type: 'bar',
        closeMs: unixMs(START_MS + 10 * MINUTE_MS),
        bid: { open: priceE8(PRICE), high: priceE8(PRICE), low: priceE8(PRICE), close: priceE8(PRICE) },
        ask: { open: priceE8(PRICE), high: priceE8(PRICE), low: priceE8(PRICE), close: priceE8(PRICE) },
      },
      { validAt: START_MS + 3 * MINUTE_MS, knownAt: START_MS + 10 * MINUTE_MS, row: 9 },
    )
    expect(feeOf(gas, gwei(20n, 1, 1), gwei(80n, 4, 5), bar)).toMatchObject({ feeE8: 750_000_000n })
  })

  test('nothing is taken from the market before its price is known', () => {
    expect(feeOf(gas, swapAt(2))).toMatchObject({ outcome: 'ended', reason: 'liquidity' })
  })

  test('the coin may be what is traded', () => {
    const terms: GasTerms = { ...gas, gasPrice: { wei: 20_000_000_000n }, coinPrice: { priceOf: GOLD.id } }
    // 0.003 coins at 2,000.
    expect(feeOf(terms, swapAt(2))).toMatchObject({ feeE8: 6n * E8 })
  })

  test('prices of years are not all kept, and the newest still are', () => {
    const venue = opened({ gas })
    for (let minute = 1; minute < 100_000; minute += 7) venue.on(gwei(BigInt(minute), minute, minute))
    venue.order('buy', units(10n), START_MS + 100_000 * MINUTE_MS)
    const [fill] = venue.on(swapAt(100_001))
    // The last is that of minute 99,996 at 0.375 dollars for each gwei.
    expect(fill).toMatchObject({ feeE8: (99_996n * 375n * E8) / 1_000n })
  })
})

describe('latency in blocks', () => {
  const latencyBlocks = { blocks: 2, periodMs: BLOCK_MS }

  test('counts from the newest block that was known, and lets the swaps before it pass', () => {
    const venue = opened({ latencyBlocks })
    venue.on(onChain(state(), 10))
    venue.order('buy', units(10n), START_MS + 10 * BLOCK_MS + 500)
    expect(venue.on(onChain(state(), 11))).toEqual([])
    expect(venue.on(onChain(state(), 12))).toMatchObject([{ outcome: 'filled' }])
  })

  test('counts blocks that passed without an event, and the time to the node before them', () => {
    const venue = opened({ latencyBlocks, latencyMs: BLOCK_MS })
    venue.on(onChain(state(), 10))
    // Sent in the slot of block 13, at the node in that of block 14.
    venue.order('buy', units(10n), START_MS + 13 * BLOCK_MS + 1)
    expect(venue.on(onChain(state(), 15))).toEqual([])
    expect(venue.on(onChain(state(), 16))).toMatchObject([{ outcome: 'filled' }])
  })

  test('before any block, is as many whole periods', () => {
    const venue = opened({ latencyBlocks })
    venue.order('buy', units(10n), START_MS + 500)
    expect(venue.on(onChain(state(), 2))).toEqual([])
    expect(venue.on(onChain(state(), 3))).toMatchObject([{ outcome: 'filled' }])
  })
})
