import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../core/index.ts'
import { nth, tails } from './statisticsTail.ts'

describe('by hand', () => {
  test('twenty returns, −10 % to 9 %, in any order', () => {
    const returns = Float64Array.from({ length: 20 }, (_, i) => (((i * 7) % 20) - 10) / 100)
    const { valueAtRisk, conditionalValueAtRisk, tailRatio } = tails(returns)
    // 19 of 20 lose at most 9 %; the one left loses 10 %.
    expect(valueAtRisk).toBeCloseTo(0.09, 12)
    expect(conditionalValueAtRisk).toBeCloseTo(0.1, 12)
    // Ranks 18.05 and 0.95 of 19: 0.08 + 0.05 · 0.01, and −0.1 + 0.95 · 0.01.
    expect(tailRatio).toBeCloseTo(0.0805 / 0.0905, 12)
  })

  test('of thirty returns the tail is one and a half', () => {
    // −15 % to 14 %: 29 of 30 lose at most 14 %; the mean of the worst 1.5 is (15 + 14/2) / 1.5.
    const { valueAtRisk, conditionalValueAtRisk } = tails(
      Float64Array.from({ length: 30 }, (_, i) => (i - 15) / 100),
    )
    expect(valueAtRisk).toBeCloseTo(0.14, 12)
    expect(conditionalValueAtRisk).toBeCloseTo(0.22 / 1.5, 12)
  })

  test('of nineteen there is none', () => {
    expect(tails(new Float64Array(19))).toEqual({
      valueAtRisk: null,
      conditionalValueAtRisk: null,
      tailRatio: null,
    })
    expect(tails(new Float64Array(20))).toEqual({
      valueAtRisk: 0,
      conditionalValueAtRisk: 0,
      tailRatio: null,
    })
  })
})

// Few different values as well as many: most bars of a run in cash return exactly zero.
const samples = fc
  .tuple(
    fc.integer({ min: 20, max: 3_000 }),
    fc.constantFrom(2, 5, 1_000_000),
    fc.integer({ min: 1, max: 2 ** 31 }),
  )
  .map(([count, different, seed]) => {
    const random = seededRandom(seed)
    return Float64Array.from({ length: count }, () => Math.floor(random() * different) / different - 0.4)
  })

test('CVaR is the least of a + Σ max(L − a, 0) / (5 % · n), and VaR is where', () =>
  fc.assert(
    fc.property(samples, returns => {
      const { valueAtRisk, conditionalValueAtRisk } = tails(returns)
      const objective = (a: number) =>
        a + returns.reduce((sum, r) => sum + Math.max(-r - a, 0), 0) / (returns.length / 20)
      expect(objective(valueAtRisk ?? Number.NaN)).toBeCloseTo(conditionalValueAtRisk ?? 0, 9)
      for (let i = 0; i < returns.length; i += 1 + (returns.length >> 5))
        expect(objective(-(returns[i] ?? 0))).toBeGreaterThanOrEqual((conditionalValueAtRisk ?? 0) - 1e-9)
      expect(conditionalValueAtRisk ?? 0).toBeGreaterThanOrEqual(valueAtRisk ?? 0)
    }),
    { numRuns: 50 },
  ))

test('the tail ratio is that of sorted returns, and the returns stay as they were', () =>
  fc.assert(
    fc.property(samples, returns => {
      const before = returns.slice()
      const sorted = returns.slice().sort()
      const at = (rank: number) => {
        const low = sorted[Math.floor(rank)] ?? 0
        return low + (rank % 1) * ((sorted[Math.floor(rank) + 1] ?? low) - low)
      }
      const high = at(((returns.length - 1) * 19) / 20)
      const low = at((returns.length - 1) / 20)
      const { tailRatio } = tails(returns)
      if (low === 0) expect(tailRatio).toBeNull()
      else expect(tailRatio).toBeCloseTo(Math.abs(high / low), 9)
      expect(returns).toEqual(before)
    }),
    { numRuns: 50 },
  ))

test('the n-th smallest is what sorting puts there, with nothing larger on its left', () =>
  fc.assert(
    fc.property(samples, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (values, share) => {
      const n = Math.floor(share * values.length)
      const sorted = values.slice().sort()
      const found = nth(values, n, 0, values.length - 1)
      expect(found).toBe(sorted[n])
      for (let i = 0; i < values.length; i++)
        expect(i < n ? (values[i] ?? 0) <= found : (values[i] ?? 0) >= found).toBe(true)
      expect(values.slice().sort()).toEqual(sorted)
    }),
    { numRuns: 100 },
  ))

test.each([
  ['ascending', (i: number) => i],
  ['descending', (i: number) => -i],
  ['organ pipe', (i: number) => Math.min(i, 20_000 - i)],
  ['equal', () => 1],
])('values that are %s do not hurt it', (_name, value) => {
  const values = Float64Array.from({ length: 20_000 }, (_, i) => value(i))
  const sorted = values.slice().sort()
  for (const n of [0, 999, 10_000, 19_999]) expect(nth(values.slice(), n, 0, 19_999)).toBe(sorted[n])
})

test('of many returns the tails are those of sorted returns, however they are ordered or tied', () => {
  const random = seededRandom(3)
  const kinds: Record<string, (i: number) => number> = {
    random: () => random() - 0.5,
    rising: i => i / 20_000 - 0.4,
    'mostly zero': () => (random() < 0.97 ? 0 : random() - 0.5),
    'in steps': () => Math.floor(random() * 12) / 12 - 0.5,
    'two values': () => (random() < 0.5 ? -1 : 1),
    // Values that lie at even distances, which the cuts are found from, are unlike the others.
    misleading: i => (i % 10 === 0 ? random() : random() - 10),
    equal: () => 0.25,
  }
  for (const [kind, value] of Object.entries(kinds))
    for (const count of [8_192, 12_000, 20_011]) {
      const returns = Float64Array.from({ length: count }, (_, i) => value(i))
      const sorted = returns.slice().sort()
      const at = (rank: number) => {
        const low = sorted[Math.floor(rank)] ?? 0
        return low + (rank % 1) * ((sorted[Math.floor(rank) + 1] ?? low) - low)
      }
      const worse = Math.floor(count / 20)
      const risk = -(sorted[worse] ?? 0)
      const beyond = sorted.subarray(0, worse).reduce((sum, r) => sum - r - risk, 0)
      const found = tails(returns)
      expect(found.valueAtRisk, kind).toBeCloseTo(risk, 14)
      expect(found.conditionalValueAtRisk, kind).toBeCloseTo(risk + beyond / (count / 20), 9)
      const low = at((count - 1) / 20)
      if (low === 0) expect(found.tailRatio, kind).toBeNull()
      else expect(found.tailRatio, kind).toBeCloseTo(Math.abs(at(((count - 1) * 19) / 20) / low), 9)
    }
})
