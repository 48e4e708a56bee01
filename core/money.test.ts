import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  cashE8,
  floorDivide,
  formatDecimal,
  parseDecimal,
  ppm,
  priceE8,
  quantity,
  quantityFor,
  valueE8,
} from './money.ts'

describe('parseDecimal', () => {
  test.each([
    ['552.8', 8, 55_280_000_000n],
    ['-0.000000015', 8, -2n],
    ['1e-8', 8, 1n],
    ['1.0001256153547387', 8, 100_012_562n],
    ['.5', 1, 5n],
    ['7', 0, 7n],
    ['12E3', 2, 1_200_000n],
  ])('%s at scale %d is %s', (text, scale, expected) => expect(parseDecimal(text, scale)).toBe(expected))

  test.each(['', '.', 'abc', '1,5', '1.2.3', '--1', 'NaN', '0x10', ' '])('"%s" is no number', text =>
    expect(parseDecimal(text, 8)).toBeNull(),
  )

  test('reads back exactly what formatDecimal writes', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.nat(18), (value, scale) => {
        expect(parseDecimal(formatDecimal(value, scale), scale)).toBe(value)
      }),
    )
  })
})

test('formatDecimal rounds down, also below zero', () => {
  expect(formatDecimal(199_999_999n, 8, 2)).toBe('1.99')
  expect(formatDecimal(-199_999_999n, 8, 2)).toBe('-2.00')
  expect(formatDecimal(5n, 8, 0)).toBe('0')
})

test('floorDivide rounds towards negative infinity', () => {
  fc.assert(
    fc.property(
      fc.bigInt(),
      fc.bigInt().filter(value => value !== 0n),
      (numerator, denominator) => {
        const quotient = floorDivide(numerator, denominator)
        const remainder = numerator - quotient * denominator
        expect(remainder === 0n || remainder < 0n === denominator < 0n).toBe(true)
        expect(remainder < 0n ? -remainder : remainder).toBeLessThan(
          denominator < 0n ? -denominator : denominator,
        )
      },
    ),
  )
})

test('what a sum of cash buys is never worth more than the sum', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 10n ** 20n), fc.bigInt(1n, 10n ** 14n), fc.nat(18), (cash, price, decimals) => {
      const bought = quantityFor(cashE8(cash), priceE8(price), decimals)
      expect(valueE8(bought, priceE8(price), decimals)).toBeLessThanOrEqual(cash)
      expect(valueE8(quantity(bought + 1n), priceE8(price), decimals) + 1n).toBeGreaterThan(cash)
    }),
  )
})

test('ppm rounds half away from zero on both sides', () => {
  expect([ppm(0.000_000_5), ppm(-0.000_000_5), ppm(0.25), ppm(-1)]).toEqual([1, -1, 250_000, -1_000_000])
})
