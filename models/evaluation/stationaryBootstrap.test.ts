import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exactLog, gaussian, InvalidInputError, seededRandom } from '../../core/index.ts'
import { labelOverlap, politisWhiteBlock } from './blockLength.ts'
import { bootstrapInterval, intervalStretch, shareNotAbove0 } from './bootstrapInterval.ts'
import { bootstrapMeans } from './stationaryBootstrap.ts'

/** An autoregressive series of standard normal shocks. */
function autoregressive(rows: number, memory: number, seed: number): Float64Array {
  const random = seededRandom(seed)
  let value = 0
  return Float64Array.from({ length: rows }, () => (value = memory * value + gaussian(random)))
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
const variance = (values: Float64Array) => {
  const centre = mean(values)
  return mean(values.map(value => (value - centre) ** 2))
}

describe('bootstrapMeans', () => {
  test('is the mean of the rows that its blocks name, the same rows for every series', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: -9, max: 9, noNaN: true }), fc.integer({ min: -9, max: 9 })), {
          minLength: 1,
          maxLength: 30,
        }),
        fc.double({ min: 1, max: 40, noNaN: true }),
        fc.nat(1_000),
        (pairs, meanBlock, seed) => {
          const rows = pairs.length
          const series = [Float64Array.from(pairs, ([x]) => x), Float64Array.from(pairs, ([, y]) => y)]
          const actual = bootstrapMeans(series, { meanBlock, resamples: 3, random: seededRandom(seed) })
          const random = seededRandom(seed)
          for (let resample = 0; resample < 3; resample++) {
            const drawn: number[] = []
            while (drawn.length < rows) {
              const start = Math.floor(random() * rows)
              const length =
                meanBlock === 1 ? 1 : 1 + Math.floor(exactLog(1 - random()) / exactLog(1 - 1 / meanBlock))
              for (let at = 0; at < length && drawn.length < rows; at++) drawn.push((start + at) % rows)
            }
            series.forEach((values, place) => {
              expect(actual[place]![resample]!).toBeCloseTo(
                drawn.reduce((sum, row) => sum + values[row]!, 0) / rows,
                9,
              )
            })
          }
        },
      ),
    )
  })

  test('varies as Politis and Romano derive', () => {
    const rows = 200
    const meanBlock = 10
    const values = autoregressive(rows, 0.6, 1)
    const [means] = bootstrapMeans([values], { meanBlock, resamples: 20_000, random: seededRandom(2) })
    // Lemma 1: (C₀ + 2·Σ (1 − k/n)·(1 − 1/L)^k·C_k) / n with circular autocovariances C.
    const centre = mean(values)
    let expected = variance(values)
    for (let lag = 1; lag < rows; lag++) {
      let covariance = 0
      for (let row = 0; row < rows; row++)
        covariance += ((values[row]! - centre) * (values[(row + lag) % rows]! - centre)) / rows
      expected += 2 * (1 - lag / rows) * (1 - 1 / meanBlock) ** lag * covariance
    }
    // The variance of 20,000 draws is within 1 % (one standard error) of the true one.
    expect(variance(means!) / (expected / rows)).toBeGreaterThan(0.96)
    expect(variance(means!) / (expected / rows)).toBeLessThan(1.04)
    expect(mean(means!)).toBeCloseTo(centre, 2)
  })

  test('refuses what cannot be drawn', () => {
    const options = { meanBlock: 1, resamples: 1, random: seededRandom(1) }
    expect(() => bootstrapMeans([new Float64Array(0)], options)).toThrow(InvalidInputError)
    expect(() => bootstrapMeans([new Float64Array(3)], { ...options, meanBlock: 0.5 })).toThrow(
      'in blocks of 0.5',
    )
    expect(() => bootstrapMeans([new Float64Array(3)], { ...options, resamples: 0 })).toThrow(
      InvalidInputError,
    )
  })
})

describe('labelOverlap', () => {
  test('counts the labels that begin within a label, on average', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ step: fc.nat(3), length: fc.nat(20) }), { minLength: 1, maxLength: 50 }),
        given => {
          let clock = 0
          const startMs = Float64Array.from(given, ({ step }) => (clock += step))
          const endMs = startMs.map((start, row) => start + given[row]!.length)
          const expected = Array.from(startMs, (_, row) =>
            Math.max(1, startMs.filter((start, other) => other >= row && start < endMs[row]!).length),
          )
          expect(labelOverlap(startMs, endMs)).toBeCloseTo(
            expected.reduce((a, b) => a + b, 0) / given.length,
            12,
          )
        },
      ),
    )
  })

  test('is the horizon in steps where rows are regular', () => {
    const startMs = Float64Array.from({ length: 1_000 }, (_, row) => row * 60)
    expect(
      labelOverlap(
        startMs,
        startMs.map(time => time + 60),
      ),
    ).toBe(1)
    expect(
      labelOverlap(
        startMs,
        startMs.map(time => time + 600),
      ),
    ).toBeCloseTo(10, 1)
  })
})

describe('politisWhiteBlock', () => {
  test('is near the best block of an autoregression, and short without dependence', () => {
    // Memory ½: (2·(Σ|k|γ)² / (2·(Σγ)²)·… )^⅓ = (2·4² / (2·3²) · n)^⅓ = 26.1 at n = 10,000.
    const lengths = [1, 2, 3, 4, 5].map(seed => politisWhiteBlock(autoregressive(10_000, 0.5, seed)))
    expect(lengths.reduce((a, b) => a + b, 0) / 5).toBeGreaterThan(21)
    expect(lengths.reduce((a, b) => a + b, 0) / 5).toBeLessThan(32)
    const independent = [1, 2, 3, 4, 5].map(seed => politisWhiteBlock(autoregressive(10_000, 0, seed)))
    expect(Math.max(...independent)).toBeLessThan(12)
    expect(politisWhiteBlock(new Float64Array(50).fill(3))).toBe(1)
  })
})

describe('intervals', () => {
  test('widen as Student does for few blocks, and by what overlapping labels lose in blocks', () => {
    const plain = { rows: 1e9, overlap: 1, meanBlock: 1, confidence: 0.95 } as const
    expect(intervalStretch(plain)).toBeCloseTo(1, 6)
    // Student's quantile at 0.975 with 36 / 1.8 = 20 degrees of freedom is 2.0860; the mean costs 1 / (1 − 2/36).
    expect(intervalStretch({ ...plain, rows: 36 })).toBeCloseTo(2.086 / 1.96 / Math.sqrt(1 - 2 / 36), 3)
    expect(intervalStretch({ ...plain, rows: 36, confidence: 0.9 })).toBeCloseTo(
      1.7247 / 1.6449 / Math.sqrt(1 - 2 / 36),
      3,
    )
    expect(intervalStretch({ ...plain, rows: 36, confidence: 0.99 })).toBeCloseTo(
      2.8453 / 2.5758 / Math.sqrt(1 - 2 / 36),
      3,
    )
    // Overlap 2: lag 1 has ½; whole 1 + 2·½ = 2, seen 1 + (1 − 1/6).
    expect(intervalStretch({ ...plain, overlap: 2, meanBlock: 6 })).toBeCloseTo(
      1 / Math.sqrt((1 + 5 / 6) / 2),
      6,
    )
  })

  test('hold the middle of the distribution, and agree with the p-value', () => {
    const distribution = Float64Array.from({ length: 1_001 }, (_, place) => 1_000 - place)
    const interval = bootstrapInterval(500, distribution, { stretch: 2, confidence: 0.9 })
    expect(interval).toEqual({ estimate: 500, low: 500 + 2 * (50 - 500), high: 500 + 2 * (950 - 500) })
    expect(shareNotAbove0(500, distribution, 1)).toBe(2 / 1_002)
    expect(shareNotAbove0(500, distribution, 2)).toBe((251 + 1) / 1_002)
  })
})
