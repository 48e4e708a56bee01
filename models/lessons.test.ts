import { describe, expect, test } from 'vitest'
import type { FeatureMatrix } from '../feature-store/index.ts'
import { lessonsOf, type WalkForward } from './lessons.ts'
import { checkModelSpec, type ModelSpec } from './modelSpec.ts'
import { SMALL_LEARNERS, smallMatrix, smallSpec } from './smallTraining.fixture.ts'
import { SYNTHETIC_HORIZON_MS, syntheticMatrix } from './syntheticMatrix.fixture.ts'

const FOLDS: WalkForward = { mode: 'anchored', retrain: { folds: 3 } }
/** Labels that look at several prices and end when the market decides. */
const BARRIERS = {
  kind: 'triple-barrier',
  horizonMs: 8 * SYNTHETIC_HORIZON_MS,
  upperSigmas: 1,
  lowerSigmas: 1,
  volatilityHalfLifeMs: 20 * SYNTHETIC_HORIZON_MS,
} as const

const lessons = (matrix: FeatureMatrix, spec: Partial<ModelSpec>, walkForward: WalkForward | null = null) =>
  lessonsOf(matrix, checkModelSpec(smallSpec(spec)), walkForward)

/** The same matrix with a market that jumps about from a time on, so that barriers are touched at once. */
function wildFrom(matrix: FeatureMatrix, fromMs: number): FeatureMatrix {
  let price = Number.NaN
  const prices = matrix.prices.map((given, row) => {
    price = (matrix.timesMs[row] ?? 0) < fromMs ? given : price * (row % 3 === 0 ? 0.98 : 1.01)
    return price
  })
  return { ...matrix, prices }
}

describe('weights', () => {
  test('of training rows do not depend on what happens after their test begins', () => {
    const matrix = smallMatrix()
    const { folds, sets } = lessons(matrix, { label: BARRIERS }, FOLDS)
    for (const [index, fold] of folds.entries()) {
      const changed = lessons(wildFrom(matrix, fold.test.fromMs), { label: BARRIERS }, FOLDS)
      const learnt = [fold.train, fold.validation].flatMap(({ rows }) => [...rows])
      const weights = (given: typeof sets) => learnt.map(row => given[index]?.weights[row])
      expect(weights(changed.sets)).toEqual(weights(sets))
    }
  })

  test('are 1 on average over the training rows of the first fold, above 0 wherever a fold learns or stops', () => {
    for (const uniqueness of [true, false])
      for (const classBalance of [true, false]) {
        const { folds, sets } = lessons(smallMatrix(), { label: BARRIERS, uniqueness, classBalance }, FOLDS)
        const [first] = folds
        const rows = first?.train.rows ?? new Uint32Array(0)
        const sum = rows.reduce((total, row) => total + (sets[0]?.weights[row] ?? Number.NaN), 0)
        expect(sum / rows.length).toBeCloseTo(1, 5)
        folds.forEach((fold, index) => {
          for (const { rows: learnt } of [fold.train, fold.validation])
            expect(learnt.every(row => (sets[index]?.weights[row] ?? 0) > 0)).toBe(true)
        })
      }
  })

  test('share a set among folds, unless each balances its own classes', () => {
    const shared = lessons(smallMatrix(), {}, FOLDS).sets
    expect(new Set(shared).size).toBe(1)
    expect(shared).toHaveLength(3)
    expect(new Set(lessons(smallMatrix(), { classBalance: true }, FOLDS).sets).size).toBe(3)
  })

  test('balance the classes of the training rows and of the validation rows, each by themselves', () => {
    // Three rises to a fall.
    const matrix = syntheticMatrix({ rows: 600, columns: 2, seed: 4, rule: ([first = 0]) => first > -0.67 })
    const { samples, sets, folds } = lessons(matrix, { classBalance: true }, FOLDS)
    folds.forEach((fold, index) => {
      for (const { rows } of [fold.train, fold.validation]) {
        const sums = [0, 0]
        for (const row of rows)
          sums[samples.targets[row] ?? 0] =
            (sums[samples.targets[row] ?? 0] ?? 0) + (sets[index]?.weights[row] ?? Number.NaN)
        expect(sums[0]).toBeCloseTo(rows.length / 2, 3)
        expect(sums[1]).toBeCloseTo(rows.length / 2, 3)
      }
    })
  })

  test('balance classes without validation rows too', () => {
    const { sets, folds } = lessons(smallMatrix(), { classBalance: true, validationShare: 0 })
    expect(folds[0]?.validation.rows).toHaveLength(0)
    expect(folds[0]?.train.rows.every(row => (sets[0]?.weights[row] ?? 0) > 0)).toBe(true)
  })
})

describe('samples', () => {
  test('of a network over time begin where a whole window lies behind', () => {
    expect(lessons(smallMatrix(), {}).samples.rows[0]).toBe(0)
    expect(lessons(smallMatrix(), { learner: SMALL_LEARNERS.tcn }).samples.rows[0]).toBe(3)
  })

  test('of a reversion to NAV are the returns of the trade towards it', () => {
    const plain = smallMatrix()
    const names = ['feature_0', 'nav_premium', 'feature_2']
    const { samples } = lessons(
      { ...plain, names },
      { label: { kind: 'nav-reversion', horizonMs: SYNTHETIC_HORIZON_MS } },
    )
    const forward = lessons(plain, {}).samples
    let towards = 0
    for (const row of forward.rows) {
      const premium = plain.values[row * 3 + 1] ?? Number.NaN
      // A row whose NAV is not known is no sample; a premium of −1 or less is no NAV.
      const side = Number.isNaN(premium) || premium <= -1 ? Number.NaN : premium > 0 ? -1 : 1
      expect(samples.labelReturn[row]).toBe(side * (forward.labelReturn[row] ?? Number.NaN))
      if (side === -1) towards++
    }
    expect(towards).toBeGreaterThan(100)
  })
})
