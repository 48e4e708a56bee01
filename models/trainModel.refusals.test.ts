import { describe, expect, test } from 'vitest'
import { InvalidInputError, UnavailableError, ZERO_HASH } from '../core/index.ts'
import { defineFeature, type FeatureMatrix, featureSetHash } from '../feature-store/index.ts'
import { chooseDevice } from './gpu/chooseDevice.ts'
import { lessonsOf } from './lessons.ts'
import { checkModelSpec, type ModelSpec } from './modelSpec.ts'
import { SMALL_LEARNERS, smallMatrix, smallSpec } from './smallTraining.fixture.ts'
import { syntheticMatrix } from './syntheticMatrix.fixture.ts'
import { type TrainOptions, trainModels } from './trainModel.ts'

/** What a training is refused with: its message, and a hint beside it. */
async function refusal(
  matrix: FeatureMatrix,
  spec: Partial<ModelSpec> = {},
  options: Partial<TrainOptions> = {},
): Promise<string> {
  const error = await trainModels({
    matrix,
    spec: smallSpec(spec),
    device: 'cpu',
    workers: 1,
    ...options,
  }).then(
    () => null,
    reason => reason,
  )
  expect(error).toBeInstanceOf(InvalidInputError)
  expect(error.hint).not.toBe('')
  return error.message
}

/** A matrix in which a rule rewrites the values of a column. */
function rewritten(matrix: FeatureMatrix, column: number, value: (row: number) => number): FeatureMatrix {
  const values = matrix.values.slice()
  for (let row = 0; row < matrix.rows; row++) values[row * matrix.columns + column] = value(row)
  return { ...matrix, values }
}

const feature = (name: string, version = 1) =>
  defineFeature({
    name,
    version,
    unit: '1',
    description: 'Nothing',
    inputs: ['bar'],
    params: {},
    init: () => 0,
    update: () => undefined,
    value: () => 0,
  })

describe('a training refuses', () => {
  test('a feature that never varies over the training rows', async () => {
    // 399 labels, of which 279 come before the test; 82 of those validate and calibrate, and one is purged.
    expect(await refusal(rewritten(smallMatrix(), 1, () => 4))).toBe(
      'Over the 196 training rows, feature "feature_1" never varies.',
    )
    expect(await refusal(rewritten(smallMatrix(), 1, row => (row < 200 ? 4 : row)))).toBe(
      'Over the 196 training rows, feature "feature_1" never varies.',
    )
  })

  test('a feature that is always missing', async () => {
    expect(await refusal(rewritten(smallMatrix(), 2, () => Number.NaN))).toBe(
      'Over the 196 training rows, feature "feature_2" has no value.',
    )
  })

  test('a class without samples', async () => {
    const rising = syntheticMatrix({ rows: 400, columns: 2, seed: 1, rule: () => true })
    expect(await refusal(rising)).toBe(
      'None of the 196 train rows of the training of "gold" has the target 0: there is nothing to tell apart.',
    )
    const turning = syntheticMatrix({ rows: 400, columns: 2, seed: 1, rule: () => null })
    const from = turning.prices[240] ?? 0
    const prices = turning.prices.map((price, row) => (row < 240 ? price : from * (1 - 0.001 * (row - 240))))
    expect(await refusal({ ...turning, prices })).toBe(
      'None of the 40 calibration rows of the training of "gold" has the target 1: there is nothing to tell apart.',
    )
    expect(
      await refusal({ ...turning, prices }, {}, { walkForward: { mode: 'anchored', retrain: { folds: 2 } } }),
    ).toBe(
      'None of the 40 calibration rows of fold 1 of 2 of "gold" has the target 1: there is nothing to tell apart.',
    )
  })

  test('returns of which none, or all, are rises where they calibrate', async () => {
    const rising = syntheticMatrix({ rows: 400, columns: 2, seed: 1, rule: () => true })
    expect(await refusal(rising, { objective: 'return' })).toBe(
      'None of the 40 rows to calibrate on has the outcome 0.',
    )
  })

  test('too few rows for a split, or for the folds', async () => {
    expect(await refusal(smallMatrix({ rows: 60 }))).toBe(
      'Fold 1 of 1 has 28 train rows, 1 purged and 0 embargoed; it needs 32.',
    )
    expect(
      await refusal(smallMatrix(), {}, { walkForward: { mode: 'anchored', retrain: { folds: 20 } } }),
    ).toBe('Fold 1 of 20 has 6 test rows, 0 purged and 0 embargoed; it needs 8.')
    expect(
      await refusal(smallMatrix(), {}, { walkForward: { mode: 'anchored', retrain: { folds: 200 } } }),
    ).toBe('120 samples after the first training are too few for 200 folds.')
  })

  test('a coverage that the calibration rows cannot show', async () => {
    expect(await refusal(smallMatrix(), { coverage: 0.99 })).toBe(
      '40 rows are too few for a coverage of 0.99.',
    )
  })

  test('a matrix without features, or without prices', async () => {
    const matrix = smallMatrix()
    expect(await refusal({ ...matrix, columns: 0, names: [], values: new Float32Array(0) })).toBe(
      'Model "gold" has no features to learn from.',
    )
    expect(await refusal({ ...matrix, prices: matrix.prices.map(() => Number.NaN) })).toBe(
      "None of the matrix's 400 rows has a price.",
    )
  })

  test('features that are not those of the matrix', async () => {
    const featureList = [feature('a'), feature('b')]
    const columns = { columns: 2, rows: 400, seed: 1, rule: () => null }
    const matrix = {
      ...syntheticMatrix(columns),
      names: ['a', 'b'],
      featureSet: featureSetHash(featureList),
    }
    await trainModels({ matrix, spec: smallSpec(), device: 'cpu', workers: 1, featureList }).then(
      ({ models }) => expect(models[0]?.model.card.featureVersions).toEqual([1, 1]),
    )
    expect(await refusal(matrix, {}, { featureList: [feature('a'), feature('c')] })).toBe(
      'Model "gold" was trained on other features: missing b; additional c.',
    )
    expect(await refusal(matrix, {}, { featureList: featureList.toReversed() })).toBe(
      'Model "gold" was trained on other features: another order of a, b.',
    )
    expect(await refusal(matrix, {}, { featureList: [feature('a'), feature('b', 2)] })).toBe(
      'Model "gold" was trained on other features: the names agree, but a version or parameter does not.',
    )
    expect(await refusal({ ...matrix, featureSet: ZERO_HASH }, {}, { featureList })).toMatch(/^Model "gold"/)
  })

  test('a label on NAV without the premium over it', async () => {
    expect(await refusal(smallMatrix(), { label: { kind: 'nav-reversion', horizonMs: 60_000 } })).toBe(
      'A label on reversion to NAV needs the feature "nav_premium".',
    )
  })

  test('to seal what loses more than the limit', async () => {
    const matrix = smallMatrix()
    expect(await refusal(matrix, { learner: SMALL_LEARNERS.mlp }, { limits: { meanScoreShare: 0 } })).toMatch(
      /^Quantised to integers, the model's score is off by 0\.0\d+ on average; the limit is 0\.00, 0 % of the scores' spread\.$/,
    )
    const { models } = await trainModels({
      matrix,
      spec: smallSpec({ learner: SMALL_LEARNERS.trees }),
      device: 'cpu',
      workers: 1,
      limits: { meanScoreShare: 0 },
    })
    expect(models[0]?.loss).toBeNull()
  })

  test('trees on a GPU', async () => {
    expect(await refusal(smallMatrix(), { learner: SMALL_LEARNERS.trees }, { device: 'gpu' })).toBe(
      'Trees are trained on the CPU alone.',
    )
  })

  test('a GPU where there is none', async () => {
    const none = async () => ({ unavailable: 'There is no adapter.', remedy: 'Install a driver.' })
    const error = await chooseDevice('gpu', none).catch(reason => reason)
    expect(error).toBeInstanceOf(UnavailableError)
    expect(error.message).toBe('No GPU to train on: There is no adapter.')
    expect(error.hint).toBe('Install a driver. Or pass `--device cpu`.')
  })

  test('no workers', async () => {
    expect(await refusal(smallMatrix(), {}, { workers: 0 })).toBe('0 workers cannot train.')
  })
})

test('what lessons refuse is told before anything is trained', () => {
  const spec = checkModelSpec(smallSpec({ learner: { ...SMALL_LEARNERS.mlp, epochs: 100_000 } }))
  expect(() =>
    lessonsOf(
      rewritten(smallMatrix(), 0, () => 1),
      spec,
      null,
    ),
  ).toThrow('Over the 196 training rows, feature "feature_0" never varies.')
})
