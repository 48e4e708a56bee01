import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitScaler, SCALED_LIMIT, scaleRows, scaleValue } from './scaler.ts'

describe('scaler', () => {
  test('measures the given rows only, missing values left out', () => {
    const values = Float32Array.of(1, 10, 3, Number.NaN, 5, 30, 1_000, -1_000)
    const { mean, std } = fitScaler(values, 2, Uint32Array.of(0, 1, 2))
    expect(mean).toEqual(Float32Array.of(3, 20))
    expect(std).toEqual(Float32Array.of(Math.sqrt(8 / 3), 10))
  })

  test('puts a missing value at the mean and cuts outliers off', () => {
    expect(scaleValue(Number.NaN, 3, 2)).toBe(0)
    expect(scaleValue(Number.POSITIVE_INFINITY, 3, 2)).toBe(0)
    expect(scaleValue(5, 3, 2)).toBe(1)
    expect(scaleValue(3.4e38, -3.4e38, 2)).toBe(SCALED_LIMIT)
    expect(scaleValue(-3.4e38, 3.4e38, 2)).toBe(-SCALED_LIMIT)
  })

  test('ignores a feature that never varied, or was never there', () => {
    const values = Float32Array.of(0.1, Number.NaN, 0.1, Number.NaN, 0.1, Number.NaN)
    const scaler = fitScaler(values, 2, Uint32Array.of(0, 1, 2))
    expect(scaler.std).toEqual(Float32Array.of(0, 0))
    expect(scaleRows(Float32Array.of(7, 7), Uint32Array.of(0), scaler)).toEqual(Float32Array.of(0, 0))
  })

  test('finds no variation in any repeated value', () => {
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 1, max: 500 }),
        (value, rows) => {
          const values = new Float32Array(rows).fill(value)
          expect(fitScaler(values, 1, Uint32Array.from(values.keys())).std[0]).toBe(0)
        },
      ),
    )
  })

  test('gives binary32 values of mean 0 and variance 1 over its own rows', () => {
    const column = fc.array(fc.float({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 10, maxLength: 60 })
    fc.assert(
      fc.property(column, list => {
        const values = Float32Array.from(list)
        const rows = Uint32Array.from(list.keys())
        const scaler = fitScaler(values, 1, rows)
        fc.pre(scaler.std[0]! > Math.abs(scaler.mean[0]!) * 1e-3 && scaler.std[0]! > 1e-3)
        const scaled = scaleRows(values, rows, scaler)
        const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length
        const variance = scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / scaled.length
        expect(Math.abs(mean)).toBeLessThan(1e-3)
        expect(Math.abs(variance - 1)).toBeLessThan(1e-2)
      }),
    )
  })
})
