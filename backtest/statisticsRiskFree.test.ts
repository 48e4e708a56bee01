import { describe, expect, test } from 'vitest'
import { DAY_MS, type Ppm } from '../core/index.ts'
import { computeStatistics } from './index.ts'
import { run, START } from './statisticsRun.fixture.ts'

describe('against a risk-free rate', () => {
  // Daily returns 0.1, −0.1, 0, 0.2: mean 0.05, sample variance 0.05/3.
  const equity = run([1000, 1100, 990, 990, 1188])

  test('of 3.65 % a year, a hundredth of a percent a day', () => {
    const { sharpe, sortino, annualisedVolatility, riskFreeConvention } = computeStatistics(equity, {
      riskFree: 36_500 as Ppm,
    })
    expect(sharpe).toBeCloseTo((0.0499 / Math.sqrt(0.05 / 3)) * Math.sqrt(365), 9)
    // Shortfalls −0.1001 and −0.0001.
    expect(sortino).toBeCloseTo((0.0499 / Math.sqrt((0.1001 ** 2 + 0.0001 ** 2) / 4)) * Math.sqrt(365), 9)
    expect(annualisedVolatility).toBeCloseTo(Math.sqrt((365 * 0.05) / 3), 9)
    expect(riskFreeConvention).toBe('risk-free rate 3.65 % a year')
  })

  test('of a series: each day has the yield last known when it began', () => {
    // 3.65 % for two days, then 7.30 %: over the rate 0.0999, −0.1001, −0.0002, 0.1998, which sum to 0.1994.
    const { sharpe, riskFreeConvention } = computeStatistics(equity, {
      riskFree: { timeMs: [0, START + 2 * DAY_MS], yieldPpm: [36_500, 73_000] },
    })
    const over = [0.0999, -0.1001, -0.0002, 0.1998]
    const squares = over.reduce((sum, value) => sum + (value - 0.1994 / 4) ** 2, 0)
    expect(sharpe).toBeCloseTo((0.1994 / 4 / Math.sqrt(squares / 3)) * Math.sqrt(365), 9)
    expect(riskFreeConvention).toBe('risk-free rate of 2 yields')
  })

  test.each([
    ['begins after the run', { timeMs: [START + 1], yieldPpm: [1] }, /yields begin at .* after the run/],
    ['is empty', { timeMs: [], yieldPpm: [] }, /yields are empty/],
    ['is ragged', { timeMs: [1, 2], yieldPpm: [1] }, /2 times and 1 values/],
    ['is no number', { timeMs: [1, 2], yieldPpm: [1, Number.NaN] }, /Point 1 of the risk-free yields/],
    ['goes back in time', { timeMs: [1, 3, 2], yieldPpm: [1, 1, 1] }, /Point 2 of the risk-free yields/],
    ['is no rate', Number.NaN as Ppm, /rate of NaN/],
  ])('that %s is refused', (_name, riskFree, message) => {
    expect(() => computeStatistics(equity, { riskFree })).toThrow(message)
  })
})
