import fc from 'fast-check'
import { expect, test } from 'vitest'
import { productQuotient } from './productQuotient.ts'

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER)
/** Of every size: as many small ones as large ones. */
const whole = fc
  .tuple(fc.integer({ min: 0, max: 53 }), fc.bigInt(0n, LARGEST))
  .map(([bits, value]) => value >> BigInt(bits))

test('is what big integers give, to the last unit, either way', () => {
  fc.assert(
    fc.property(whole, whole, whole, (a, b, least) => {
      // A divisor that leaves the quotient below 2⁵³.
      const divisor = least + (a * b) / LARGEST + 1n
      fc.pre(divisor <= LARGEST)
      const down = (a * b) / divisor
      const up = (a * b + divisor - 1n) / divisor
      fc.pre(up <= LARGEST)
      expect(productQuotient(Number(a), Number(b), Number(divisor), 'down')).toBe(Number(down))
      expect(productQuotient(Number(a), Number(b), Number(divisor), 'up')).toBe(Number(up))
    }),
    { numRuns: 50_000 },
  )
})

test('divides by powers of ten, at and beside whole quotients', () => {
  fc.assert(
    fc.property(
      whole,
      fc.integer({ min: 0, max: 15 }),
      fc.integer({ min: -1, max: 1 }),
      (a, decimals, by) => {
        const unit = 10n ** BigInt(decimals)
        fc.pre(a + BigInt(by) >= 0n && a + BigInt(by) <= LARGEST)
        const b = Number(a + BigInt(by))
        const exact = a * (a + BigInt(by))
        fc.pre(exact / unit < LARGEST)
        expect(productQuotient(Number(a), b, Number(unit), 'down')).toBe(Number(exact / unit))
        expect(productQuotient(Number(a), b, Number(unit), 'up')).toBe(Number((exact + unit - 1n) / unit))
      },
    ),
    { numRuns: 20_000 },
  )
})
