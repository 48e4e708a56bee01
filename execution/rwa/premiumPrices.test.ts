import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, priceE8, seededRandom, unixMs } from '../../core/index.ts'
import { type PremiumTerms, premiumPrices } from './premiumPrices.ts'

const TERMS: PremiumTerms = { meanPpm: -2_000, deviationPpm: 5_000, halfLifeMs: DAY_MS, halfSpreadPpm: 100 }
const NAV = priceE8(10_000_000_000n)
const hourly = (count: number) =>
  Array.from({ length: count }, (_, hour) => ({ timeMs: unixMs(hour * HOUR_MS), navE8: NAV }))

describe('a simulated premium', () => {
  const seed = 20_260_105
  const quotes = premiumPrices(hourly(24 * 4_000), TERMS, seededRandom(seed))
  const premiums = quotes.map(({ bidE8, askE8 }) => (Number(bidE8 + askE8) / 2 / Number(NAV) - 1) * 1e6)
  const mean = premiums.reduce((sum, premium) => sum + premium, 0) / premiums.length

  test(`returns to its mean, with its deviation and half-life (seed ${seed})`, () => {
    const variance = premiums.reduce((sum, premium) => sum + (premium - mean) ** 2, 0) / premiums.length
    // A day apart, half of it is left: the correlation is one half.
    const products = premiums
      .slice(24)
      .map((premium, hour) => (premium - mean) * ((premiums[hour] ?? 0) - mean))
    const correlation = products.reduce((sum, product) => sum + product, 0) / products.length / variance
    // 4,000 days are about 4,000 × ln 2 ÷ 2 independent ones: a standard error of 140 of the mean.
    expect(Math.abs(mean - TERMS.meanPpm)).toBeLessThan(3 * 140)
    expect(Math.sqrt(variance) / TERMS.deviationPpm).toBeCloseTo(1, 1)
    expect(correlation).toBeCloseTo(0.5, 1)
  })

  test('quotes a spread about it, and the same again from the same seed', () => {
    for (const { bidE8, askE8 } of quotes.slice(0, 2_000)) {
      const spread = Number(askE8 - bidE8) / Number(NAV)
      expect(spread).toBeGreaterThanOrEqual(200e-6)
      expect(spread).toBeLessThan(203e-6)
    }
    expect(premiumPrices(hourly(50), TERMS, seededRandom(seed))).toEqual(quotes.slice(0, 50))
  })

  test('begins at its mean', () => {
    expect(premiumPrices(hourly(1), TERMS, seededRandom(1))).toEqual([
      { timeMs: 0, bidE8: 9_979_000_000n, askE8: 9_981_000_000n },
    ])
  })

  test('that cannot be is refused', () => {
    expect(() => premiumPrices(hourly(2), { ...TERMS, halfLifeMs: 0 }, seededRandom(1))).toThrow(
      'The terms of the premium are out of range.',
    )
    expect(() => premiumPrices([...hourly(2), ...hourly(1)], TERMS, seededRandom(1))).toThrow(
      'The time 0 does not follow 3600000.',
    )
  })
})
