import { describe, expect, test } from 'vitest'
import { cashE8, E8, MINUTE_MS, ppm, priceE8, quantity, unixMs } from '../core/index.ts'
import { defineStrategy, type StrategyView } from '../strategies/index.ts'
import { exposureOf } from './market.ts'
import { orderToTarget, sizedOrder, targetQuantity } from './sizedOrder.ts'
import { AGENT, restlessAgent } from './test/restlessAgent.ts'
import { runKernel } from './test/runKernel.ts'
import { randomBars } from './test/syntheticMarket.ts'

const basis = (held: bigint, equity = 1_000n * E8, price = 30n * E8) => ({
  held: quantity(held),
  equityE8: cashE8(equity),
  priceE8: price,
  unit: 1_000n,
})

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

describe('orderToTarget', () => {
  const long = restlessAgent({ allowShort: false })
  const both = restlessAgent({ allowShort: true })
  const terms = (agent: typeof both, exposure: number, held: bigint) =>
    orderToTarget(agent, ppm(exposure), basis(held))?.terms ?? null

  test('from nothing, is sized at its fill by the share of equity', () => {
    expect(terms(both, 0.5, 0n)).toEqual({ kind: 'market', side: 'buy', size: { equityPpm: 500_000 } })
    expect(terms(both, -0.5, 0n)).toEqual({ kind: 'market', side: 'sell', size: { equityPpm: 500_000 } })
    expect(terms(long, -0.5, 0n)).toBeNull()
  })

  test('on the same side, trades the difference, and only reduces where it is less', () => {
    expect(terms(both, 0.5, 10_000n)).toEqual({ kind: 'market', side: 'buy', size: { units: 6_666n } })
    expect(terms(both, 0.25, 10_000n)).toEqual({
      kind: 'market',
      side: 'sell',
      size: { units: 1_667n },
      reduceOnly: true,
    })
    expect(terms(both, 0.5, 16_666n)).toBeNull()
  })

  test('to nothing, closes what is held', () => {
    const close = { kind: 'market', side: 'buy', size: { units: 7n }, reduceOnly: true }
    expect(terms(both, 0, -7n)).toEqual(close)
    expect(terms(long, -0.5, 7n)).toEqual({ ...close, side: 'sell' })
  })

  test('to the other side, closes and opens at one price', () => {
    expect(orderToTarget(both, ppm(-0.5), basis(10_000n))).toEqual({
      terms: { kind: 'market', side: 'sell', size: { equityPpm: 500_000 }, exclusive: true },
      // 26.666 traded and 16.666 held after it, at 30.
      tradedE8: 79_998_000_000n,
      positionE8: 49_998_000_000n,
    })
  })

  test('trades whole steps', () => {
    const stepped = restlessAgent({ venue: { ...both.venue, sizeStep: quantity(1_000n) } })
    expect(terms(stepped, 0.5, 10_000n)).toMatchObject({ size: { units: 6_000n } })
    expect(terms(stepped, 0.5, 16_000n)).toBeNull()
  })

  test('is nothing below the smallest order, and stands at it', () => {
    const least = restlessAgent({ minOrderE8: cashE8(300n * E8) })
    // 10 whole units at 30 are 300.
    expect(terms(least, 0.5, 16_666n - 10_000n)).toMatchObject({ size: { units: 10_000n } })
    expect(terms(least, 0.5, 16_666n - 9_999n)).toBeNull()
    expect(terms(least, 0.5, 16_666n + 10_000n)).toMatchObject({ side: 'sell', size: { units: 10_000n } })
  })
})

describe('sizedOrder', () => {
  const long = restlessAgent({ allowShort: false })
  const both = restlessAgent({ allowShort: true })
  const sell = {
    kind: 'limit',
    side: 'sell',
    limitE8: priceE8(31n * E8),
    size: { units: quantity(800n) },
  } as const

  test('sells no more than is held unless the agent may go short', () => {
    expect(sizedOrder(both, sell, basis(100n)).terms).toBe(sell)
    expect(sizedOrder(long, sell, basis(100n)).terms).toEqual({ ...sell, reduceOnly: true })
  })

  test('says what is traded and what is held after it, for the limits', () => {
    expect(sizedOrder(both, sell, basis(100n))).toMatchObject({ tradedE8: 24n * E8, positionE8: 21n * E8 })
    expect(sizedOrder(long, sell, basis(100n))).toMatchObject({ tradedE8: 3n * E8, positionE8: 0n })
    const equity = { kind: 'market', side: 'buy', size: { equityPpm: ppm(0.3) } } as const
    expect(sizedOrder(both, equity, basis(0n))).toMatchObject({ tradedE8: 300n * E8, positionE8: 300n * E8 })
    const cash = { kind: 'market', side: 'buy', size: { cashE8: cashE8(60n * E8) }, exclusive: true } as const
    expect(sizedOrder(both, cash, basis(-500n))).toMatchObject({ tradedE8: 75n * E8, positionE8: 60n * E8 })
  })

  test('values requests to an issuer', () => {
    const subscribe = { kind: 'subscribe', amountE8: cashE8(50n * E8) } as const
    expect(sizedOrder(long, subscribe, basis(1_000n))).toEqual({
      terms: subscribe,
      tradedE8: 50n * E8,
      positionE8: 80n * E8,
    })
    const redeem = { kind: 'redeem', shares: quantity(400n) } as const
    expect(sizedOrder(long, redeem, basis(1_000n))).toEqual({
      terms: redeem,
      tradedE8: 12n * E8,
      positionE8: 18n * E8,
    })
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
  runKernel(options, randomBars(40, MINUTE_MS), ({ venue: { holdings } }, event, decisions) => {
    if (!decisions.some(({ output }) => output.kind === 'signal')) return
    const { bid, ask } = event.value.type === 'bar' ? event.value : { bid: { close: 0n }, ask: { close: 0n } }
    const price = (bid.close + ask.close) / 2n
    const value = (holdings.quantity(0) * price) / 1_000n
    const equity = holdings.cashE8 + value
    states.push({
      nowMs: event.knownAt,
      priceE8: price,
      quantity: holdings.quantity(0),
      equityE8: equity,
      exposure: Number((value * 1_000_000n) / equity),
    })
  })
  expect(seen.length).toBeGreaterThan(30)
  expect(seen.at(-1)?.exposure).toBeGreaterThan(490_000)
  expect(seen).toMatchObject(states)
})
