import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gaussian, seededRandom } from '../../core/index.ts'
import { backtestOverfitting } from './index.ts'

const matrix = (...rows: number[][]) => ({
  returns: Float64Array.from(rows.flat()),
  trials: rows.length,
  periods: rows[0]?.length ?? 0,
})

describe('two blocks, by hand', () => {
  test('trials that are each other’s mirror are wholly overfitted', () => {
    // Each half has mean ±2 and deviation √2, so a Sharpe ratio of ±√2. What is best in one half is worst in
    // the other: rank 1 of 2, ω = 1/3, logit ln(1/2).
    const found = backtestOverfitting(matrix([1, 3, -3, -1], [-1, -3, 3, 1]), 2)
    expect(found.probability).toBe(1)
    expect(found.probabilityOfLoss).toBe(1)
    for (const logit of found.logits) expect(logit).toBeCloseTo(-Math.LN2, 12)
    for (const sharpe of found.inSample) expect(sharpe).toBeCloseTo(Math.SQRT2, 12)
    for (const sharpe of found.outOfSample) expect(sharpe).toBeCloseTo(-Math.SQRT2, 12)
    expect(found.degradation).toBeNull()
  })

  test('a trial that is best in both halves is not', () => {
    // Out of sample it is rank 3 of 3: ω = 3/4, logit ln 3.
    const found = backtestOverfitting(matrix([1, 3, 2, 4], [0, 2, -1, 1], [-3, -1, -2, 0]), 2)
    expect(found.probability).toBe(0)
    expect(found.probabilityOfLoss).toBe(0)
    for (const logit of found.logits) expect(logit).toBeCloseTo(Math.log(3), 12)
    // Halves of trial 1: 2/√2 and 3/√2, so out of sample falls as in sample rises.
    expect(found.degradation?.slope).toBeCloseTo(-1, 12)
    expect(found.degradation?.intercept).toBeCloseTo(5 / Math.SQRT2, 12)
    expect(found.degradation?.r2).toBeCloseTo(1, 12)
  })

  test('equal trials share the middle rank: the logit is 0, which counts as overfitted', () => {
    const found = backtestOverfitting(matrix([1, 3, 2, 4], [1, 3, 2, 4]), 2)
    expect([...found.logits]).toEqual([0, 0])
    expect(found.probability).toBe(1)
  })
})

/** The same, written down as the paper does: submatrices joined, ratios and ranks from scratch. */
function slowly(rows: number[][], blocks: number) {
  const periods = rows[0]?.length ?? 0
  const bounds = Array.from({ length: blocks + 1 }, (_, b) => Math.floor((b * periods) / blocks))
  const sharpe = (values: number[]) => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1)
    return mean / Math.sqrt(variance)
  }
  const logits: number[] = []
  for (let mask = 0; mask < 2 ** blocks; mask++) {
    const chosen = [...Array(blocks).keys()].filter(b => (mask >> b) & 1)
    if (chosen.length !== blocks / 2) continue
    const others = [...Array(blocks).keys()].filter(b => !chosen.includes(b))
    const over = (row: number[], which: number[]) =>
      sharpe(which.flatMap(b => row.slice(bounds[b], bounds[b + 1])))
    const inside = rows.map(row => over(row, chosen))
    const outside = rows.map(row => over(row, others))
    const best = inside.indexOf(Math.max(...inside))
    const rank = outside.toSorted((a, b) => a - b).indexOf(outside[best]!) + 1
    const share = rank / (rows.length + 1)
    logits.push(Math.log(share / (1 - share)))
  }
  return logits
}

test('agrees with the definition on random trials, blocks of unequal length included', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 31 }),
      fc.integer({ min: 2, max: 7 }),
      fc.constantFrom(2, 4, 6),
      fc.nat(9),
      (seed, trials, blocks, more) => {
        const random = seededRandom(seed)
        const rows = Array.from({ length: trials }, () =>
          Array.from({ length: 2 * blocks + more }, () => gaussian(random)),
        )
        const expected = slowly(rows, blocks)
        const { logits, probability } = backtestOverfitting(matrix(...rows), blocks)
        expect(logits.length).toBe(expected.length)
        logits.forEach((logit, i) => {
          expect(logit).toBeCloseTo(expected[i] ?? Number.NaN, 9)
        })
        expect(probability).toBe(expected.filter(logit => logit <= 1e-9).length / expected.length)
      },
    ),
    { numRuns: 60 },
  ))

test('does not depend on the scale of the returns', () =>
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 }), seed => {
      const random = seededRandom(seed)
      const rows = Array.from({ length: 5 }, () => Array.from({ length: 24 }, () => gaussian(random)))
      const one = backtestOverfitting(matrix(...rows), 6)
      const scaled = backtestOverfitting(matrix(...rows.map(row => row.map(r => r / 1_024))), 6)
      expect(scaled.logits).toEqual(one.logits)
    }),
  ))

test('noise is overfitted about half of the time, skill hardly ever', () => {
  const seed = 16
  const random = seededRandom(seed)
  const rowsWith = (skill: number) =>
    Array.from({ length: 20 }, (_, n) =>
      Array.from({ length: 320 }, () => gaussian(random) + (n === 7 ? skill : 0)),
    )
  let noise = 0
  for (let run = 0; run < 8; run++) noise += backtestOverfitting(matrix(...rowsWith(0)), 8).probability / 8
  expect(noise, `seed ${seed}`).toBeGreaterThan(0.3)
  expect(noise, `seed ${seed}`).toBeLessThan(0.7)
  expect(backtestOverfitting(matrix(...rowsWith(0.4))).probability, `seed ${seed}`).toBeLessThan(0.05)
})

test('16 blocks have 12,870 splits', () => {
  const random = seededRandom(5)
  const rows = Array.from({ length: 3 }, () => Array.from({ length: 64 }, () => gaussian(random)))
  expect(backtestOverfitting(matrix(...rows)).logits.length).toBe(12_870)
})

test.each<[string, () => unknown, RegExp]>([
  ['one trial', () => backtestOverfitting(matrix([1, 2, 3, 4]), 2), /4 returns of 1 trials/],
  [
    'a matrix of another size',
    () => backtestOverfitting({ returns: new Float64Array(7), trials: 2, periods: 4 }, 2),
    /7 returns of 2 trials over 4/,
  ],
  [
    'too few periods',
    () => backtestOverfitting(matrix([1, 2, 3], [1, 2, 3]), 2),
    /cannot be cut into 2 blocks/,
  ],
  [
    'an odd number of blocks',
    () => backtestOverfitting(matrix(Array(20).fill(1), Array(20).fill(2)), 5),
    /5 is not an even number/,
  ],
  [
    'a return that is no number',
    () => backtestOverfitting(matrix([1, 2, 3, 4], [1, Number.NaN, 3, 4]), 2),
    /Value 5 of the trial returns is NaN/,
  ],
])('%s is refused', (_name, act, message) => {
  expect(act).toThrow(message)
})
