import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS } from '../core/index.ts'
import { walkEquity } from './statisticsPath.ts'

const walk = (...equity: number[]) =>
  walkEquity(
    Float64Array.from(equity, (_, day) => day * DAY_MS),
    Float64Array.from(equity),
  )

test('two drawdowns by hand, the second not ended', () => {
  // From 1100 on day 1 to 990, back on day 4: a tenth, three days. From 1200 on day 4 to 1140: a twentieth, one day.
  const path = walk(1_000, 1_100, 990, 1_045, 1_200, 1_140)
  expect(path.maxDrawdown).toBeCloseTo(0.1, 12)
  expect(path.averageDrawdown).toBeCloseTo(0.075, 12)
  expect(path.currentDrawdown).toBeCloseTo(0.05, 12)
  expect(path).toMatchObject({
    maxDrawdownDurationMs: 3 * DAY_MS,
    averageDrawdownDurationMs: 2 * DAY_MS,
    drawdowns: 2,
    timeUnderWater: 4 / 5,
    currentDrawdownDurationMs: DAY_MS,
    meanEquityE8: (1_000 + 1_100 + 990 + 1_045 + 1_200) / 5, // Each held for the day that follows.
  })
})

test('a run that only rises, or has one point, has no drawdown', () => {
  expect(walk(1, 2, 2, 3)).toMatchObject({
    maxDrawdown: 0,
    averageDrawdown: null,
    drawdowns: 0,
    timeUnderWater: 0,
  })
  expect(walk(5)).toMatchObject({
    maxDrawdown: 0,
    timeUnderWater: null,
    meanEquityE8: 5,
    averageDrawdownDurationMs: null,
  })
})

test('equity below zero is a drawdown of more than all', () => {
  expect(walk(100, -50)).toMatchObject({ maxDrawdown: 1.5, currentDrawdown: 1.5 })
})

test.each([
  ['not a number', [1, Number.NaN, 1], 1],
  ['infinite', [1, 2, Number.POSITIVE_INFINITY], 2],
])('equity that is %s is refused by its index', (_name, equity, index) => {
  expect(() => walk(...equity)).toThrow(`Point ${index} of the equity series is not finite`)
})

test('a time that goes back is refused by its index', () => {
  expect(() => walkEquity(Float64Array.of(1, 3, 2), Float64Array.of(1, 1, 1))).toThrow(
    /Point 2 of the equity/,
  )
  expect(() => walkEquity(Float64Array.of(1, Number.NaN), Float64Array.of(1, 1))).toThrow(
    /Point 1 of the equity/,
  )
})

test('agrees with the definition: depth and duration of every point against the peak before it', () =>
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 60 }), equity => {
      let deepest = 0
      let longest = 0
      let under = 0
      for (let i = 0; i < equity.length; i++) {
        const peak = Math.max(...equity.slice(0, i + 1))
        deepest = Math.max(deepest, (peak - equity[i]!) / peak)
        const before = Math.max(...equity.slice(0, i))
        // The time from the last point at the peak before this one.
        if (i > 0 && (equity[i]! < before || equity[i - 1]! < before))
          longest = Math.max(longest, i - equity.lastIndexOf(before, i - 1))
        if (i > 0 && (equity[i]! < before || equity[i - 1]! < before)) under++
      }
      const path = walk(...equity)
      expect(path.maxDrawdown).toBe(deepest)
      expect(path.maxDrawdownDurationMs).toBe(longest * DAY_MS)
      if (equity.length > 1) expect(path.timeUnderWater).toBeCloseTo(under / (equity.length - 1), 12)
      expect(path.averageDrawdown ?? 0).toBeLessThanOrEqual(path.maxDrawdown + 1e-15)
    }),
  ))
