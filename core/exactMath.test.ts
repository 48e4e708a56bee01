import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exactExp, exactLog } from './exactMath.ts'

const relativeError = (actual: number, expected: number) =>
  expected === 0 ? Math.abs(actual) : Math.abs(actual / expected - 1)

test('exactLog is within 1e-15 of Math.log, relative away from 1 and absolute near it', () => {
  fc.assert(
    fc.property(fc.double({ min: 5e-324, max: 1.7e308, noNaN: true }), value => {
      const expected = Math.log(value)
      expect(Math.abs(exactLog(value) - expected)).toBeLessThanOrEqual(
        1e-15 * Math.max(1, Math.abs(expected)),
      )
    }),
    { numRuns: 2_000 },
  )
})

test('exactLog keeps its relative accuracy near 1, where returns live', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e-3, max: 1e-3, noNaN: true }), x => {
      fc.pre(1 + x !== 1)
      expect(relativeError(exactLog(1 + x), Math.log(1 + x))).toBeLessThan(1e-15)
    }),
    { numRuns: 2_000 },
  )
})

test('exactExp is within 1e-15 of Math.exp', () => {
  fc.assert(
    fc.property(fc.double({ min: -700, max: 709, noNaN: true }), value => {
      expect(relativeError(exactExp(value), Math.exp(value))).toBeLessThan(1e-15)
    }),
    { numRuns: 2_000 },
  )
})

test('the edges are as IEEE 754 has them', () => {
  expect(exactLog(0)).toBe(Number.NEGATIVE_INFINITY)
  expect(exactLog(-1)).toBeNaN()
  expect(exactLog(1)).toBe(0)
  expect(exactLog(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY)
  expect(exactExp(0)).toBe(1)
  expect(exactExp(710)).toBe(Number.POSITIVE_INFINITY)
  expect(exactExp(-1e9)).toBe(0)
  expect(exactExp(Number.NaN)).toBeNaN()
})

test('the bits are pinned, so that another processor would notice', () => {
  const bits = (value: number) => {
    const view = new DataView(new ArrayBuffer(8))
    view.setFloat64(0, value)
    return view.getBigUint64(0).toString(16)
  }
  expect([2, 10, 1.0005, 0.1, 1234.5678].map(value => bits(exactLog(value)))).toMatchInlineSnapshot(`
    [
      "3fe62e42fefa39ef",
      "40026bb1bbb55516",
      "3f4061417a5d79c8",
      "c0026bb1bbb55515",
      "401c7951d51791d7",
    ]
  `)
  expect([1, -1, 0.5, 10, -0.0001].map(value => bits(exactExp(value)))).toMatchInlineSnapshot(`
    [
      "4005bf0a8b14576a",
      "3fd78b56362cef38",
      "3ffa61298e1e069c",
      "40d5829dcf950560",
      "3fefff2e4b97d31d",
    ]
  `)
})
