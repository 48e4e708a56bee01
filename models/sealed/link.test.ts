import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exactExp, SCORE_ONE } from '../../core/index.ts'
import { fitCalibration } from '../evaluation/scoreCalibration.ts'
import { expectedReturnE9Of, type Link, linkOf, probabilityPpmOf, uncalibratedLink } from './link.ts'
import { INT32_MAX, INT32_MIN } from './program.ts'

const knots = { scores: Float64Array.of(-1, 0, 2), probabilities: Float64Array.of(0.1, 0.5, 0.5) }

test('a probability is linear between knots, rounded down, and constant outside', () => {
  const link = linkOf({ calibration: knots })
  const at = (score: number) => probabilityPpmOf(link, score * SCORE_ONE)
  expect([-2_000, -1, -0.75, -0.5, 0, 1, 2_000].map(at)).toEqual([
    100_000, 100_000, 200_000, 300_000, 500_000, 500_000, 500_000,
  ])
  // 2 of 2^20 parts of 400,000 millionths is 0.76.
  expect(probabilityPpmOf(link, -SCORE_ONE + 2)).toBe(100_000)
  expect(probabilityPpmOf(link, -SCORE_ONE + 3)).toBe(100_001)
})

test('the integers are exact, and never fall as the score rises', () => {
  const whole = fc.integer({ min: INT32_MIN, max: INT32_MAX })
  const links = fc.uniqueArray(whole, { minLength: 1, maxLength: 64 }).chain(scores =>
    fc.record({
      scores: fc.constant(Int32Array.from(scores).sort()),
      probabilitiesPpm: fc
        .array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: scores.length, maxLength: scores.length })
        .map(values => Int32Array.from(values).sort()),
      expectedReturn: fc.constant(null),
      interval: fc.constant(null),
    }),
  )
  fc.assert(
    fc.property(links, whole, whole, (link: Link, a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
      expect(probabilityPpmOf(link, low)).toBeLessThanOrEqual(probabilityPpmOf(link, high))
      expect(probabilityPpmOf(link, a)).toBe(exactly(link, a))
    }),
    { numRuns: 500, seed: 1 },
  )
})

/** The same by big integers and a scan. */
function exactly({ scores, probabilitiesPpm }: Link, score: number): number {
  const above = scores.findIndex(knot => knot > score)
  if (above <= 0) return probabilitiesPpm.at(above)!
  const [s0, s1] = [scores[above - 1]!, scores[above]!].map(BigInt) as [bigint, bigint]
  const [p0, p1] = [probabilitiesPpm[above - 1]!, probabilitiesPpm[above]!].map(BigInt) as [bigint, bigint]
  return Number(p0 + ((BigInt(score) - s0) * (p1 - p0)) / (s1 - s0))
}

test('an uncalibrated direction is the logistic function of the score', () => {
  const link = uncalibratedLink('direction', 1, 0)
  for (let score = -12; score <= 12; score += 0.01) {
    const expected = 1 / (1 + exactExp(-score))
    const ppm = probabilityPpmOf(link, Math.round(score * SCORE_ONE))
    expect(Math.abs(ppm / 1e6 - expected)).toBeLessThan(1.1e-4)
  }
  expect(expectedReturnE9Of(link, SCORE_ONE)).toBe(null)
})

test('an uncalibrated return says what is expected, not how likely a rise is', () => {
  const link = uncalibratedLink('return', 0.004, 0.0001)
  expect(expectedReturnE9Of(link, 0)).toBe(100_000)
  // 1.5 deviations of 0.004 and the centre; the scale has 16 bits.
  expect(Math.abs((expectedReturnE9Of(link, 1.5 * SCORE_ONE) ?? 0) - 6_100_000)).toBeLessThan(100)
  expect(probabilityPpmOf(link, SCORE_ONE)).toBe(500_000)
})

test('an expected return may be a falling line of the probability', () => {
  const link = linkOf({
    calibration: knots,
    expectedReturn: { of: 'probability', centre: 0.01, slope: -0.02 },
    interval: { lower: -0.03, upper: 0.04, coverage: 0.9 },
  })
  expect(expectedReturnE9Of(link, 0)).toBe(0)
  expect(expectedReturnE9Of(link, -SCORE_ONE)).toBe(8_000_000)
  expect(link.interval).toEqual({ lowerE9: -30_000_000, upperE9: 40_000_000, coveragePpm: 900_000 })
})

test('a fitted calibration becomes a link that differs by rounding only', () => {
  const scores = Float64Array.from({ length: 2_000 }, (_, row) => (row - 1_000) / 500)
  const outcomes = Uint8Array.from(scores, (score, row) => (score + ((row * 7) % 11) / 4 > 1.2 ? 1 : 0))
  const calibration = fitCalibration({ kind: 'isotonic', scores, outcomes })
  const link = linkOf({ calibration })
  expect(link.scores.length).toBe(calibration.scores.length)
  for (const [knot, probability] of calibration.probabilities.entries())
    expect(Math.abs((link.probabilitiesPpm[knot] ?? 0) / 1e6 - probability)).toBeLessThanOrEqual(5.1e-7)
})

test('knots that round to one score become one', () => {
  const link = linkOf({
    calibration: { scores: Float64Array.of(0, 1e-9, 1), probabilities: Float64Array.of(0.2, 0.4, 0.6) },
  })
  expect([...link.scores]).toEqual([0, SCORE_ONE])
  expect([...link.probabilitiesPpm]).toEqual([300_000, 600_000])
})

test.each([
  ['no knots', [], []],
  ['falling scores', [1, 0], [0.1, 0.2]],
  ['falling probabilities', [0, 1], [0.2, 0.1]],
  ['a score that is NaN', [Number.NaN], [0.5]],
  ['a probability above 1', [0], [1.5]],
  ['too many knots', Array.from({ length: 65 }, (_, at) => at), new Array(65).fill(0.5)],
])('%s are refused', (_, scores, probabilities) => {
  const calibration = {
    scores: Float64Array.from(scores as number[]),
    probabilities: Float64Array.from(probabilities as number[]),
  }
  expect(() => linkOf({ calibration })).toThrow('The scores cannot be linked to probabilities: ')
})
