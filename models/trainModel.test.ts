import { describe, expect, test } from 'vitest'
import { PPM } from '../core/index.ts'
import type { FeatureMatrix } from '../feature-store/index.ts'
import { createInference } from './createInference.ts'
import { evaluateForecasts } from './evaluation/index.ts'
import type { FitProgress } from './fit.ts'
import { lessonsOf } from './lessons.ts'
import { checkModelSpec, type ModelSpec } from './modelSpec.ts'
import type { Fold } from './samples/index.ts'
import { probabilityPpmOf } from './sealed/link.ts'
import { programScores } from './sealed/programScores.ts'
import { parseSealedModel, type SealedModel, serialiseSealedModel } from './sealed/sealedModel.ts'
import { SMALL_LEARNERS, smallMatrix, smallSpec } from './smallTraining.fixture.ts'
import { type TrainedModel, type TrainOptions, trainModels } from './trainModel.ts'

const KINDS = ['linear', 'mlp', 'tcn', 'trees'] as const

const train = (matrix: FeatureMatrix, spec: Partial<ModelSpec>, options: Partial<TrainOptions> = {}) =>
  trainModels({ matrix, spec: smallSpec(spec), device: 'cpu', workers: 1, ...options })

/** Probabilities that a model gives the test rows, one prediction after the other. */
function probabilities(model: SealedModel, fold: Fold, { values, columns }: FeatureMatrix): Float64Array {
  const { predict, steps } = createInference(model)
  return Float64Array.from(
    fold.test.rows,
    row => predict(values.slice((row + 1 - steps) * columns, (row + 1) * columns)).probabilityUp,
  )
}

describe.each(KINDS)('a model of kind %s', kind => {
  const learner = SMALL_LEARNERS[kind]

  test('is scored by its sealed integers, as agents that read its file run them', async () => {
    const matrix = smallMatrix()
    const spec = { learner, calibration: 'isotonic' } as const
    const training = await train(matrix, spec)
    const [{ model, hash, fold, evaluation }] = training.models as [TrainedModel]
    const file = serialiseSealedModel(model)
    expect(file.hash).toBe(hash)
    const given = probabilities(parseSealedModel(file.text, hash), fold, matrix)

    const { program } = model
    const scores = programScores(program, { values: matrix.values, rows: fold.test.rows })
    expect([...given]).toEqual(Array.from(scores, score => probabilityPpmOf(program.link, score) / PPM))

    const { samples } = lessonsOf(matrix, checkModelSpec(smallSpec(spec)), null)
    const of = (values: Float64Array) => Float64Array.from(fold.test.rows, row => values[row] ?? Number.NaN)
    const returns = of(samples.labelReturn)
    const scored = evaluateForecasts({
      startMs: of(samples.timesMs),
      endMs: of(samples.endMs),
      probabilities: given,
      outcomes: Uint8Array.from(returns, made => (made > 0 ? 1 : 0)),
      returns,
      baselines: {},
    })
    expect(evaluation.model).toEqual(scored.model)
    expect(Object.keys(evaluation.baselines)).toEqual(['majority', 'logistic', 'momentum'])
    const { accuracy, logLoss, brier, informationCoefficient, calibrationError } = scored.model
    expect(model.card.metrics).toEqual({
      accuracy,
      logLoss,
      brier,
      informationCoefficient,
      calibrationError,
    })
  })
})

describe('a training', () => {
  test('says what it used: device, reason, rows, labels of no change', async () => {
    const matrix = smallMatrix()
    const flat = matrix.prices.slice()
    flat[101] = flat[100] ?? 0
    const { device, why, rows, spec } = await train({ ...matrix, prices: flat }, {})
    expect({ device, why, rows }).toEqual({
      device: 'cpu',
      why: 'The CPU was asked for.',
      rows: { matrix: 400, labelled: 399, unchanged: 1 },
    })
    expect(spec).toEqual(checkModelSpec(smallSpec()))
  })

  test('tells its progress, epoch by epoch', async () => {
    const told: FitProgress[] = []
    const { models } = await train(smallMatrix(), {}, { onProgress: progress => told.push(progress) })
    const [{ history }] = models as [TrainedModel]
    expect(told.map(({ step }) => step)).toEqual(Array.from({ length: history.stepsRun }, (_, at) => at + 1))
    expect(told.every(each => each.fit === 0 && each.steps === 8)).toBe(true)
    expect(told.map(({ loss }) => loss)).toEqual(history.losses)
  })

  test('ends with the reason of an abort', async () => {
    const controller = new AbortController()
    const reason = new Error('The user had enough.')
    const training = train(
      smallMatrix(),
      { learner: { ...SMALL_LEARNERS.mlp, epochs: 5_000, patience: 5_000 } },
      { signal: controller.signal, onProgress: () => controller.abort(reason) },
    )
    await expect(training).rejects.toBe(reason)
  })
})
