import fc from 'fast-check'
import { expect, test } from 'vitest'
import { INT32_MAX, INT32_MIN } from './program.ts'
import {
  MULTIPLIER_LIMIT,
  requantisationOf,
  requantise,
  SHIFT_LIMIT,
  saturate16,
  saturate32,
} from './requantise.ts'

test('a product is shifted and rounded half up, exactly', () => {
  expect(requantise(3, { multiplier: 1, shift: 1 })).toBe(2)
  expect(requantise(-3, { multiplier: 1, shift: 1 })).toBe(-1)
  expect(requantise(-5, { multiplier: 1, shift: 1 })).toBe(-2)
  fc.assert(
    fc.property(
      fc.integer({ min: INT32_MIN, max: INT32_MAX }),
      fc.integer({ min: 0, max: MULTIPLIER_LIMIT - 1 }),
      fc.integer({ min: 0, max: SHIFT_LIMIT }),
      (value, multiplier, shift) => {
        const half = shift === 0 ? 0n : 1n << BigInt(shift - 1)
        const expected = (BigInt(value) * BigInt(multiplier) + half) >> BigInt(shift)
        expect(BigInt(requantise(value, { multiplier, shift }))).toBe(expected)
      },
    ),
    { numRuns: 2_000, seed: 1 },
  )
})

test('a ratio is met to 16 bits', () => {
  expect(requantisationOf(1)).toEqual({ multiplier: 32_768, shift: 15 })
  expect(requantisationOf(0)).toEqual({ multiplier: 0, shift: SHIFT_LIMIT })
  fc.assert(
    fc.property(fc.double({ min: 1e-8, max: 60_000, noNaN: true }), ratio => {
      const { multiplier, shift } = requantisationOf(ratio)
      expect(multiplier).toBeGreaterThanOrEqual(32_768)
      expect(multiplier).toBeLessThan(MULTIPLIER_LIMIT)
      expect(Math.abs(multiplier / 2 ** shift / ratio - 1)).toBeLessThan(2 ** -15)
    }),
    { seed: 2 },
  )
})

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 70_000])('a ratio of %d is refused', ratio => {
  expect(() => requantisationOf(ratio)).toThrow(`A scale of ${ratio} cannot be written in integers.`)
})

test('what is out of range saturates', () => {
  expect([40_000, -40_000, 5].map(saturate16)).toEqual([32_767, -32_768, 5])
  expect([2 ** 40, -(2 ** 40), 5].map(saturate32)).toEqual([INT32_MAX, INT32_MIN, 5])
})
