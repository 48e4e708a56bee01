import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  accuracy,
  averageRanks,
  brierScore,
  logLoss,
  measure,
  PROBABILITY_FLOOR,
  rankCorrelation,
} from './metrics.ts'

describe('metrics', () => {
  test('agree with values worked by hand', () => {
    const p = [0.9, 0.2, 0.6, 0.5]
    const up = [1, 0, 0, 1]
    expect(accuracy(p, up)).toBe(0.5) // ½ is no forecast of a rise.
    expect(logLoss(p, up)).toBeCloseTo(
      -(Math.log(0.9) + Math.log(0.8) + Math.log(0.4) + Math.log(0.5)) / 4,
      14,
    )
    expect(brierScore(p, up)).toBeCloseTo((0.01 + 0.04 + 0.36 + 0.25) / 4, 14)
  })

  test('a certain mistake costs much, but not everything', () => {
    expect(logLoss([1], [0])).toBeCloseTo(-Math.log(PROBABILITY_FLOOR), 10)
    expect(logLoss([0], [0])).toBeLessThan(1e-6)
  })

  test('a constant forecast has no information coefficient', () => {
    expect(measure([0.5, 0.5], [0, 1], [-1, 1])).toMatchObject({ informationCoefficient: null, brier: 0.25 })
  })

  test('ties share the average of their ranks', () => {
    expect([...averageRanks([10, 20, 20, 5, 20])]).toEqual([2, 4, 4, 1, 4])
  })

  test('rank correlation agrees with a value from scipy.stats.spearmanr', () => {
    // spearmanr([1, 2, 2, 4, 7, 7, 3], [2, 1, 4, 3, 9, 7, 7])
    expect(rankCorrelation([1, 2, 2, 4, 7, 7, 3], [2, 1, 4, 3, 9, 7, 7])).toBeCloseTo(0.7614999375457328, 12)
  })

  test('rank correlation is 1 for any rising function, changes sign with either side, and is symmetric', () => {
    const distinct = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 30 })
    fc.assert(
      fc.property(distinct, fc.infiniteStream(fc.integer({ min: 0, max: 5 })), (values, stream) => {
        expect(
          rankCorrelation(
            values,
            values.map(value => value ** 3 + value),
          ),
        ).toBeCloseTo(1, 12)
        const other = values.map(() => stream.next().value)
        const forward = rankCorrelation(values, other)
        expect(rankCorrelation(other, values)).toBe(forward)
        if (forward === null) return
        expect(Math.abs(forward)).toBeLessThanOrEqual(1 + 1e-12)
        expect(
          rankCorrelation(
            values.map(value => -value),
            other,
          ),
        ).toBeCloseTo(-forward, 12)
      }),
    )
  })
})
