import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type TradeSpan, tradeExcursions } from './statisticsExcursions.ts'

const E8 = 100_000_000n
const trade = (
  direction: 'long' | 'short',
  entryMs: number,
  exitMs: number,
  entry: bigint,
  exit: bigint,
): TradeSpan => ({
  direction,
  entryMs,
  exitMs,
  entryPriceE8: entry * E8,
  exitPriceE8: exit * E8,
})
const prices = (...values: number[]) => ({
  timeMs: values.map((_, i) => i * 10),
  priceE8: values.map(value => value * 1e8),
})

test('the way of a price by hand', () => {
  // At 0, 10, 20, 30, 40. In from 0 to 30: the lowest is 95, the highest 110; 50 comes too late, 10 too early.
  const path = prices(10, 95, 110, 105, 50)
  const { adverse, favourable } = tradeExcursions(
    [trade('long', 0, 30, 100n, 105n), trade('short', 0, 30, 100n, 105n)],
    path,
  )
  expect(adverse[0]).toBeCloseTo(0.05, 12)
  expect(favourable[0]).toBeCloseTo(0.1, 12)
  expect(adverse[1]).toBeCloseTo(0.1, 12)
  expect(favourable[1]).toBeCloseTo(0.05, 12)
})

test('bars bring their lows and highs, and the exit price counts where no point saw it', () => {
  const path = { ...prices(100, 100, 100), lowE8: [1e8, 90e8, 1e8], highE8: [900e8, 103e8, 900e8] }
  const { adverse, favourable } = tradeExcursions(
    // The bar that ends at the exit is part of the trade, the one that ends at the entry is not.
    [trade('long', 5, 10, 100n, 100n), trade('long', 10, 12, 100n, 80n)],
    path,
  )
  expect(adverse[0]).toBeCloseTo(0.1, 12)
  expect(favourable[0]).toBeCloseTo(0.03, 12)
  expect(adverse[1]).toBeCloseTo(0.2, 12)
  expect(favourable[1]).toBe(0)
})

test('excursions are never negative, contain the outcome, and mirror between long and short', () =>
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 40 }),
      fc.nat(400),
      fc.nat(100),
      fc.bigInt(1n, 200n),
      fc.bigInt(1n, 200n),
      (values, from, length, entry, exit) => {
        const spans = [
          trade('long', from, from + length, entry, exit),
          trade('short', from, from + length, entry, exit),
        ]
        const { adverse, favourable } = tradeExcursions(spans, prices(...values))
        const outcome = Number(exit - entry) / Number(entry)
        expect(adverse[0]).toBeGreaterThanOrEqual(Math.max(0, -outcome) - 1e-12)
        expect(favourable[0]).toBeGreaterThanOrEqual(Math.max(0, outcome) - 1e-12)
        expect(adverse[1]).toBe(favourable[0])
        expect(favourable[1]).toBe(adverse[0])
      },
    ),
  ))

test('bad prices and trades are refused by their index', () => {
  expect(() => tradeExcursions([], prices(1, Number.NaN))).toThrow('Point 1 of the prices is not finite')
  expect(() => tradeExcursions([], { timeMs: [2, 1], priceE8: [1, 1] })).toThrow('Point 1 of the prices')
  expect(() => tradeExcursions([], { ...prices(1, 1), lowE8: [1] })).toThrow(
    'The lows have 2 times and 1 values',
  )
  expect(() => tradeExcursions([trade('long', 0, 1, 0n, 1n)], prices(1))).toThrow(
    'Trade 0 has an entry price',
  )
})
