import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ceilDivide } from './rounding.ts'
import { sizeFor } from './sizeOrder.ts'

const basis = fc.record({
  fundsE8: fc.bigInt({ min: -10n, max: 10n ** 15n }),
  sharePpm: fc.bigInt({ min: 1n, max: 5_000_000n }),
  priceE8: fc.bigInt({ min: 1n, max: 10n ** 13n }),
  unit: fc.constantFrom(1n, 100n, 10n ** 8n, 10n ** 18n),
  step: fc.constantFrom(1n, 7n, 100n),
  ratePpm: fc.bigInt({ min: 0n, max: 900_000n }),
  fixedE8: fc.bigInt({ min: 0n, max: 10n ** 9n }),
  /** Fee in whole lumps: costs that jump. */
  lumpE8: fc.constantFrom(1n, 1n, 10_000_000n),
  /** The most that the market takes, as a share of what the funds would buy. */
  depthPercent: fc.constantFrom(100n, 100n, 30n, 0n),
})

test('a size is the largest multiple of the step that fits, whatever its costs', () => {
  fc.assert(
    fc.property(basis, ({ ratePpm, fixedE8, lumpE8, depthPercent, ...terms }) => {
      const { fundsE8, sharePpm, priceE8, unit, step } = terms
      const depth = (fundsE8 * sharePpm * unit * depthPercent) / (priceE8 * 100_000_000n)
      const lostE8 = (quantity: bigint) => {
        if (quantity > depth) return null
        const fee = fixedE8 + ceilDivide(quantity * priceE8 * ratePpm, unit * 1_000_000n)
        return ceilDivide(fee, lumpE8) * lumpE8
      }
      const fits = (quantity: bigint) => {
        const lost = lostE8(quantity)
        return (
          lost !== null && ceilDivide(quantity * priceE8, unit) * 1_000_000n <= sharePpm * (fundsE8 - lost)
        )
      }
      const size = sizeFor({ ...terms, lostE8 })
      // What its costs are at least tells where to look, and nothing of the answer.
      expect(sizeFor({ ...terms, lostE8, leastCostPpm: ratePpm })).toBe(size)
      expect(size % step).toBe(0n)
      expect(size >= 0n && (size === 0n || fits(size))).toBe(true)
      expect(fits(size + step)).toBe(false)
    }),
    { seed: 11, numRuns: 5_000 },
  )
})

test('costs in proportion to size take few looks', () => {
  let looks = 0
  const lostE8 = (quantity: bigint) => {
    looks++
    return ceilDivide(quantity * 10_000_000_000n * 1_000n, 10n ** 14n)
  }
  const basis = { sharePpm: 1_000_000n, priceE8: 10_000_000_000n, unit: 10n ** 8n, step: 1n, lostE8 }
  // 10,000 at 100 with a fee of 0.1 %: 99.90009990 units for 9,990.00999 and 9.99000999.
  expect(sizeFor({ ...basis, fundsE8: 10n ** 12n })).toBe(9_990_009_990n)
  expect(looks).toBeLessThanOrEqual(4)
})

test('costs of which the share is known take one look, but for a rounding', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 10n ** 10n, max: 10n ** 15n }),
      fc.bigInt({ min: 10n ** 8n, max: 10n ** 13n }),
      fc.bigInt({ min: 1n, max: 900_000n }),
      (fundsE8, priceE8, leastCostPpm) => {
        let looks = 0
        const unit = 10n ** 8n
        const lostE8 = (quantity: bigint) => {
          looks++
          return ceilDivide(quantity * priceE8 * leastCostPpm, unit * 1_000_000n)
        }
        sizeFor({ fundsE8, sharePpm: 1_000_000n, priceE8, unit, step: 1n, leastCostPpm, lostE8 })
        expect(looks).toBeLessThanOrEqual(2)
      },
    ),
    { seed: 12, numRuns: 2_000 },
  )
})
