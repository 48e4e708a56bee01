import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calmarRatio, moments, omegaRatio, sharpeRatio, sortinoRatio } from './statisticsRatios.ts'

describe('four returns, by hand', () => {
  const returns = Float64Array.of(0.1, -0.1, 0, 0.2)

  test('moments', () => {
    // Mean 0.05; distances 0.05, −0.15, −0.05, 0.15: squares sum to 0.05, cubes to 0, fourth powers to 0.001025.
    const { count, mean, deviation, skewness, kurtosis } = moments(returns)!
    expect(count).toBe(4)
    expect(mean).toBeCloseTo(0.05, 15)
    expect(deviation).toBeCloseTo(Math.sqrt(0.05 / 3), 15)
    expect(skewness).toBeCloseTo(0, 12)
    expect(kurtosis).toBeCloseTo(0.00025625 / 0.0125 ** 2, 12) // 1.64
  })

  test('Sharpe, Sortino, omega', () => {
    expect(sharpeRatio(moments(returns), 100)).toBeCloseTo((0.05 / Math.sqrt(0.05 / 3)) * 10, 12)
    expect(sortinoRatio(returns, 100)).toBeCloseTo((0.05 / Math.sqrt(0.01 / 4)) * 10, 12) // 10
    expect(omegaRatio(returns, 0)).toBeCloseTo(3, 12) // (0.1 + 0.2) / 0.1
    expect(omegaRatio(returns, 0.05)).toBeCloseTo(1, 12) // (0.05 + 0.15) / (0.15 + 0.05)
    expect(omegaRatio(returns, 0.1)).toBeCloseTo(0.1 / 0.3, 12) // 0.1 / (0.2 + 0.1)
  })

  test('Calmar', () => {
    expect(calmarRatio(0.3, 0.15)).toBeCloseTo(2, 12)
    expect(calmarRatio(null, 0.15)).toBeNull()
    expect(calmarRatio(0.3, 0)).toBeNull()
  })
})

test('a lopsided sample has the skewness and kurtosis of its central moments', () => {
  // Distances −1, −1, −1, 3: m₂ = 3, m₃ = 6, m₄ = 21.
  const { skewness, kurtosis } = moments(Float64Array.of(0, 0, 0, 4))!
  expect(skewness).toBeCloseTo(6 / 3 ** 1.5, 12)
  expect(kurtosis).toBeCloseTo(21 / 9, 12)
})

test('what is undefined is null', () => {
  expect(moments(new Float64Array(0))).toBeNull()
  expect(moments(Float64Array.of(3))).toEqual({
    count: 1,
    mean: 3,
    deviation: 0,
    skewness: null,
    kurtosis: null,
  })
  expect(sharpeRatio(moments(Float64Array.of(0.1, 0.1)), 365)).toBeNull()
  expect(sharpeRatio(null, 365)).toBeNull()
  expect(sortinoRatio(Float64Array.of(0.1, 0.2), 365)).toBeNull()
  expect(sortinoRatio(Float64Array.of(-0.1), 365)).toBeNull()
  expect(omegaRatio(Float64Array.of(0.1, 0.2), 0)).toBeNull()
})

const samples = fc
  .array(fc.integer({ min: -500_000, max: 500_000 }), { minLength: 3, maxLength: 50 })
  .map(millionths => Float64Array.from(millionths, value => value / 1_000_000))

test('scaling returns leaves every ratio, mirroring them turns the signs', () =>
  fc.assert(
    fc.property(samples, returns => {
      const half = returns.map(value => value / 2)
      const mirrored = returns.map(value => -value)
      fc.pre((moments(returns)?.deviation ?? 0) > 1e-6)
      // A power of two scales without rounding.
      expect(sharpeRatio(moments(half), 365)).toBe(sharpeRatio(moments(returns), 365))
      expect(sortinoRatio(half, 365)).toBe(sortinoRatio(returns, 365))
      expect(omegaRatio(half, 0)).toBe(omegaRatio(returns, 0))
      expect(moments(half)?.kurtosis).toBe(moments(returns)?.kurtosis)
      expect(sharpeRatio(moments(mirrored), 365)).toBe(-(sharpeRatio(moments(returns), 365) ?? 0))
      expect(moments(mirrored)?.skewness).toBe(-(moments(returns)?.skewness ?? 0))
      const [omega, inverse] = [omegaRatio(returns, 0), omegaRatio(mirrored, 0)]
      if (omega !== null && inverse !== null && omega > 0) expect(omega * inverse).toBeCloseTo(1, 9)
    }),
  ))

test('omega is above 1 just where the mean is above the threshold', () =>
  fc.assert(
    fc.property(samples, fc.double({ min: -0.4, max: 0.4, noNaN: true }), (returns, threshold) => {
      const omega = omegaRatio(returns, threshold)
      const mean = moments(returns)?.mean ?? 0
      fc.pre(omega !== null && Math.abs(mean - threshold) > 1e-9)
      expect((omega ?? 0) > 1).toBe(mean > threshold)
    }),
  ))
