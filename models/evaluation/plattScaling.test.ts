import { describe, expect, test } from 'vitest'
import { gaussian, seededRandom } from '../../core/index.ts'
import { fitPlatt, LOG_ODDS_PRIOR } from './plattScaling.ts'

const logistic = (odds: number) => 1 / (1 + Math.exp(-odds))

/** Scores about 0.3 whose log-odds of 1 are slope · score + intercept, with weights from a half to one and a half. */
function drawn(rows: number, { slope, intercept, seed }: { slope: number; intercept: number; seed: number }) {
  const random = seededRandom(seed)
  const scores = Float64Array.from({ length: rows }, () => 0.3 + 0.7 * gaussian(random))
  return {
    scores,
    outcomes: Uint8Array.from(scores, score => (random() < logistic(slope * score + intercept) ? 1 : 0)),
    weights: Float64Array.from(scores, () => 0.5 + random()),
  }
}

/** Minus the logarithm of the posterior density, to a constant. */
function loss(
  { scores, outcomes, weights }: ReturnType<typeof drawn>,
  { slope, intercept }: { slope: number; intercept: number },
): number {
  let ones = 0
  let total = 0
  weights.forEach((weight, row) => {
    total += weight
    if (outcomes[row] === 1) ones += weight
  })
  const { slopeDeviation, interceptDeviation } = LOG_ODDS_PRIOR
  let sum = (((slope - 1) / slopeDeviation) ** 2 + (intercept / interceptDeviation) ** 2) / 2
  scores.forEach((score, row) => {
    const target = outcomes[row] === 1 ? (ones + 1) / (ones + 2) : 1 / (total - ones + 2)
    const p = logistic(slope * score + intercept)
    sum -= weights[row]! * (target * Math.log(p) + (1 - target) * Math.log(1 - p))
  })
  return sum
}

describe('a prior of log-odds', () => {
  test.each([
    { rows: 20, slope: 1, intercept: 0, seed: 1 },
    { rows: 60, slope: 0.4, intercept: 0.6, seed: 2 },
    { rows: 300, slope: 2, intercept: -0.5, seed: 3 },
  ])('gives the best of a grid: $rows rows of slope $slope and intercept $intercept', given => {
    const rows = drawn(given.rows, given)
    const found = fitPlatt({ ...rows, prior: LOG_ODDS_PRIOR })
    let best = { slope: 0, intercept: 0 }
    let least = Number.POSITIVE_INFINITY
    for (let slope = 0.02; slope < 3; slope += 0.02)
      for (let intercept = -1.5; intercept < 1.5; intercept += 0.02) {
        const value = loss(rows, { slope, intercept })
        if (value < least) {
          least = value
          best = { slope, intercept }
        }
      }
    expect(loss(rows, found)).toBeLessThanOrEqual(least)
    expect(Math.abs(found.slope - best.slope)).toBeLessThan(0.03)
    expect(Math.abs(found.intercept - best.intercept)).toBeLessThan(0.03)
  })

  test('is moved little by a few rows, however much they say', () => {
    const scores = Float64Array.of(-1, -0.5, 0.5, 1)
    const weights = new Float64Array(4).fill(1)
    for (const outcomes of [
      Uint8Array.of(0, 0, 1, 1),
      Uint8Array.of(1, 1, 0, 0),
      Uint8Array.of(1, 1, 0, 1),
    ]) {
      const { slope, intercept } = fitPlatt({ scores, outcomes, weights, prior: LOG_ODDS_PRIOR })
      expect(Math.abs(slope - 1)).toBeLessThan(LOG_ODDS_PRIOR.slopeDeviation)
      expect(Math.abs(intercept)).toBeLessThan(LOG_ODDS_PRIOR.interceptDeviation)
    }
    // Alone, the same rows turn the scores flat.
    expect(fitPlatt({ scores, outcomes: Uint8Array.of(1, 1, 0, 0), weights }).slope).toBe(0)
  })

  test('gives way to many rows', () => {
    const away = (rows: number) => {
      const given = drawn(rows, { slope: 0.3, intercept: 0.8, seed: 4 })
      const free = fitPlatt(given)
      const held = fitPlatt({ ...given, prior: LOG_ODDS_PRIOR })
      return Math.hypot(held.slope - free.slope, held.intercept - free.intercept)
    }
    expect(away(100)).toBeGreaterThan(0.1)
    expect(away(20_000)).toBeLessThan(0.01)
    expect(away(200_000)).toBeLessThan(0.001)
  })

  test('counts rows by their weights: labels that overlap are one piece of evidence', () => {
    const rows = drawn(200, { slope: 0.2, intercept: 0.8, seed: 5 })
    const slopeAt = (scale: number) =>
      fitPlatt({ ...rows, weights: rows.weights.map(weight => weight * scale), prior: LOG_ODDS_PRIOR }).slope
    expect(slopeAt(0.01)).toBeGreaterThan(0.9)
    expect(slopeAt(0.1)).toBeLessThan(slopeAt(0.01))
    expect(slopeAt(1)).toBeLessThan(slopeAt(0.1))
  })
})
