import { expect, test } from 'vitest'
import { averageExposure, exposure, turnover } from './statisticsExposure.ts'

const fill = (timeMs: number, side: 'buy' | 'sell', quantity: bigint, market?: number) => ({
  timeMs,
  side,
  quantity,
  priceE8: 2n * 100_000_000n,
  ...(market === undefined ? {} : { market }),
})

test('positions of several instruments do not cancel', () => {
  const both = [fill(2, 'buy', 5n, 0), fill(4, 'sell', 5n, 1), fill(6, 'sell', 5n, 0), fill(9, 'buy', 5n, 1)]
  expect(exposure(both, 0, 10)).toBeCloseTo(0.7, 12) // From 2 to 9.
  const one = both.map(({ market: _, ...change }) => change)
  expect(exposure(one, 0, 10)).toBeCloseTo(0.5, 12) // 2 to 4, and 6 to 9.
  expect(exposure(one, 3, 3)).toBeNull()
})

test('average exposure holds each point until the next', () => {
  const times = Float64Array.of(0, 1, 1, 4)
  // 0 for 1, then (the second point lasts no time) 150/100 for 3: 4.5 of 4.
  expect(averageExposure(times, Float64Array.of(100, 100, 100, 50), [0, 100, 150, 0])).toBeCloseTo(1.125, 12)
  expect(averageExposure(times, Float64Array.of(100, 100, 0, 50), [0, 0, 0, 0])).toBeNull()
  expect(averageExposure(Float64Array.of(1), Float64Array.of(1), [0])).toBeNull()
})

test('turnover counts a position that is opened and closed once', () => {
  // 30 units with one decimal are 3, at 2: 6 bought and 6 sold; mean equity 12, half a year.
  const fills = [fill(1, 'buy', 30n), fill(2, 'sell', 30n), { ...fill(3, 'buy', 0n) }]
  expect(turnover(fills, { decimals: 1, meanEquityE8: 12e8, years: 0.5 })).toBeCloseTo(1, 12)
  expect(turnover(fills, { decimals: null, meanEquityE8: 12e8, years: 0.5 })).toBeNull()
  expect(
    turnover([{ timeMs: 1, side: 'buy', quantity: 1n }], { decimals: 1, meanEquityE8: 1, years: 1 }),
  ).toBeNull()
  expect(turnover(fills, { decimals: 1, meanEquityE8: 12e8, years: 0 })).toBeNull()
  expect(turnover([], { decimals: 1, meanEquityE8: 12e8, years: 1 })).toBe(0)
  // Another instrument with two decimals: 0.3 at 2 both ways.
  const both = [...fills, fill(4, 'buy', 30n, 1), fill(5, 'sell', 30n, 1)]
  expect(turnover(both, { decimals: [1, 2], meanEquityE8: 12e8, years: 0.5 })).toBeCloseTo(1.1, 12)
})
