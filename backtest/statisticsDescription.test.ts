import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cashE8, DAY_MS, priceE8, quantity, unixMs } from '../core/index.ts'
import {
  computeStatistics,
  describeStatistics,
  formatFigure,
  formatReport,
  type StatisticsInput,
} from './index.ts'
import { compounded, E8, run, START } from './statisticsRun.fixture.ts'

describe('everything that a run may carry', () => {
  const E = BigInt(E8)
  const whole: StatisticsInput = {
    ...run([1000, 1100, 990, 990, 1188]),
    equity: { ...run([1000, 1100, 990, 990, 1188]).equity, grossE8: [500 * E8, 550 * E8, 0, 990 * E8, 0] },
    trades: [
      {
        pnlE8: cashE8(100n * E),
        direction: 'long',
        entryMs: START,
        exitMs: START + 2 * DAY_MS,
        entryPriceE8: 100n * E,
        exitPriceE8: 110n * E,
        quantity: 10n,
        riskE8: 50n * E,
      },
    ],
    fills: [
      { timeMs: unixMs(START), side: 'buy', quantity: quantity(10n), priceE8: priceE8(100n * E) },
      {
        timeMs: unixMs(START + 2 * DAY_MS),
        side: 'sell',
        quantity: quantity(10n),
        priceE8: priceE8(110n * E),
      },
    ],
  }
  const found = computeStatistics(whole, {
    decimals: 0,
    prices: { timeMs: [0, 1, 2].map(day => START + day * DAY_MS), priceE8: [100, 80, 120].map(p => p * E8) },
  })

  test('exposure, turnover, excursions, returns of trades', () => {
    expect(found.averageExposure).toBeCloseTo((0.5 + 0.5 + 0 + 1) / 4, 12)
    // 1000 bought and 1100 sold, half of it over a mean equity of 1020, in 4 days.
    expect(found.turnover).toBeCloseTo((1_050 / 1_020) * (365.25 / 4), 9)
    expect(found.averageAdverseExcursion).toBeCloseTo(0.2, 12)
    expect(found.averageFavourableExcursion).toBeCloseTo(0.2, 12)
    expect(found.averageTradeReturn).toBeCloseTo(0.1, 12)
    expect(found.expectancyR).toBeCloseTo(2, 12)
  })

  test('every field is a figure with a unit and a convention, or a convention itself', () => {
    const named = new Set(describeStatistics(found).map(({ name }) => name))
    const conventions = ['returns', 'periodsPerYear', 'convention', 'riskFreeConvention', 'omegaThreshold']
    expect([...named, ...conventions].toSorted()).toEqual(Object.keys(found).toSorted())
    for (const figure of describeStatistics(found)) {
      expect(figure.convention, figure.name).not.toBe('')
      expect(formatFigure(figure)).not.toMatch(/NaN|Infinity|undefined/)
    }
  })

  test('docs/statistics.md describes every figure that is computed', () => {
    const page = readFileSync(resolve(import.meta.dirname, '../docs/statistics.md'), 'utf8')
    const given = ['startMs', 'endMs', 'initialEquityE8', 'finalEquityE8', 'trades', 'periods']
    for (const { name } of describeStatistics(found))
      if (!given.includes(name)) expect(page, name).toContain(`\`${name}\``)
  })

  test('the report has a line for each figure whose data were given', () => {
    expect(formatReport(found)).toContain('Turnover')
    expect(formatReport(found)).not.toContain('Alpha')
  })

  test('bar returns say so', () => {
    const bars = computeStatistics(whole, { returns: 'bar' })
    expect(bars).toMatchObject({ returns: 'bar', periods: 4 })
    expect(bars.periodsPerYear).toBeCloseTo(365.25, 9)
    expect(bars.sharpe).toBeCloseTo(Math.sqrt(3 / 20) * Math.sqrt(365.25), 9) // 0.05 / √(0.05/3)
    expect(formatReport(bars)).toContain('sample deviation of bar returns × √365')
  })
})

test('a Sharpe ratio over twenty returns or more comes with its evidence', () => {
  // 3 up, 1 down, of ten percent: mean 0.05, m₂ 0.0075, skewness −0.00075/0.0075^1.5 = −1.1547, kurtosis 7/3.
  const twenty = run(compounded(Array.from({ length: 20 }, (_, day) => (day % 4 === 3 ? -0.1 : 0.1))))
  const { probabilisticSharpe, minimumTrackRecord, skewness, kurtosis } = computeStatistics(twenty)
  expect(skewness).toBeCloseTo(-2 / Math.sqrt(3), 5)
  expect(kurtosis).toBeCloseTo(7 / 3, 5)
  // Sharpe 0.05/√(0.0075 · 20/19) = 0.562731; variance 1 + 1.1547 · 0.562731 + 0.316667/3 = 1.755336;
  // z = 0.562731 · √19 / 1.324891 = 1.851398, Φ = 0.967945; 1 + 1.755336 · (1.644854/0.562731)² = 15.9973.
  expect(probabilisticSharpe).toBeCloseTo(0.96794, 4)
  expect(minimumTrackRecord).toBeCloseTo(15.997, 2)
  expect(computeStatistics(run([1000, 1100, 990, 1100]))).toMatchObject({
    probabilisticSharpe: null,
    minimumTrackRecord: null,
  })
})
