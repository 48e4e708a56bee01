import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gaussian, InvalidInputError, seededRandom } from '../../core/index.ts'
import { logLoss } from '../metrics.ts'
import { isotonicRegression } from './isotonicRegression.ts'
import { fitPlatt } from './plattScaling.ts'
import { applyCalibration, fitCalibration, MOST_KNOTS, type ScoreCalibration } from './scoreCalibration.ts'

const logistic = (odds: number) => 1 / (1 + Math.exp(-odds))

/** Scores whose log-odds of 1 are slope · score + intercept. */
function drawn(rows: number, { slope, intercept, seed }: { slope: number; intercept: number; seed: number }) {
  const random = seededRandom(seed)
  const scores = Float64Array.from({ length: rows }, () => gaussian(random))
  return {
    scores,
    outcomes: Uint8Array.from(scores, score => (random() < logistic(slope * score + intercept) ? 1 : 0)),
    weights: new Float64Array(rows).fill(1),
  }
}

function assertRising({ scores, probabilities }: ScoreCalibration): void {
  expect(scores.length).toBeLessThanOrEqual(MOST_KNOTS)
  expect(scores.length).toBe(probabilities.length)
  for (let knot = 0; knot < scores.length; knot++) {
    expect(probabilities[knot]!).toBeGreaterThan(0)
    expect(probabilities[knot]!).toBeLessThan(1)
    if (knot === 0) continue
    expect(scores[knot]!).toBeGreaterThan(scores[knot - 1]!)
    expect(probabilities[knot]!).toBeGreaterThanOrEqual(probabilities[knot - 1]!)
  }
}

describe('fitCalibration', () => {
  test('none is the logistic function within a ten-thousandth', () => {
    const calibration = fitCalibration({ kind: 'none' })
    assertRising(calibration)
    let worst = 0
    for (let odds = -30; odds <= 30; odds += 0.0037)
      worst = Math.max(worst, Math.abs(applyCalibration(calibration, odds) - logistic(odds)))
    expect(worst).toBeLessThan(1e-4)
    expect(applyCalibration(calibration, 0)).toBeCloseTo(0.5, 4)
  })

  test('platt is its logistic function within a ten-thousandth, at any scale of the scores', {
    timeout: 120_000,
  }, () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.constantFrom(1e-6, 1, 1_048_576),
        fc.nat(1_000),
        (slope, intercept, unit, seed) => {
          const rows = drawn(200, { slope, intercept, seed })
          if (new Set(rows.outcomes).size < 2) return
          const scaled = { ...rows, scores: rows.scores.map(score => score * unit) }
          const fitted = fitPlatt(scaled)
          const calibration = fitCalibration({ kind: 'platt', ...scaled })
          assertRising(calibration)
          if (!(fitted.slope > 0)) return
          for (let score = -6; score <= 6; score += 0.043)
            expect(
              Math.abs(
                applyCalibration(calibration, score * unit) -
                  logistic(fitted.slope * unit * score + fitted.intercept),
              ),
            ).toBeLessThan(1e-4)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('platt finds the slope and intercept that were planted', () => {
    const { slope, intercept } = fitPlatt(drawn(50_000, { slope: 0.7, intercept: -0.4, seed: 1 }))
    // Standard errors are about 0.01.
    expect(Math.abs(slope - 0.7)).toBeLessThan(0.03)
    expect(Math.abs(intercept + 0.4)).toBeLessThan(0.03)
  })

  test('platt is where the gradient to the drawn-in targets is 0', () => {
    const rows = drawn(300, { slope: 1.5, intercept: 0.5, seed: 2 })
    const random = seededRandom(3)
    const weights = rows.weights.map(() => 0.5 + random())
    const { slope, intercept } = fitPlatt({ ...rows, weights })
    const ones = rows.outcomes.reduce((sum, outcome, row) => sum + outcome * weights[row]!, 0)
    const zeros = weights.reduce((sum, weight) => sum + weight, 0) - ones
    let bySlope = 0
    let byIntercept = 0
    rows.scores.forEach((score, row) => {
      const target = rows.outcomes[row] === 1 ? (ones + 1) / (ones + 2) : 1 / (zeros + 2)
      const error = weights[row]! * (logistic(slope * score + intercept) - target)
      bySlope += error * score
      byIntercept += error
    })
    expect(Math.abs(bySlope)).toBeLessThan(1e-5)
    expect(Math.abs(byIntercept)).toBeLessThan(1e-5)
  })

  test('platt weighs a row of weight 2 as two rows', () => {
    const rows = drawn(100, { slope: 1, intercept: 0, seed: 4 })
    const twice = (values: ArrayLike<number>) => Float64Array.from(Array.from(values).flatMap(v => [v, v]))
    const weighed = fitPlatt({ ...rows, weights: new Float64Array(100).fill(2) })
    const doubled = fitPlatt({
      scores: twice(rows.scores),
      outcomes: Uint8Array.from(twice(rows.outcomes)),
      weights: new Float64Array(200).fill(1),
    })
    expect(weighed.slope).toBeCloseTo(doubled.slope, 8)
    expect(weighed.intercept).toBeCloseTo(doubled.intercept, 8)
  })

  test('platt turns no score around: it gives the share of 1 instead', () => {
    const rows = drawn(2_000, { slope: -1, intercept: 0.4, seed: 5 })
    const calibration = fitCalibration({ kind: 'platt', ...rows })
    const share = rows.outcomes.reduce((a, b) => a + b, 0) / 2_000
    expect(calibration.scores).toHaveLength(1)
    expect(applyCalibration(calibration, -3)).toBe(applyCalibration(calibration, 3))
    expect(applyCalibration(calibration, 0)).toBeCloseTo(share, 2)
  })

  test('isotonic follows a curve that platt cannot', { timeout: 120_000 }, () => {
    // Scores in [−1, 1] that are right only above 0.
    const random = seededRandom(6)
    const truth = (score: number) => (score > 0 ? 0.5 + 0.4 * score : 0.5)
    const draw = (rows: number) => {
      const scores = Float64Array.from({ length: rows }, () => 2 * random() - 1)
      return { scores, outcomes: Uint8Array.from(scores, score => (random() < truth(score) ? 1 : 0)) }
    }
    const rows = draw(40_000)
    const isotonic = fitCalibration({ kind: 'isotonic', ...rows })
    const platt = fitCalibration({ kind: 'platt', ...rows })
    assertRising(isotonic)
    const held = draw(40_000)
    const lossOf = (calibration: ScoreCalibration) =>
      logLoss(
        held.scores.map(score => applyCalibration(calibration, score)),
        held.outcomes,
      )
    expect(lossOf(isotonic)).toBeLessThan(lossOf(platt))
    for (const score of [-0.8, -0.3, 0.3, 0.8])
      expect(Math.abs(applyCalibration(isotonic, score) - truth(score))).toBeLessThan(0.04)
  })

  test('isotonic knots rise, are few enough, and never certain', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -500, max: 500 }), fc.boolean()), {
          minLength: 2,
          maxLength: 400,
        }),
        pairs => {
          const scores = Float64Array.from(pairs, ([score]) => score)
          const outcomes = Uint8Array.from(pairs, ([, came]) => Number(came))
          if (new Set(outcomes).size < 2) return
          const calibration = fitCalibration({ kind: 'isotonic', scores, outcomes })
          assertRising(calibration)
          const edge = 1 / (pairs.length + 2)
          expect(calibration.probabilities[0]!).toBeGreaterThanOrEqual(edge)
          expect(calibration.probabilities.at(-1)!).toBeLessThanOrEqual(1 - edge)
        },
      ),
    )
  })

  test('thins many blocks to the knots of a sealed model without moving the line much', {
    timeout: 120_000,
  }, () => {
    const random = seededRandom(7)
    const scores = Float64Array.from({ length: 200_000 }, () => random())
    const outcomes = Uint8Array.from(scores, score => (random() < score ? 1 : 0))
    const weights = new Float64Array(200_000).fill(1)
    expect(isotonicRegression({ scores, outcomes, weights }).length).toBeGreaterThan(2 * MOST_KNOTS)
    const calibration = fitCalibration({ kind: 'isotonic', scores, outcomes })
    expect(calibration.scores).toHaveLength(MOST_KNOTS)
    for (let score = 0.05; score < 0.96; score += 0.05)
      expect(Math.abs(applyCalibration(calibration, score) - score)).toBeLessThan(0.02)
  })

  test('says what cannot be calibrated on', () => {
    const scores = Float64Array.of(1, 2)
    expect(() => fitCalibration({ kind: 'platt', scores, outcomes: Uint8Array.of(1, 1) })).toThrow(
      'None of the 2 rows to calibrate on has the outcome 0.',
    )
    expect(() => fitCalibration({ kind: 'isotonic', scores, outcomes: Uint8Array.of(1) })).toThrow(
      InvalidInputError,
    )
    expect(() =>
      fitCalibration({
        kind: 'platt',
        scores: Float64Array.of(1, Number.NaN),
        outcomes: Uint8Array.of(1, 0),
      }),
    ).toThrow(InvalidInputError)
    expect(applyCalibration(fitCalibration({ kind: 'none' }), Number.NaN)).toBeNaN()
  })
})

describe('isotonicRegression', () => {
  test('equals the best never falling function of all', () => {
    const pairs = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 7 }),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
      ),
      { minLength: 1, maxLength: 9 },
    )
    fc.assert(
      fc.property(pairs, given => {
        const scores = Float64Array.from(given, ([score]) => score)
        const outcomes = Float64Array.from(given, ([, outcome]) => outcome)
        const weights = Float64Array.from(given, ([, , weight]) => weight)
        const blocks = isotonicRegression({ scores, outcomes, weights })
        for (let block = 1; block < blocks.length; block++) {
          expect(blocks[block]!.value).toBeGreaterThan(blocks[block - 1]!.value)
          expect(blocks[block]!.score).toBeGreaterThan(blocks[block - 1]!.score)
        }
        // Every best function is constant on runs of scores, at their means: try all runs.
        const groups = [...new Set(scores)]
          .sort((a, b) => a - b)
          .map(score => given.filter(([s]) => s === score))
        let best = Number.POSITIVE_INFINITY
        for (let cuts = 0; cuts < 2 ** (groups.length - 1); cuts++) {
          const runs: (typeof given)[] = []
          groups.forEach((group, place) => {
            if (place === 0 || (cuts >> (place - 1)) & 1) runs.push([...group])
            else runs.at(-1)!.push(...group)
          })
          const means = runs.map(
            run => run.reduce((sum, [, y, w]) => sum + w * y, 0) / run.reduce((sum, [, , w]) => sum + w, 0),
          )
          if (means.some((mean, place) => place > 0 && mean < means[place - 1]!)) continue
          const squares = runs.reduce(
            (sum, run, place) => sum + run.reduce((part, [, y, w]) => part + w * (y - means[place]!) ** 2, 0),
            0,
          )
          best = Math.min(best, squares)
        }
        // The fitted value of a score is that of the block it lies in, by weight from below.
        const sorted = given.toSorted((a, b) => a[0] - b[0])
        let squares = 0
        let at = 0
        for (const { value, weight } of blocks) {
          let left = weight
          while (left > 1e-9) {
            const [, y, w] = sorted[at++]!
            squares += w * (y - value) ** 2
            left -= w
          }
        }
        expect(at).toBe(sorted.length)
        expect(squares).toBeCloseTo(best, 9)
      }),
      { numRuns: 300 },
    )
  })
})
