import { expect, test } from 'vitest'
import { exactExp, seededRandom } from '../core/index.ts'
import type { FeatureMatrix } from '../feature-store/index.ts'
import { createInference } from './createInference.ts'
import type { ModelSpec } from './modelSpec.ts'
import { smallSpec } from './smallTraining.fixture.ts'
import { syntheticMatrix } from './syntheticMatrix.fixture.ts'
import { trainModels } from './trainModel.ts'

const ROWS = 8_000

/** The probability of a rise after a row. */
const truth = (first: number) => 1 / (1 + exactExp(-(0.9 * first + 0.4)))

const random = seededRandom(77)
const MATRIX = syntheticMatrix({
  rows: ROWS,
  columns: 2,
  seed: 12,
  rule: ([first = 0]) => random() < truth(first),
})

const LEARNERS = {
  linear: { kind: 'linear', epochs: 8, batchSize: 128, learningRate: 0.01 },
  mlp: { kind: 'mlp', hidden: [8], epochs: 8, batchSize: 128, learningRate: 0.01 },
  // So many deep trees are much too sure of themselves where nothing stops them.
  trees: { kind: 'trees', rounds: 60, depth: 5, learningRate: 0.2 },
} as const

async function trained(matrix: FeatureMatrix, changes: Partial<ModelSpec>) {
  const { models, overall } = await trainModels({
    matrix,
    spec: smallSpec(changes),
    device: 'cpu',
    workers: 1,
  })
  const { predict } = createInference(models[0]!.model)
  const predictions = Array.from(models[0]!.fold.test.rows, row => ({
    row,
    ...predict(matrix.values.slice(row * matrix.columns, (row + 1) * matrix.columns)),
  }))
  return { predictions, overall, models }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

// A step function that is measured on 840 rows strays by about 0.03 (as the cube root of the rows), and so do the
// leaves of trees about the smooth truth; a line is known better.
test.each([
  ['linear', 'none', 0.02],
  ['linear', 'isotonic', 0.045],
  ['mlp', 'platt', 0.03],
  ['trees', 'platt', 0.06],
] as const)(
  'a model of kind %s, calibrated by %s, gives the probability that is true',
  async (kind, calibration, most) => {
    const { predictions, overall } = await trained(MATRIX, { learner: LEARNERS[kind], calibration })
    // Of 2,400 rows in ten bins: the error of a perfect forecast is about 0.025 by chance alone.
    expect(overall.model.calibrationError).toBeLessThan(0.04)
    const errors = predictions.map(({ row, probabilityUp }) =>
      Math.abs(probabilityUp - truth(MATRIX.values[row * 2] ?? 0)),
    )
    expect(mean(errors)).toBeLessThan(most)
    expect(overall.model.logLoss).toBeLessThan(overall.baselines['majority']!.logLoss - 0.05)
  },
)

test('calibration takes back the certainty of trees that learnt their rows by heart', async () => {
  const learner = { ...LEARNERS.trees, l2: 0, minLeafWeight: 0, learningRate: 0.5 } as const
  const error = async (calibration: 'none' | 'platt') =>
    (await trained(MATRIX, { learner, calibration, validationShare: 0 })).overall.model.calibrationError
  expect(await error('none')).toBeGreaterThan(0.08)
  expect(await error('platt')).toBeLessThan(0.04)
})

test('balanced classes leave the probabilities true where the market rises most of the time', async () => {
  const draws = seededRandom(5)
  const matrix = syntheticMatrix({
    rows: 6_000,
    columns: 2,
    seed: 3,
    rule: ([first = 0]) => draws() < 1 / (1 + exactExp(-(first + 1.8))),
  })
  const { overall } = await trained(matrix, { learner: LEARNERS.linear, classBalance: true })
  expect(overall.outcomeShare).toBeGreaterThan(0.75)
  expect(overall.model.calibrationError).toBeLessThan(0.04)
})

test.each([
  ['direction', 0.9],
  ['return', 0.5],
] as const)(
  'the interval of a model of %s holds the share of returns that was asked for: %s',
  async (objective, coverage) => {
    const { predictions } = await trained(MATRIX, { learner: LEARNERS.linear, objective, coverage })
    const inside = predictions.filter(({ row, interval }) => {
      const made = Math.log((MATRIX.prices[row + 1] ?? Number.NaN) / (MATRIX.prices[row] ?? Number.NaN))
      return interval !== null && made >= interval.low && made <= interval.high
    })
    expect(predictions.every(({ interval }) => interval?.coverage === coverage)).toBe(true)
    // 840 rows to measure on and 2,400 to hold it: three standard errors are 0.06 at a half, 0.036 at nine tenths.
    expect(Math.abs(inside.length / predictions.length - coverage)).toBeLessThan(
      coverage === 0.5 ? 0.06 : 0.036,
    )
  },
)
