import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { averageUniqueness, weighSamples } from './sampleWeights.ts'

const sets = fc
  .array(fc.record({ length: fc.nat(12), rises: fc.boolean(), labelled: fc.boolean() }), {
    minLength: 1,
    maxLength: 60,
  })
  .map(given => ({
    rows: Uint32Array.from(given.flatMap(({ labelled }, row) => (labelled ? [row] : []))),
    endRow: Int32Array.from(given, ({ length, labelled }, row) =>
      labelled ? Math.min(row + length, given.length - 1) : -1,
    ),
    targets: Float32Array.from(given, ({ rises, labelled }) => (labelled ? Number(rises) : Number.NaN)),
  }))
  .filter(({ rows }) => rows.length > 0)

const mean = (rows: Uint32Array, weights: Float32Array) =>
  rows.reduce((sum, row) => sum + weights[row]!, 0) / rows.length

describe('averageUniqueness', () => {
  test('is the mean share of the price steps that a label looks at', () => {
    // Labels of rows 0, 1, 3 look at steps 1-2, 2-3, 4; step 2 is looked at twice.
    const uniqueness = averageUniqueness(Uint32Array.of(0, 1, 3), Int32Array.of(2, 3, -1, 4, -1))
    expect([...uniqueness]).toEqual([0.75, 0.75, 1])
  })

  test('is 1 for a label that looks at no price step', () => {
    expect([...averageUniqueness(Uint32Array.of(0, 1), Int32Array.of(1, 1))]).toEqual([1, 1])
  })

  test('agrees with counting label by label', () => {
    fc.assert(
      fc.property(sets, ({ rows, endRow }) => {
        const expected = Array.from(rows, row => {
          let shares = 0
          for (let step = row + 1; step <= endRow[row]!; step++)
            shares += 1 / rows.filter(other => other < step && endRow[other]! >= step).length
          return endRow[row]! > row ? shares / (endRow[row]! - row) : 1
        })
        const actual = averageUniqueness(rows, endRow)
        expected.forEach((value, place) => {
          expect(actual[place]!).toBeCloseTo(value, 12)
        })
      }),
    )
  })
})

describe('weighSamples', () => {
  test('is 1 on average over the given rows, above 0 there and 0 elsewhere', () => {
    fc.assert(
      fc.property(sets, fc.boolean(), fc.boolean(), (given, uniqueness, balance) => {
        const both = new Set(Array.from(given.rows, row => given.targets[row])).size === 2
        const weights = weighSamples({ ...given, uniqueness, classBalance: balance && both })
        expect(mean(given.rows, weights)).toBeCloseTo(1, 5)
        for (let row = 0; row < weights.length; row++)
          expect(weights[row]! > 0).toBe(given.rows.includes(row))
      }),
    )
  })

  test('gives both classes the same weight in all', () => {
    const weights = weighSamples({
      rows: Uint32Array.of(0, 1, 2, 3),
      endRow: Int32Array.of(0, 1, 2, 3),
      targets: Float32Array.of(1, 0, 0, 0),
      classBalance: true,
    })
    expect([...weights]).toEqual([2, 2 / 3, 2 / 3, 2 / 3].map(Math.fround))
  })

  test('balances what uniqueness has weighed', () => {
    // Uniqueness ¾, ¾, 1: the rises 0 and 1 share a half of 3, in proportion; the fall has the other half.
    const weights = weighSamples({
      rows: Uint32Array.of(0, 1, 3),
      endRow: Int32Array.of(2, 3, -1, 4, -1),
      targets: Float32Array.of(1, 1, Number.NaN, 0, Number.NaN),
      uniqueness: true,
      classBalance: true,
    })
    expect([...weights]).toEqual([0.75, 0.75, 0, 1.5, 0])
  })

  test('weighs a million overlapping labels in linear time', () => {
    const count = 1_000_000
    const rows = Uint32Array.from({ length: count }, (_, row) => row)
    const endRow = Int32Array.from(rows, row => Math.min(row + 500, count - 1))
    const weights = weighSamples({ rows, endRow, targets: new Float32Array(count), uniqueness: true })
    expect(mean(rows, weights)).toBeCloseTo(1, 5)
    // The first label meets fewer others than one in the middle, whose every step is shared by 500.
    expect(weights[0]!).toBeGreaterThan(5 * weights[count / 2]!)
  })

  test('refuses to balance a class without samples', () => {
    const given = { rows: Uint32Array.of(0, 1), endRow: Int32Array.of(0, 1), classBalance: true }
    expect(() => weighSamples({ ...given, targets: Float32Array.of(1, 1) })).toThrow(
      'None of 2 samples has the target 0: classes cannot be balanced.',
    )
  })
})
