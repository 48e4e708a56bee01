import { beforeAll, describe, expect, test } from 'vitest'
import { InvalidInputError, sha256, ZERO_HASH } from '../core/index.ts'
import { defineFeature, type FeatureMatrix, featureSetHash } from '../feature-store/index.ts'
import { createInference } from './inference.ts'
import { loadTensorflow } from './loadTensorflow.ts'
import { parseArtifact, serialiseArtifact } from './modelArtifact.ts'
import type { ModelSpec } from './modelSpec.ts'
import { SYNTHETIC_HORIZON_MS, syntheticMatrix } from './syntheticMatrix.fixture.ts'
import { type TrainedModel, trainModel } from './trainModel.ts'

const spec: ModelSpec = {
  name: 'test-model',
  version: 3,
  labelHorizonMs: SYNTHETIC_HORIZON_MS,
  hidden: [24, 12],
  epochs: 60,
  batchSize: 128,
  learningRate: 0.01,
  l2: 0.000_1,
  seed: 42,
  embargoMs: 5 * SYNTHETIC_HORIZON_MS,
}

/** Up where two features agree in sign: no straight line can tell. */
const exclusiveOr = (features: Float32Array) => features[0]! * features[1]! > 0

describe('trainModel on a problem that needs a hidden layer', () => {
  const matrix = syntheticMatrix({ rows: 4_000, columns: 5, seed: 1, rule: exclusiveOr, missing: 0.02 })
  let trained: TrainedModel
  beforeAll(async () => {
    trained = await trainModel({ matrix, spec })
  })

  test('beats both baselines out of sample, by every measure', () => {
    const { model, majority, logistic } = trained.report
    expect(model.accuracy).toBeGreaterThan(0.9)
    expect(logistic.accuracy).toBeLessThan(0.6)
    expect(majority.accuracy).toBeLessThan(0.6)
    expect(model.logLoss).toBeLessThan(0.3)
    expect(logistic.logLoss).toBeGreaterThan(0.65)
    expect(model.brier).toBeLessThan(0.1)
    expect(model.informationCoefficient).toBeGreaterThan(0.6)
    expect(majority.informationCoefficient).toBeNull()
  })

  test('accounts for every row', () => {
    const { rows } = trained.report
    expect(rows).toEqual({
      matrix: 4_000,
      labelled: 3_999,
      unchanged: 0,
      train: rows.train,
      validation: rows.validation,
      test: 1_200,
      // The last training row of each part ends as the next part starts; the four before it within the embargo.
      purged: 2,
      embargoed: 8,
    })
    expect(rows.train + rows.validation + rows.test + rows.purged + rows.embargoed).toBe(rows.labelled)
    expect(rows.validation / (rows.train + rows.validation)).toBeCloseTo(0.2, 2)
    expect(trained.artifact.training.toMs + spec.labelHorizonMs + spec.embargoMs).toBe(
      trained.report.testFromMs,
    )
  })

  test('scores what inference predicts', () => {
    const inference = createInference(trained.artifact)
    let right = 0
    for (let row = 2_799; row < 3_999; row++) {
      const rise = matrix.prices[row + 1]! > matrix.prices[row]!
      if (inference.predict(matrix.values.subarray(row * 5, row * 5 + 5)) > 0.5 === rise) right++
    }
    expect(right / 1_200).toBe(trained.report.model.accuracy)
  })

  test('carries its whole story in the artifact', () => {
    const { artifact, hash } = serialiseArtifact(trained.artifact)
    expect(hash).toBe(trained.hash)
    expect(parseArtifact(artifact, hash)).toEqual(trained.artifact)
    expect(trained.artifact).toMatchObject({
      name: 'test-model',
      version: 3,
      featureSet: ZERO_HASH,
      features: matrix.names,
      instrument: 'oanda:XAUUSD',
      label: { horizonMs: SYNTHETIC_HORIZON_MS },
      training: {
        seed: 42,
        backend: trained.report.backend,
        dataHash: matrix.dataHash,
        fromMs: matrix.timesMs[0],
      },
    })
    expect(trained.artifact.training.spec).toMatchObject({ trainShare: 0.7, validationShare: 0.2 })
  })

  test('explains by the features that matter', () => {
    const inference = createInference(trained.artifact)
    const effect = new Float64Array(5)
    for (let row = 3_000; row < 3_200; row++)
      for (const [column, { effectPpm }] of inference
        .explain(matrix.values.subarray(row * 5, row * 5 + 5))
        .entries())
        effect[column]! += Math.abs(effectPpm)
    for (const irrelevant of [2, 3, 4]) {
      expect(effect[0]!).toBeGreaterThan(2 * effect[irrelevant]!)
      expect(effect[1]!).toBeGreaterThan(2 * effect[irrelevant]!)
    }
  })

  test('the same data, spec and seed give the same artifact; another seed another', async () => {
    const quick = { ...spec, epochs: 2 }
    const hashes = []
    for (const seed of [42, 42, 43])
      hashes.push((await trainModel({ matrix, spec: { ...quick, seed } })).hash)
    expect(hashes[1]).toBe(hashes[0])
    expect(hashes[2]).not.toBe(hashes[0])
  })

  test('what lies after the test period starts changes no weight', async () => {
    const quick = { ...spec, epochs: 2 }
    const values = matrix.values.slice()
    const prices = matrix.prices.slice()
    values.fill(123, 2_799 * 5)
    for (let row = 2_800; row < 4_000; row++) prices[row] = 4_000 - row
    const changed = await trainModel({ matrix: { ...matrix, values, prices }, spec: quick })
    const original = await trainModel({ matrix, spec: quick })
    expect(changed.artifact.layers).toEqual(original.artifact.layers)
    expect(changed.artifact.scaler).toEqual(original.artifact.scaler)
    expect(changed.report.model).not.toEqual(original.report.model)
  })
})

test('finds nothing in noise', async () => {
  const matrix = syntheticMatrix({ rows: 6_000, columns: 5, seed: 2, rule: () => null })
  const { report } = await trainModel({ matrix, spec })
  // 1,800 test rows: the standard error of an accuracy of ½ is 0.012, of a correlation of 0, 0.024.
  for (const scores of [report.model, report.logistic, report.majority])
    expect(Math.abs(scores.accuracy - 0.5)).toBeLessThan(4 * 0.012)
  expect(Math.abs(report.model.informationCoefficient ?? 0)).toBeLessThan(4 * 0.024)
  expect(report.model.logLoss).toBeGreaterThan(0.68)
  expect(report.model.logLoss).toBeLessThan(0.75)
})

test('logistic regression finds what is linear, and the network as much', async () => {
  const rule = (features: Float32Array) => features[0]! - 2 * features[1]! > 0.3
  const matrix = syntheticMatrix({ rows: 3_000, columns: 4, seed: 3, rule })
  const { report } = await trainModel({ matrix, spec })
  expect(report.logistic.accuracy).toBeGreaterThan(0.95)
  expect(report.model.accuracy).toBeGreaterThan(0.93)
})

describe('trainModel refuses', () => {
  const matrix = syntheticMatrix({ rows: 300, columns: 2, seed: 4, rule: () => null })

  test.each([
    ['hidden.0', { hidden: [0] }],
    ['learningRate', { learningRate: -1 }],
    ['seed', { seed: 1.5 }],
    ['trainShare', { trainShare: 1 }],
    ['name', { name: 'Has Spaces' }],
    ['labelHorizonMs', { labelHorizonMs: 0 }],
    ['spec', { lerningRate: 0.1 }],
  ])('a spec with a wrong %s', async (field, change) => {
    const refused = trainModel({ matrix, spec: { ...spec, ...change } })
    await expect(refused).rejects.toThrow(InvalidInputError)
    await expect(refused).rejects.toMatchObject({ facts: { field } })
  })

  test('a matrix without features', async () => {
    const empty = { ...matrix, names: [], columns: 0, values: new Float32Array(0) }
    await expect(trainModel({ matrix: empty, spec })).rejects.toThrow('has no features to learn from')
  })

  test('too few rows', async () => {
    const few = syntheticMatrix({ rows: 40, columns: 2, seed: 4, rule: () => null })
    await expect(trainModel({ matrix: few, spec })).rejects.toThrow('it needs 32 and 8')
  })

  test('labels of one kind', async () => {
    const rising = syntheticMatrix({ rows: 300, columns: 2, seed: 4, rule: () => true })
    await expect(trainModel({ matrix: rising, spec })).rejects.toThrow('nothing to tell apart')
  })

  test('a feature list that the matrix was not built from, and takes the one that it was', async () => {
    const features = ['feature_0', 'feature_1'].map((name, place) =>
      defineFeature({
        name,
        version: place + 4,
        unit: '1',
        description: name,
        inputs: [],
        init: () => 0,
        update: () => {},
        value: () => 1,
      }),
    )
    const named: FeatureMatrix = { ...matrix, featureSet: featureSetHash(features) }
    const quick = { ...spec, epochs: 1 }
    const { artifact } = await trainModel({ matrix: named, spec: quick, featureList: features })
    expect(artifact.featureVersions).toEqual([4, 5])
    const other = trainModel({
      matrix: { ...named, featureSet: sha256('other') },
      spec: quick,
      featureList: features,
    })
    await expect(other).rejects.toThrow('a version or parameter does not')
  })
})

test('reports the backend that trained', async () => {
  const { backend } = await loadTensorflow()
  const matrix = syntheticMatrix({ rows: 300, columns: 2, seed: 5, rule: () => null })
  const { report, artifact } = await trainModel({ matrix, spec: { ...spec, epochs: 1 } })
  expect([report.backend, artifact.training.backend]).toEqual([backend, backend])
})
