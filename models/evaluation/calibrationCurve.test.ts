import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../core/index.ts'
import { brierScore } from '../metrics.ts'
import { brierParts, calibrationCurve, expectedCalibrationError } from './calibrationCurve.ts'

const forecasts = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.boolean()), { minLength: 1, maxLength: 80 })
  .map(pairs => ({
    probabilities: Float64Array.from(pairs, ([p]) => p / 20),
    outcomes: Uint8Array.from(pairs, ([, came]) => Number(came)),
  }))

describe('calibrationCurve', () => {
  test('pairs probability and share, bin by bin', () => {
    const curve = calibrationCurve(Float64Array.of(0.9, 0.1, 0.2, 0.8), Uint8Array.of(1, 0, 1, 1), 2)
    expect(curve.map(({ rows, outcomeShare }) => [rows, outcomeShare])).toEqual([
      [2, 0.5],
      [2, 1],
    ])
    expect(curve[0]!.meanProbability).toBeCloseTo(0.15, 15)
    expect(curve[1]!.meanProbability).toBeCloseTo(0.85, 15)
    expect(expectedCalibrationError(curve)).toBeCloseTo((0.35 + 0.15) / 2, 15)
  })

  test('divides no probability, and leaves no row out', () => {
    fc.assert(
      fc.property(forecasts, fc.integer({ min: 1, max: 12 }), ({ probabilities, outcomes }, bins) => {
        const curve = calibrationCurve(probabilities, outcomes, bins)
        const sorted = probabilities.toSorted()
        let from = 0
        for (const { rows } of curve) {
          expect(rows).toBeGreaterThan(0)
          if (from > 0) expect(sorted[from]!).toBeGreaterThan(sorted[from - 1]!)
          from += rows
        }
        expect(from).toBe(probabilities.length)
        expect(curve.length).toBeLessThanOrEqual(bins)
      }),
    )
  })

  test('cuts bins of one size where all probabilities differ', () => {
    const probabilities = Float64Array.from({ length: 100 }, (_, row) => row / 100)
    const curve = calibrationCurve(probabilities, new Uint8Array(100))
    expect(curve.map(({ rows }) => rows)).toEqual(new Array(10).fill(10))
  })

  test('is near the diagonal for outcomes that follow the probabilities', () => {
    const random = seededRandom(5)
    const probabilities = Float64Array.from({ length: 20_000 }, () => random())
    const outcomes = Uint8Array.from(probabilities, p => (random() < p ? 1 : 0))
    // Each of ten bins of 2,000 is within about √(¼ / 2000) = 0.011.
    expect(expectedCalibrationError(calibrationCurve(probabilities, outcomes))).toBeLessThan(0.012)
  })
})

describe('brierParts', () => {
  test('splits a score by hand', () => {
    // Bins {0.2, 0.2} with share ½ and {0.8, 0.8} with share 1: share of all ¾.
    const probabilities = Float64Array.of(0.2, 0.2, 0.8, 0.8)
    const parts = brierParts(probabilities, Uint8Array.of(0, 1, 1, 1), 2)
    expect(parts.reliability).toBeCloseTo((0.09 + 0.04) / 2, 15)
    expect(parts.resolution).toBeCloseTo(0.0625, 15)
    expect(parts.uncertainty).toBeCloseTo(0.1875, 15)
    expect(parts.withinBins).toBeCloseTo(0, 15)
  })

  test('adds up to the Brier score, with nothing within bins of equal forecasts', () => {
    fc.assert(
      fc.property(forecasts, fc.integer({ min: 1, max: 30 }), ({ probabilities, outcomes }, bins) => {
        const { reliability, resolution, uncertainty, withinBins } = brierParts(probabilities, outcomes, bins)
        expect(reliability - resolution + uncertainty + withinBins).toBeCloseTo(
          brierScore(probabilities, outcomes),
          12,
        )
        const distinct = new Set(probabilities).size
        if (calibrationCurve(probabilities, outcomes, bins).length === distinct)
          expect(withinBins).toBeCloseTo(0, 12)
      }),
    )
  })
})
