import { describe, expect, test } from 'vitest'
import { exactExp, PPM, seededRandom } from '../core/index.ts'
import type { FeatureMatrix } from '../feature-store/index.ts'
import { learnerSchema, type NetworkLearner, type Objective } from './learner.ts'
import { lessonsOf } from './lessons.ts'
import { checkModelSpec, type ModelSpec } from './modelSpec.ts'
import type { FloatNetwork } from './networks/floatNetwork.ts'
import { fitScaler } from './scaler.ts'
import { probabilityPpmOf } from './sealed/link.ts'
import { quantisationLoss } from './sealed/quantisationLoss.ts'
import { sealTrained } from './sealTrained.ts'
import { SMALL_LEARNERS, smallSpec } from './smallTraining.fixture.ts'
import { syntheticMatrix } from './syntheticMatrix.fixture.ts'
import { trainTrees } from './trees/trainTrees.ts'

const logistic = (odds: number) => 1 / (1 + exactExp(-odds))

/** Returns that rise with the probability logistic(slope · first feature + intercept). */
function drawn(rows: number, { slope = 1, intercept = 0, seed = 5 } = {}): FeatureMatrix {
  const random = seededRandom(seed + 1_000)
  return syntheticMatrix({
    rows,
    columns: 2,
    seed,
    rule: ([first = 0]) => random() < logistic(slope * first + intercept),
  })
}

/** A linear model that a person wrote down: score = weight · first feature. */
function linear(weight: number, objective: Objective = 'direction'): FloatNetwork {
  return {
    learner: learnerSchema.parse({ kind: 'linear' }) as NetworkLearner,
    objective,
    columns: 2,
    scaler: { mean: new Float32Array(2), std: Float32Array.of(1, 1) },
    parameters: Float32Array.of(weight, 0, 0),
    targetScale: objective === 'return' ? 0.001 : 1,
    targetCentre: objective === 'return' ? 0.000_01 : 0,
  }
}

function bench(matrix: FeatureMatrix, changes: Partial<ModelSpec> = {}) {
  const spec = checkModelSpec(smallSpec(changes))
  const { samples, folds, sets } = lessonsOf(matrix, spec, null)
  return { values: matrix.values, samples, fold: folds[0]!, spec, set: sets[0]! }
}

describe('a sealed network', () => {
  test('has the loss that its integers have on the test rows', () => {
    const matrix = drawn(600)
    const on = bench(matrix)
    const network = linear(1)
    const { program, loss } = sealTrained(network, on)
    if (program.kind === 'trees') throw new TypeError('It is a network.')
    expect(loss).toEqual(
      quantisationLoss(network, program, { values: matrix.values, rows: on.fold.test.rows }),
    )
    expect(loss?.rows).toBe(on.fold.test.rows.length)
    expect(loss?.scoreDeviation).toBeGreaterThan(0.8)
  })

  test('is refused when it loses more than the limit', () => {
    const matrix = drawn(600)
    const on = bench(matrix)
    const loss = sealTrained(linear(1), on).loss!
    expect(() => sealTrained(linear(1), { ...on, limits: { meanScoreShare: 0 } })).toThrow(
      `Quantised to integers, the model's score is off by ${loss.meanScore.toPrecision(3)} on average; ` +
        "the limit is 0.00, 0 % of the scores' spread.",
    )
    const share = loss.meanScore / loss.scoreDeviation
    expect(() => sealTrained(linear(1), { ...on, limits: { meanScoreShare: share * 1.001 } })).not.toThrow()
  })

  test('gives an expected return by its probability, and an interval about it', () => {
    const matrix = drawn(2_000, { slope: 2 })
    const { link } = sealTrained(linear(2), bench(matrix, { coverage: 0.8 })).program
    expect(link.expectedReturn).toMatchObject({ of: 'probability' })
    expect(link.expectedReturn?.multiplier).toBeGreaterThan(0)
    expect(link.interval?.coveragePpm).toBe(800_000)
    expect(link.interval?.lowerE9).toBeLessThan(0)
    expect(link.interval?.upperE9).toBeGreaterThan(0)
  })

  test('of returns gives an expected return by its score, on the scale of the training', () => {
    const matrix = drawn(600)
    const { link } = sealTrained(linear(1, 'return'), bench(matrix, { objective: 'return' })).program
    expect(link.expectedReturn).toMatchObject({ of: 'score', centreE9: 10_000 })
    // A score of 1 is 2^20.
    const { multiplier, shift } = link.expectedReturn!
    expect((multiplier * 2 ** 20) / 2 ** shift / 1e9).toBeCloseTo(0.001, 7)
  })

  test('is left as it is without calibration rows', () => {
    const matrix = drawn(600)
    const { link } = sealTrained(
      linear(1),
      bench(matrix, { calibration: 'none', calibrationShare: 0 }),
    ).program
    expect(link).toMatchObject({ expectedReturn: null, interval: null })
    for (const score of [-2, -0.5, 0, 1, 3])
      expect(Math.abs(probabilityPpmOf(link, score * 2 ** 20) / PPM - logistic(score))).toBeLessThan(2e-4)
  })
})

describe('calibration', () => {
  /** Mean probability and share of rises over the calibration rows. */
  function overCalibration(network: FloatNetwork, on: ReturnType<typeof bench>) {
    const { program, evaluator } = sealTrained(network, on)
    const { rows } = on.fold.calibration
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, v) => sum + v, 0) / rows.length
    return {
      probability:
        mean(Array.from(evaluator.scores(on.values, rows), score => probabilityPpmOf(program.link, score))) /
        PPM,
      rises: mean(Array.from(rows, row => ((on.samples.labelReturn[row] ?? 0) > 0 ? 1 : 0))),
    }
  }

  test('trusts log-odds where there are few rows: the slope of a score that says nothing stays near 1', () => {
    // 30 calibration rows, of a market that is a coin.
    const matrix = drawn(200, { slope: 0, seed: 11 })
    const { link } = sealTrained(linear(1), bench(matrix)).program
    const odds = (p: number) => Math.log(p / (PPM - p))
    const slope = odds(probabilityPpmOf(link, 2 ** 19)) - odds(probabilityPpmOf(link, -(2 ** 19)))
    expect(slope).toBeGreaterThan(0.2)
    expect(slope).toBeLessThan(1)
  })

  test('of a model whose classes were balanced finds the true share of rises, on few rows too', () => {
    // Four rises to a fall; a balanced model knows nothing of that.
    const matrix = drawn(1_000, { slope: 0.8, intercept: 1.6 })
    for (const calibration of ['platt', 'isotonic'] as const) {
      const { probability, rises } = overCalibration(
        linear(0.8),
        bench(matrix, { classBalance: true, calibration }),
      )
      expect(rises).toBeGreaterThan(0.7)
      // Platt's targets are drawn in by one row of 150 on either side.
      expect(Math.abs(probability - rises)).toBeLessThan(0.01)
    }
  })

  test('looks at no row of the test', () => {
    const matrix = drawn(800)
    const on = bench(matrix)
    const values = matrix.values.slice()
    const labelReturn = on.samples.labelReturn.slice()
    for (const row of on.fold.test.rows) {
      values[row * 2] = -3 * (values[row * 2] ?? 0)
      labelReturn[row] = 1
    }
    for (const calibration of ['platt', 'isotonic'] as const) {
      const spec = { ...on.spec, calibration }
      const before = sealTrained(linear(1), { ...on, spec }).program
      const after = sealTrained(linear(1), {
        ...on,
        spec,
        values,
        samples: { ...on.samples, labelReturn },
        limits: { meanScoreShare: 1 },
      }).program
      expect(after).toEqual(before)
    }
  })
})

test('sealed trees lose nothing, whatever the limit', async () => {
  const matrix = drawn(600)
  const on = bench(matrix, { learner: SMALL_LEARNERS.trees })
  const learner = on.spec.learner
  if (learner.kind !== 'trees') throw new TypeError('They are trees.')
  const { ensemble } = await trainTrees(
    {
      set: on.set,
      train: on.fold.train.rows,
      validation: on.fold.validation.rows,
      scaler: fitScaler(matrix.values, 2, on.fold.train.rows),
      objective: 'direction',
      learner,
      seed: 1,
    },
    { workers: 1 },
  )
  const { loss, program } = sealTrained(ensemble, { ...on, limits: { meanScoreShare: 0 } })
  expect(loss).toBeNull()
  expect(program.kind).toBe('trees')
})
