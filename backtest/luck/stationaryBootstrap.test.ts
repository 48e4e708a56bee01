import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gaussian, seededRandom } from '../../core/index.ts'
import { bootstrapReturns, stationaryIndex } from './index.ts'

const normalReturns = (count: number, seed: number, carry = 0) => {
  const random = seededRandom(seed)
  let last = 0
  return Float64Array.from({ length: count }, () => {
    last = carry * last + 0.01 * gaussian(random)
    return 0.0005 + last
  })
}

test('estimates are those of the returns themselves, by hand', () => {
  // Growth 1.1 · 0.9 · 1.2 = 1.188 over three periods of a year of six: squared. Mean 0.2/3, distances 1/30,
  // −5/30, 4/30: squares 42/900, variance 21/900.
  const { sharpe, cagr, meanBlock } = bootstrapReturns({
    returns: Float64Array.of(0.1, -0.1, 0.2),
    periodsPerYear: 6,
    resamples: 50,
    random: seededRandom(1),
  })
  expect(cagr.estimate).toBeCloseTo(1.188 ** 2 - 1, 12)
  expect(sharpe?.estimate).toBeCloseTo(((0.2 / 3) * Math.sqrt(6)) / Math.sqrt(21 / 900), 12)
  expect(meanBlock).toBe(2) // The smallest whole number whose cube is at least 3.
})

test('independent returns have the interval of the asymptotic theory', () => {
  const seed = 4
  const returns = normalReturns(1_000, seed)
  const { sharpe } = bootstrapReturns({
    returns,
    periodsPerYear: 1,
    resamples: 1_500,
    meanBlock: 1,
    random: seededRandom(seed),
  })
  // Standard error √((1 + SR²/2) / n), A. Lo 2002; 95 % are ±1.96 of them.
  const wide = 2 * 1.96 * Math.sqrt((1 + (sharpe?.estimate ?? 0) ** 2 / 2) / 1_000)
  expect(((sharpe?.high ?? 0) - (sharpe?.low ?? 0)) / wide, `seed ${seed}`).toBeGreaterThan(0.9)
  expect(((sharpe?.high ?? 0) - (sharpe?.low ?? 0)) / wide, `seed ${seed}`).toBeLessThan(1.1)
  expect(sharpe?.low).toBeLessThan(sharpe?.estimate ?? 0)
  expect(sharpe?.high).toBeGreaterThan(sharpe?.estimate ?? 0)
})

test('blocks keep serial dependence: returns that carry over have a wider interval than drawn singly', () => {
  const seed = 5
  const returns = normalReturns(800, seed, 0.6)
  const width = (meanBlock: number) => {
    const { cagr } = bootstrapReturns({
      returns,
      periodsPerYear: 252,
      resamples: 400,
      meanBlock,
      random: seededRandom(seed),
    })
    return cagr.high - cagr.low
  }
  expect(width(20) / width(1), `seed ${seed}`).toBeGreaterThan(1.4)
})

test('blocks run on, wrap around, and have the mean length asked for', () => {
  const seed = 6
  const next = stationaryIndex(50, 8, seededRandom(seed))
  const counts = new Float64Array(50)
  let blocks = 0
  let last = -1
  for (let i = 0; i < 40_000; i++) {
    const index = next()
    counts[index] = (counts[index] ?? 0) + 1
    if (index !== (last + 1) % 50) blocks++
    last = index
  }
  // One new block in fifty begins where the last would have gone on.
  expect(Math.abs(40_000 / blocks - 8 * (50 / 49)), `seed ${seed}`).toBeLessThan(0.4)
  for (const count of counts) expect(Math.abs(count - 800), `seed ${seed}`).toBeLessThan(300)
})

test('the same seed gives the same intervals, more confidence a wider one, another scale the same Sharpe', () =>
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 }), seed => {
      const returns = normalReturns(60, seed)
      const run = (of: Float64Array, confidence: number) =>
        bootstrapReturns({
          returns: of,
          periodsPerYear: 365,
          resamples: 40,
          random: seededRandom(seed),
          confidence,
        })
      const one = run(returns, 0.9)
      expect(run(returns, 0.9)).toEqual(one)
      const wider = run(returns, 0.99)
      expect(wider.cagr.low).toBeLessThanOrEqual(one.cagr.low)
      expect(wider.cagr.high).toBeGreaterThanOrEqual(one.cagr.high)
      expect(
        run(
          returns.map(value => value / 4),
          0.9,
        ).sharpe?.low,
      ).toBeCloseTo(one.sharpe?.low ?? Number.NaN, 6)
    }),
    { numRuns: 30 },
  ))

test('returns that do not vary have no Sharpe ratio, and one growth', () => {
  const { sharpe, cagr } = bootstrapReturns({
    returns: new Float64Array(10).fill(0.01),
    periodsPerYear: 10,
    resamples: 20,
    random: seededRandom(1),
  })
  expect(sharpe).toBeNull()
  expect(cagr.low).toBeCloseTo(1.01 ** 10 - 1, 12)
  expect(cagr.high).toBeCloseTo(1.01 ** 10 - 1, 12)
})

test.each<[string, Partial<Parameters<typeof bootstrapReturns>[0]>, RegExp]>([
  ['one return', { returns: Float64Array.of(0.1) }, /of 1 returns/],
  [
    'a return that is no number',
    { returns: Float64Array.of(0.1, Number.NaN) },
    /Value 1 of the returns is NaN/,
  ],
  ['a loss of all', { returns: Float64Array.of(0.1, 0.1, -1) }, /Return 2 is -1/],
  ['a block of half a return', { meanBlock: 0.5 }, /blocks of 0.5/],
  ['no resample', { resamples: 0 }, /0 resamples/],
  ['a confidence of 95', { confidence: 95 }, /confidence 95/],
])('%s is refused', (_name, options, message) => {
  expect(() =>
    bootstrapReturns({
      returns: Float64Array.of(0.1, -0.1),
      periodsPerYear: 365,
      resamples: 10,
      random: seededRandom(1),
      ...options,
    }),
  ).toThrow(message)
})
