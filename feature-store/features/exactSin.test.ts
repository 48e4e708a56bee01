import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exactCos, exactSin } from './exactSin.ts'

test('agree with the processor to 10⁻¹⁵ on any turn', () =>
  fc.assert(
    fc.property(fc.double({ min: -4, max: 4, noNaN: true }), turns => {
      expect(Math.abs(exactSin(turns) - Math.sin(2 * Math.PI * (turns % 1)))).toBeLessThan(2e-15)
      expect(Math.abs(exactCos(turns) - Math.cos(2 * Math.PI * (turns % 1)))).toBeLessThan(2e-15)
    }),
    { numRuns: 1_000 },
  ))

test('are exact at the quarters, with one zero', () => {
  expect([0, 0.25, 0.5, 0.75, 1, -0.25].map(exactSin)).toEqual([0, 1, 0, -1, 0, -1])
  expect([0, 0.25, 0.5, 0.75].map(exactCos)).toEqual([1, 0, -1, 0])
})

test('give the same bits on every machine', () => {
  const words = new DataView(new ArrayBuffer(8))
  const bits = (value: number) => {
    words.setFloat64(0, value)
    return words.getBigUint64(0).toString(16)
  }
  expect([1 / 168, 0.1, 0.3, 0.45].map(exactSin).map(bits)).toMatchInlineSnapshot(`
    [
      "3fa324f0492680bc",
      "3fe2cf2304755a5e",
      "3fee6f0e13445500",
      "3fd3c6ef372fe94e",
    ]
  `)
})
