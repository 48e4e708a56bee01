import { describe, expect, test } from 'vitest'
import { MINUTE_MS } from '../../../core/index.ts'
import { liquidity, swap } from '../sampleEvents.conformance.ts'
import { featureAt } from './featureAt.conformance.ts'
import { swapIntensity } from './intensity.ts'
import { liquidityChange } from './liquidityChange.ts'
import { netLiquidityFlow } from './netLiquidityFlow.ts'
import { orderFlowImbalance, signedOrderFlow } from './orderFlow.ts'
import { tradeSizeTail } from './tradeSizeTail.ts'
import { vwapDeviation } from './vwapDeviation.ts'

const m = (minutes: number) => minutes * MINUTE_MS
const window = { windowMs: m(5) }

/** Buys 2 at 100, sells 1 at 100, buys 1 at 110. */
const trades = [
  swap(m(0), { price: 100, base: 2 }),
  swap(m(3), { price: 100, base: -1 }),
  swap(m(5), { price: 110, base: 1 }),
]

describe('order flow', () => {
  test('is what was bought less what was sold in (now − window, now]', () => {
    expect(featureAt(signedOrderFlow(window), trades, m(5))).toBeCloseTo(10, 6)
    expect(featureAt(signedOrderFlow(window), trades, m(8) - 1)).toBeCloseTo(10, 6)
    expect(featureAt(signedOrderFlow(window), trades, m(8))).toBeCloseTo(110, 6)
    expect(featureAt(signedOrderFlow(window), trades, m(10))).toBe(0)
  })

  test('is missing until swaps cover the window', () =>
    expect(featureAt(signedOrderFlow(window), trades.slice(0, 2), m(5) - 1)).toBeNaN())

  test('imbalance is its share of all value, and missing without volume', () => {
    expect(featureAt(orderFlowImbalance(window), trades, m(5))).toBeCloseTo(10 / 210, 6)
    expect(featureAt(orderFlowImbalance(window), trades, m(8))).toBe(1)
    expect(featureAt(orderFlowImbalance(window), trades, m(10))).toBeNaN()
  })

  test('ignores swaps of another instrument', () => {
    const other = swap(m(6), { base: 1_000 }, { instrument: 'sample:SILVER' as never })
    expect(featureAt(signedOrderFlow(window), [...trades, other], m(8))).toBeCloseTo(110, 6)
  })
})

describe('tradeSizeTail', () => {
  test('is the share of the largest 5 %, rounded up to whole trades', () => {
    // Sizes 100, 200 … 2,000 in mixed order, after one that has left the window.
    const covered = [
      swap(1, { base: 500 }),
      ...Array.from({ length: 20 }, (_, i) => swap(m(5) + i + 1, { base: ((i * 7) % 20) + 1 })),
    ]
    expect(featureAt(tradeSizeTail(window), covered, m(5) + 20)).toBeCloseTo(20 / 210, 6)
    expect(featureAt(tradeSizeTail({ ...window, percent: 6 }), covered, m(5) + 20)).toBeCloseTo(39 / 210, 6)
  })

  test('forgets what left the window, and is missing without volume', () => {
    const events = [swap(0, { base: 1_000 }), swap(m(4), { base: 1 }), swap(m(5), { base: 3 })]
    expect(featureAt(tradeSizeTail(window), events, m(5))).toBeCloseTo(3 / 4, 6)
    expect(featureAt(tradeSizeTail(window), events, m(20))).toBeNaN()
  })

  test('refuses a share that is no percentage', () =>
    expect(() => tradeSizeTail({ ...window, percent: 0 })).toThrow(
      'A trade-size tail of 0 % is not possible.',
    ))
})

test('swapIntensity counts swaps per minute', () => {
  expect(featureAt(swapIntensity(window), trades, m(5))).toBeCloseTo(2 / 5, 6)
  expect(featureAt(swapIntensity(window), trades, m(30))).toBe(0)
})

test('vwapDeviation compares the price with the volume-weighted mean', () => {
  // In (0, 5]: 1 at 100 and 1 at 110.
  expect(featureAt(vwapDeviation(window), trades, m(5))).toBeCloseTo(110 / 105 - 1, 6)
  expect(featureAt(vwapDeviation(window), trades, m(11))).toBeNaN()
})

describe('liquidity', () => {
  test('change is the log ratio to a window ago', () => {
    const swaps = [
      swap(m(0), { liquidity: 1_000n }),
      swap(m(2), { liquidity: 3_000n }),
      swap(m(5), { liquidity: 2_000n }),
    ]
    expect(featureAt(liquidityChange(window), swaps, m(5))).toBeCloseTo(Math.log(2), 6)
    expect(featureAt(liquidityChange(window), swaps, m(7))).toBeCloseTo(Math.log(2 / 3), 6)
    expect(featureAt(liquidityChange(window), [swap(0, { liquidity: 0n }), swap(m(5))], m(5))).toBeNaN()
  })

  test('flow counts the share of the band around the tick that a change covers', () => {
    const events = [
      liquidity(m(0), 77n, -10, 10), // before the tick is known
      swap(m(1), { liquidity: 1_000n, tick: 0 }),
      liquidity(m(4), 500n, 10, 30), // a quarter of the band (−20, 20)
      liquidity(m(5), 9_999n, 20, 90), // outside it
      swap(m(5), { liquidity: 1_000n, tick: 10 }),
      liquidity(m(6), -100n, -999, 999), // all of it
    ]
    const feature = netLiquidityFlow({ ...window, bandTicks: 20 })
    expect(feature.name).toBe('net_liquidity_flow_20_5m')
    expect(featureAt(feature, events.slice(0, 5), m(6) - 1)).toBeNaN()
    expect(featureAt(feature, events, m(6))).toBeCloseTo(0.025, 6)
    expect(featureAt(feature, events, m(10))).toBeCloseTo(-0.1, 6)
  })

  test('flow cancels liquidity that came for one trade although the tick moved', () => {
    const events = [
      swap(0, { liquidity: 1_000n, tick: 9 }),
      liquidity(m(6), 80_000n, 10, 20),
      swap(m(6), { liquidity: 1_000n, tick: 15 }),
      liquidity(m(6), -80_000n, 10, 20),
    ]
    expect(featureAt(netLiquidityFlow(window), events, m(6))).toBe(0)
  })
})
