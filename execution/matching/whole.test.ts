import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ceilDivide, floorDivide } from './rounding.ts'
import {
  absolute,
  big,
  minus,
  negative,
  plus,
  quotientDown,
  quotientUp,
  times,
  type Whole,
  whole,
} from './whole.ts'

/** Of every size on both sides of what a double holds, and right beside its end. */
const positive = fc.oneof(
  fc.tuple(fc.nat(120), fc.bigInt(0n, 2n ** 120n)).map(([bits, value]) => value >> BigInt(bits)),
  fc.bigInt(-2n, 2n).map(by => 2n ** 53n + by),
  fc.nat(20).map(places => 10n ** BigInt(places)),
)
const any = fc.tuple(positive, fc.boolean()).map(([value, isBelow]) => (isBelow ? -value : value))

/** A number is in its one form: else equal numbers would not be `===`. */
function expectWhole(actual: Whole, expected: bigint): void {
  expect(big(actual)).toBe(expected)
  expect(typeof actual).toBe(Number.isSafeInteger(Number(expected)) ? 'number' : 'bigint')
}

test('sums, differences and products are those of big integers, in one form', () => {
  fc.assert(
    fc.property(any, any, (a, b) => {
      expectWhole(whole(a), a)
      expectWhole(plus(whole(a), whole(b)), a + b)
      expectWhole(minus(whole(a), whole(b)), a - b)
      expectWhole(times(whole(a), whole(b)), a * b)
      expectWhole(negative(whole(a)), -a)
      expectWhole(absolute(whole(a)), a < 0n ? -a : a)
    }),
    { seed: 21, numRuns: 4_000 },
  )
})

test('comparisons hold between both forms', () => {
  fc.assert(
    fc.property(any, any, (a, b) => {
      expect(whole(a) < whole(b)).toBe(a < b)
      expect(whole(a) >= whole(b)).toBe(a >= b)
      expect(whole(a) === whole(b)).toBe(a === b)
    }),
    { seed: 22, numRuns: 2_000 },
  )
})

test('quotients are those of big integers, rounded either way, to the last unit', () => {
  fc.assert(
    fc.property(any, positive, positive, (a, b, least) => {
      const divisor = least + 1n
      expectWhole(quotientDown(whole(a), whole(b), whole(divisor)), floorDivide(a * b, divisor))
      expectWhole(quotientUp(whole(a), whole(b), whole(divisor)), ceilDivide(a * b, divisor))
    }),
    { seed: 23, numRuns: 5_000 },
  )
})

test('quotients are exact at and beside whole ones', () => {
  fc.assert(
    fc.property(positive, positive, fc.bigInt(-1n, 1n), (quotient, least, by) => {
      const divisor = least + 1n
      const a = quotient * divisor + by
      expectWhole(quotientDown(whole(a), 1, whole(divisor)), floorDivide(a, divisor))
      expectWhole(quotientUp(whole(a), 1, whole(divisor)), ceilDivide(a, divisor))
    }),
    { seed: 24, numRuns: 4_000 },
  )
})
