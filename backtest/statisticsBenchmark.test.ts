import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, type Ppm } from '../core/index.ts'
import { computeStatistics } from './index.ts'
import { compounded, E8, run, START } from './statisticsRun.fixture.ts'

describe('against a benchmark', () => {
  const market = [0.01, -0.02, 0.03, 0, 0.02]
  const series = (prices: readonly number[]) => ({
    timeMs: prices.map((_, day) => START + day * DAY_MS),
    priceE8: prices.map(price => price * E8),
  })

  test('returns of 0.1 % and twice the market have beta 2 and alpha 36.5 %', () => {
    const { alpha, beta, benchmarkReturn } = computeStatistics(
      {
        ...run([]),
        equity: {
          timeMs: series(compounded(market)).timeMs,
          equityE8: compounded(market.map(r => 0.001 + 2 * r)).map(v => v * E8),
        },
      },
      { benchmark: series(compounded(market)) },
    )
    expect(beta).toBeCloseTo(2, 9)
    expect(alpha).toBeCloseTo(0.365, 9)
    expect(benchmarkReturn).toBeCloseTo(1.01 * 0.98 * 1.03 * 1.02 - 1, 12)
  })

  test('the risk-free rate is taken from both sides', () => {
    // Over 0.01 % a day: r − f = a + 2 (b − f), so a = 0.001 + 2 · 0.0001 − 0.0001 = 0.0011.
    const { alpha, beta } = computeStatistics(
      {
        ...run([]),
        equity: {
          timeMs: series(compounded(market)).timeMs,
          equityE8: compounded(market.map(r => 0.001 + 2 * r)).map(v => v * E8),
        },
      },
      { benchmark: series(compounded(market)), riskFree: 36_500 as Ppm },
    )
    expect(beta).toBeCloseTo(2, 9)
    expect(alpha).toBeCloseTo(0.0011 * 365, 9)
  })

  test('a price counts from its time on: prices at other hours than the equity’s', () => {
    const prices = series(compounded(market))
    const shifted = { ...prices, timeMs: prices.timeMs.map(time => time - 6 * HOUR_MS) }
    const equity = run(compounded(market.map(r => 2 * r)))
    expect(computeStatistics(equity, { benchmark: shifted }).beta).toBeCloseTo(2, 6)
  })

  test('a benchmark that does not move has no beta', () => {
    expect(computeStatistics(run(compounded(market)), { benchmark: series(Array(6).fill(5)) })).toMatchObject(
      {
        alpha: null,
        beta: null,
        benchmarkReturn: 0,
      },
    )
    expect(computeStatistics(run(compounded(market)))).toMatchObject({
      alpha: null,
      beta: null,
      benchmarkReturn: null,
    })
  })

  test.each([
    ['begins after the run', { timeMs: [START + 1], priceE8: [1] }, /prices begin at .* after the run/],
    ['is empty', { timeMs: [], priceE8: [] }, /prices are empty/],
    ['is no number', { timeMs: [1, 2], priceE8: [1, Number.NaN] }, /Point 1 of the benchmark prices/],
    [
      'is negative',
      { timeMs: [1, 2, 3], priceE8: [1, 1, -1] },
      /Point 2 of the benchmark prices is not above zero/,
    ],
    ['goes back in time', { timeMs: [2, 1], priceE8: [1, 1] }, /Point 1 of the benchmark prices/],
  ])('that %s is refused', (_name, benchmark, message) => {
    expect(() => computeStatistics(run([1000, 1100]), { benchmark })).toThrow(message)
  })
})
