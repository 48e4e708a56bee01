import { describe, expect, test } from 'vitest'
import { ZERO_HASH } from '../core/index.ts'
import { defineFeature } from '../feature-store/index.ts'
import { evaluateForecasts, recordBackground, recordLosses } from './evaluation/index.ts'
import { finishModel, type Workbench } from './finishModel.ts'
import { float32FromText } from './float32Text.ts'
import { learnerSchema, type NetworkLearner } from './learner.ts'
import { lessonsOf } from './lessons.ts'
import { checkModelSpec, type ModelSpec } from './modelSpec.ts'
import type { FloatNetwork } from './networks/floatNetwork.ts'
import { fitScaler } from './scaler.ts'
import { backgroundRows } from './sealed/backgroundRows.ts'
import { parseSealedModel, serialiseSealedModel } from './sealed/sealedModel.ts'
import { SMALL_LEARNERS, smallMatrix, smallSpec } from './smallTraining.fixture.ts'
import { SYNTHETIC_HORIZON_MS } from './syntheticMatrix.fixture.ts'
import { trainFits } from './trainFits.ts'
import type { TreeEnsemble } from './trees/treeEnsemble.ts'

const ORIGIN = { training: null, walkForward: null, parent: null }

function workbench(changes: Partial<ModelSpec> = {}, matrix = smallMatrix()): Workbench {
  const spec = checkModelSpec(smallSpec(changes))
  const { samples, folds } = lessonsOf(matrix, spec, null)
  return { matrix, samples, fold: folds[0]!, spec }
}

/** A linear model that a person wrote down: score = weight · first feature. */
function linear(weight: number): FloatNetwork {
  return {
    learner: learnerSchema.parse({ kind: 'linear' }) as NetworkLearner,
    objective: 'direction',
    columns: 3,
    scaler: { mean: new Float32Array(3), std: Float32Array.of(1, 1, 1) },
    parameters: Float32Array.of(weight, 0, 0, 0),
    targetScale: 1,
    targetCentre: 0,
  }
}

async function trees(on: Workbench): Promise<TreeEnsemble> {
  const { samples, fold, matrix } = on
  const { trained } = await trainFits(
    [
      {
        set: { values: matrix.values, columns: 3, targets: samples.targets, weights: samples.weights },
        train: fold.train.rows,
        validation: fold.validation.rows,
        scaler: fitScaler(matrix.values, 3, fold.train.rows),
        objective: 'direction',
        learner: checkModelSpec(smallSpec({ learner: SMALL_LEARNERS.trees })).learner,
        seed: 1,
      },
    ],
    { device: 'cpu', workers: 1 },
  )
  return trained[0]!.model as TreeEnsemble
}

describe('the card of a finished model', () => {
  test('says what the model is of, how it did, and what is usual', async () => {
    const on = workbench()
    const walkForward = { fold: 2, folds: 5, testToMs: on.fold.test.toMs }
    const { model, loss, forecasts } = await finishModel(linear(1), on, {
      ...ORIGIN,
      walkForward,
      parent: ZERO_HASH,
    })
    const { accuracy, logLoss, brier, informationCoefficient, calibrationError } =
      evaluateForecasts(forecasts).model
    expect(model.card).toEqual({
      name: 'gold',
      version: 1,
      instrument: 'oanda:XAUUSD',
      featureSet: ZERO_HASH,
      features: ['feature_0', 'feature_1', 'feature_2'],
      featureVersions: null,
      label: { kind: 'forward-return', horizonMs: SYNTHETIC_HORIZON_MS },
      training: null,
      walkForward,
      parent: ZERO_HASH,
      metrics: { accuracy, logLoss, brier, informationCoefficient, calibrationError },
      quantisationLoss: loss,
      spread: recordBackground(on.matrix, on.fold.train.rows),
      losses: recordLosses(forecasts, 1),
      background: backgroundRows(model.program, { values: on.matrix.values, rows: on.fold.train.rows }),
      covers: null,
    })
    expect(accuracy).toBeGreaterThan(0.6)
    expect(loss).not.toBeNull()
  })

  test('holds the covers of trees, and no quantisation loss', async () => {
    const on = workbench()
    const { model, loss } = await finishModel(await trees(on), on, ORIGIN)
    expect(loss).toBeNull()
    expect(model.card.quantisationLoss).toBeNull()
    const { program } = model
    if (program.kind !== 'trees') throw new TypeError('They are trees.')
    const covers = float32FromText(model.card.covers ?? '') ?? []
    expect(covers).toHaveLength(program.trees.reduce((sum, { left }) => sum + left.length, 0))
    // The root of a tree was reached by all rows that were drawn for it.
    expect(covers[0]).toBeGreaterThan(0.7 * on.fold.train.rows.length)
  })

  test('writes down the versions of the features where they are told', async () => {
    const feature = (name: string, version: number) =>
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
    const featureList = [feature('a', 2), feature('b', 1), feature('c', 7)]
    const { model } = await finishModel(linear(1), { ...workbench(), featureList }, ORIGIN)
    expect(model.card.featureVersions).toEqual([2, 1, 7])
  })

  test('has no usual losses where the test is too short for its labels', async () => {
    const long = { kind: 'forward-return', horizonMs: 10 * SYNTHETIC_HORIZON_MS } as const
    const { fold, ...on } = workbench({ label: long })
    // 40 rows of labels ten long: four outcomes that do not overlap.
    const test = { ...fold.test, rows: fold.test.rows.slice(0, 40) }
    const { model } = await finishModel(linear(1), { ...on, fold: { ...fold, test } }, ORIGIN)
    expect(model.card.losses).toBeNull()
  })

  test('is whole where nothing varies: a model of one probability has no information coefficient', async () => {
    const { model, hash, forecasts } = await finishModel(linear(0), workbench(), ORIGIN)
    expect(new Set(forecasts.probabilities).size).toBe(1)
    expect(model.card.metrics['informationCoefficient']).toBeNull()
    const { text } = serialiseSealedModel(model)
    expect(parseSealedModel(text, hash)).toEqual(model)
  })
})

describe('the forecasts of a finished model', () => {
  test('are of the test rows, beside baselines that learnt from every row before them', async () => {
    const on = workbench()
    const { forecasts } = await finishModel(linear(1), on, ORIGIN)
    const { test: tested, train, validation, calibration } = on.fold
    expect([...forecasts.startMs]).toEqual(Array.from(tested.rows, row => on.matrix.timesMs[row]))
    expect([...forecasts.returns]).toEqual(Array.from(tested.rows, row => on.samples.labelReturn[row]))
    const before = [train, validation, calibration].flatMap(({ rows }) => [...rows])
    const rises = before.filter(row => (on.samples.labelReturn[row] ?? 0) > 0).length
    expect(forecasts.baselines['majority']?.[0]).toBe(rises / before.length)
  })

  test('by the baselines look at no outcome of the test', async () => {
    const on = workbench()
    const labelReturn = on.samples.labelReturn.slice()
    for (const row of on.fold.test.rows) labelReturn[row] = -(labelReturn[row] ?? 0)
    const changed = { ...on, samples: { ...on.samples, labelReturn } }
    const before = (await finishModel(linear(1), on, ORIGIN)).forecasts
    const after = (await finishModel(linear(1), changed, ORIGIN)).forecasts
    expect(after.baselines).toEqual(before.baselines)
    expect(after.probabilities).toEqual(before.probabilities)
    expect(after.outcomes).not.toEqual(before.outcomes)
  })
})
