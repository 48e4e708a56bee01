import { describe, expect, test } from 'vitest'
import { cashE8, E8, MINUTE_MS, ppm, priceE8, quantity, unixMs } from '../core/index.ts'
import { defineStrategy, type StrategyView } from '../strategies/index.ts'
import { exposureOf, orderSize, targetQuantity } from './orderSize.ts'
import { AGENT, restlessAgent } from './test/restlessAgent.ts'
import { runKernel } from './test/runKernel.ts'
import { randomBars } from './test/syntheticMarket.ts'

const basis = (held: bigint, equity = 1_000n * E8, price = 30n * E8) => ({
  held: quantity(held),
  equityE8: cashE8(equity),
  priceE8: priceE8(price),
  unit: 1_000n,
})
const target = (exposure: number) => ({ target: { exposure: ppm(exposure) } })

describe('targetQuantity', () => {
  test('is exposure × equity / price in smallest units, rounded towards zero', () => {
    expect(targetQuantity(ppm(1), basis(0n))).toBe(33_333n)
    expect(targetQuantity(ppm(-1), basis(0n))).toBe(-33_333n)
    expect(targetQuantity(ppm(0.000001), basis(0n))).toBe(0n)
  })

  test('is nothing without equity, whichever way', () => {
    expect(targetQuantity(ppm(1), basis(5n, 0n))).toBe(0n)
    expect(targetQuantity(ppm(1), basis(5n, -E8))).toBe(0n)
  })
})

test('exposureOf is the share of equity in the position, rounded towards zero', () => {
  expect(exposureOf(1n, cashE8(3n))).toBe(333_333)
  expect(exposureOf(-2n, cashE8(3n))).toBe(-666_666)
  expect(exposureOf(3n, cashE8(2n))).toBe(1_500_000)
  expect(exposureOf(3n, cashE8(-2n))).toBe(0)
})

describe('orderSize', () => {
  const long = restlessAgent({ allowShort: false })
  const both = restlessAgent({ allowShort: true })

  test('is the difference between what is wanted and what is held', () => {
    expect(orderSize(both, target(0.5), basis(10_000n))).toBe(6_666n)
    expect(orderSize(both, target(-0.5), basis(10_000n))).toBe(-26_666n)
    expect(orderSize(both, {}, basis(10_000n))).toBe(0n)
    expect(orderSize(both, target(0), basis(-7n))).toBe(7n)
  })

  test('nets orders into one', () => {
    const buy = { side: 'buy', quantity: quantity(500n) } as const
    const sell = { side: 'sell', quantity: quantity(800n) } as const
    expect(orderSize(both, { orders: [buy, sell] }, basis(100n))).toBe(-300n)
    expect(orderSize(both, { orders: [buy] }, basis(100n))).toBe(500n)
  })

  test('never sells more than is held unless it may go short', () => {
    expect(orderSize(long, target(-0.5), basis(10_000n))).toBe(-10_000n)
    const sell = { side: 'sell', quantity: quantity(10_001n) } as const
    expect(orderSize(long, { orders: [sell] }, basis(10_000n))).toBe(-10_000n)
    expect(orderSize(long, { orders: [sell] }, basis(0n))).toBe(0n)
  })

  test('is nothing below the smallest order, and stands at it', () => {
    const least = restlessAgent({ minOrderE8: cashE8(300n * E8) })
    // 10 whole units at 30 are 300.
    expect(orderSize(least, target(0.5), basis(16_666n - 10_000n))).toBe(10_000n)
    expect(orderSize(least, target(0.5), basis(16_666n - 9_999n))).toBe(0n)
    expect(orderSize(least, target(0.5), basis(16_666n + 10_000n))).toBe(-10_000n)
  })
})

test('a strategy sees its exposure, quantity and equity as they are', () => {
  const seen: StrategyView[] = []
  const strategy = defineStrategy({
    name: 'watching',
    version: 1,
    params: {},
    decide(view) {
      seen.push({ ...view })
      const signal = { direction: 1, strength: ppm(1), confidence: ppm(0.5), horizonMs: MINUTE_MS } as const
      return { signal, target: { exposure: ppm(0.5) } }
    },
  })
  const definition = restlessAgent({ strategy })
  const states: unknown[] = []
  const options = { agent: AGENT, definition, inference: null, activeFromMs: unixMs(0) }
  runKernel(options, randomBars(40, MINUTE_MS), ({ ledger }, event, decisions) => {
    if (!decisions.some(({ output }) => output.kind === 'signal')) return
    const { bid, ask } = event.value.type === 'bar' ? event.value : { bid: { close: 0n }, ask: { close: 0n } }
    const price = (bid.close + ask.close) / 2n
    const value = (ledger.quantity * price) / 1_000n
    const equity = ledger.cashE8 + value
    states.push({
      nowMs: event.knownAt,
      priceE8: price,
      quantity: ledger.quantity,
      equityE8: equity,
      exposure: Number((value * 1_000_000n) / equity),
    })
  })
  expect(seen.length).toBeGreaterThan(30)
  expect(seen.at(-1)?.exposure).toBeGreaterThan(490_000)
  expect(seen).toMatchObject(states)
})
