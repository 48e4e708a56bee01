import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gaussian, seededRandom } from '../../core/index.ts'
import {
  deflatedSharpe,
  expectedMaximumSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeEvidence,
  sharpeVariance,
} from './index.ts'

describe('the published example of the deflated Sharpe ratio (Bailey and López de Prado 2014)', () => {
  // Five years of 250 days, Sharpe ratio 2.5 a year, and trials whose annual ratios have variance ½.
  const evidence = { sharpe: 2.5 / Math.sqrt(250), periods: 1_250, skewness: -3, kurtosis: 10 }
  const variance = 0.5 / 250

  test('100 trials expect 0.1132 by luck, and leave 0.9004', () => {
    expect(expectedMaximumSharpe(100, variance)).toBeCloseTo(0.1132, 4)
    expect(deflatedSharpe(evidence, { trials: 100, variance })).toBeCloseTo(0.9004, 4)
  })

  test('46 trials would have left 0.9505; so would 88, had the returns been normal', () => {
    expect(deflatedSharpe(evidence, { trials: 46, variance })).toBeCloseTo(0.9505, 4)
    expect(deflatedSharpe({ ...evidence, skewness: 0, kurtosis: 3 }, { trials: 88, variance })).toBeCloseTo(
      0.9505,
      4,
    )
  })
})

// Years that a ratio of 2 a year needs to be above 1 with 95 %: from daily, weekly and monthly normal returns,
// and from monthly ones of hedge funds' skewness and kurtosis (Bailey and López de Prado 2012).
test.each([
  [250, 0, 3, 2.73],
  [52, 0, 3, 2.83],
  [12, 0, 3, 3.24],
  [12, -0.72, 5.78, 4.99],
])(
  'minimum track record of %d returns a year, skewness %d, kurtosis %d: %d years',
  (year, skewness, kurtosis, years) => {
    const evidence = { sharpe: 2 / Math.sqrt(year), periods: 2, skewness, kurtosis }
    expect((minimumTrackRecord(evidence, 1 / Math.sqrt(year)) ?? 0) / year).toBeCloseTo(years, 2)
  },
)

test('evidence is taken from returns by hand arithmetic', () => {
  // Mean 1, distances −1, −1, −1, 3: squares sum to 12, so deviation √(12/3) = 2; m₂ = 3, m₃ = 6, m₄ = 21.
  const evidence = sharpeEvidence(Float64Array.of(0, 0, 0, 4))
  expect(evidence).toMatchObject({ sharpe: 0.5, periods: 4 })
  expect(evidence?.skewness).toBeCloseTo(2 / Math.sqrt(3), 12) // 6 / 3^1.5
  expect(evidence?.kurtosis).toBeCloseTo(7 / 3, 12) // 21 / 9
  // Standard error: 1 − 1.1547 · 0.5 + (7/3 − 1)/4 · 0.25 = 0.50598; z = 0.5 · √3 / √0.50598 = 1.21748.
  expect(probabilisticSharpe(evidence!)).toBeCloseTo(0.88829, 4)
  expect(sharpeEvidence(Float64Array.of(1, 1, 1))).toBeNull()
  expect(sharpeEvidence(Float64Array.of(1))).toBeNull()
  expect(() => sharpeEvidence(Float64Array.of(1, Number.NaN))).toThrow('Value 1 of the returns is NaN')
})

test('the variance of trials is the sample variance', () => {
  expect(sharpeVariance([1, 2, 3, 6])).toBeCloseTo(14 / 3, 12) // Mean 3: 4 + 1 + 0 + 9 = 14, over 3.
  expect(sharpeVariance([1])).toBe(0)
  expect(() => sharpeVariance([1, Number.POSITIVE_INFINITY])).toThrow('Value 1 of the Sharpe ratios')
})

test('the expected maximum is near what simulated trials without skill reach', () => {
  const seed = 20_140_731
  const random = seededRandom(seed)
  for (const trials of [10, 100]) {
    let sum = 0
    for (let run = 0; run < 2_000; run++) {
      let best = Number.NEGATIVE_INFINITY
      for (let n = 0; n < trials; n++) best = Math.max(best, gaussian(random))
      sum += best
    }
    expect(Math.abs(sum / 2_000 - expectedMaximumSharpe(trials, 1)), `seed ${seed}`).toBeLessThan(0.06)
  }
})

const evidences = fc.record({
  sharpe: fc.double({ min: -1, max: 1, noNaN: true }),
  periods: fc.integer({ min: 2, max: 10_000 }),
  skewness: fc.double({ min: -1, max: 1, noNaN: true }),
  kurtosis: fc.double({ min: 3, max: 12, noNaN: true }),
})

test('a probability; falling with the benchmark and with the trials; ½ at the benchmark', () =>
  fc.assert(
    fc.property(evidences, fc.integer({ min: 1, max: 10_000 }), (evidence, trials) => {
      const plain = probabilisticSharpe(evidence)
      expect(plain).toBeGreaterThanOrEqual(0)
      expect(plain).toBeLessThanOrEqual(1)
      expect(probabilisticSharpe(evidence, 0.1)).toBeLessThanOrEqual(plain)
      expect(probabilisticSharpe(evidence, evidence.sharpe)).toBe(0.5)
      const fewer = deflatedSharpe(evidence, { trials, variance: 0.01 })
      expect(deflatedSharpe(evidence, { trials: trials + 1, variance: 0.01 })).toBeLessThanOrEqual(fewer)
      expect(deflatedSharpe(evidence, { trials: 1, variance: 0.01 })).toBe(plain)
    }),
  ))

test('a record as long as the minimum has just the confidence asked for', () =>
  fc.assert(
    fc.property(evidences, fc.double({ min: 0.6, max: 0.99, noNaN: true }), (evidence, confidence) => {
      const periods = minimumTrackRecord(evidence, 0, confidence)
      if (evidence.sharpe <= 0) expect(periods).toBeNull()
      else if (periods !== null && periods >= 2 && periods < 1e12)
        expect(probabilisticSharpe({ ...evidence, periods })).toBeCloseTo(confidence, 9)
    }),
  ))

test.each<[string, () => unknown, RegExp]>([
  [
    'one period',
    () => probabilisticSharpe({ sharpe: 1, periods: 1, skewness: 0, kurtosis: 3 }),
    /over 1 periods .* is no evidence/,
  ],
  [
    'impossible moments',
    () => probabilisticSharpe({ sharpe: 1, periods: 9, skewness: 3, kurtosis: 1 }),
    /is no evidence/,
  ],
  ['no trial', () => expectedMaximumSharpe(0, 1), /0 trials/],
  ['a negative variance', () => expectedMaximumSharpe(2, -1), /variance of -1/],
  [
    'a confidence of 5',
    () => minimumTrackRecord({ sharpe: 1, periods: 9, skewness: 0, kurtosis: 3 }, 0, 5),
    /5 is not a confidence/,
  ],
])('%s is refused', (_name, act, message) => {
  expect(act).toThrow(message)
})
