import { describe, expect, test } from 'vitest'
import type { Hash } from '../core/index.ts'
import type { FeatureMatrix } from '../feature-store/index.ts'
import { createInference } from './createInference.ts'
import type { ModelSpec } from './modelSpec.ts'
import { SMALL_LEARNERS, smallMatrix, smallSpec } from './smallTraining.fixture.ts'
import { SYNTHETIC_HORIZON_MS } from './syntheticMatrix.fixture.ts'
import { type TrainOptions, trainModels } from './trainModel.ts'

const train = (matrix: FeatureMatrix, spec: Partial<ModelSpec> = {}, options: Partial<TrainOptions> = {}) =>
  trainModels({
    matrix,
    spec: smallSpec({ embargoMs: 2 * SYNTHETIC_HORIZON_MS, ...spec }),
    device: 'cpu',
    workers: 1,
    walkForward: { mode: 'anchored', retrain: { folds: 3 } },
    ...options,
  })

describe('a walk-forward', () => {
  test('tests every labelled row after the first training once, each fold after the one before', async () => {
    const matrix = smallMatrix({ rows: 500 })
    for (const retrain of [{ folds: 4 }, { everyMs: 40 * SYNTHETIC_HORIZON_MS }]) {
      const { models, overall, rows } = await train(
        matrix,
        {},
        { walkForward: { mode: 'anchored', retrain } },
      )
      const tested = models.flatMap(({ fold }) => [...fold.test.rows])
      expect(tested).toEqual(Array.from({ length: tested.length }, (_, at) => tested[0]! + at))
      expect(tested.at(-1)).toBe(rows.labelled - 1)
      expect(tested[0]).toBe(Math.floor(rows.labelled * 0.7))
      expect(overall.rows).toBe(tested.length)
      expect(models.reduce((sum, { evaluation }) => sum + evaluation.rows, 0)).toBe(tested.length)
      models.forEach(({ model: { card }, fold, evaluation }, index) => {
        expect(card.walkForward).toEqual({
          fold: index + 1,
          folds: models.length,
          testToMs: fold.test.toMs,
        })
        expect(card.training?.testFromMs).toBe(fold.test.fromMs)
        expect(card.training?.toMs).toBeLessThan(fold.test.fromMs - 2 * SYNTHETIC_HORIZON_MS)
        expect(card.training?.rows).toBe(fold.train.rows.length)
        expect(evaluation.fromMs).toBe(fold.test.fromMs)
        expect(evaluation.toMs).toBeLessThan(fold.test.toMs)
        if (index > 0) expect(fold.test.fromMs).toBe(models[index - 1]!.fold.test.toMs)
      })
    }
  })

  test('names each model as the parent of the next, and the given one as the parent of the first', async () => {
    const given: Hash = `0x${'a'.repeat(64)}`
    for (const parent of [undefined, given]) {
      const { models } = await train(smallMatrix(), {}, { parent })
      expect(models.map(({ model }) => model.card.parent)).toEqual([
        parent ?? null,
        models[0]!.hash,
        models[1]!.hash,
      ])
      expect(models.map(({ model }) => createInference(model).hash)).toEqual(models.map(({ hash }) => hash))
    }
  })

  test('gives the same models on one, two and four workers', async () => {
    // Three fits on two threads: two have a thread each, and one is trained by both.
    const runs = []
    for (const workers of [1, 2, 4]) {
      const { models } = await train(smallMatrix(), { learner: SMALL_LEARNERS.mlp }, { workers })
      runs.push(models.map(({ hash }) => hash))
    }
    expect(runs[1]).toEqual(runs[0])
    expect(runs[2]).toEqual(runs[0])
    expect(new Set(runs[0]).size).toBe(3)
  })
})

test('a single training is no walk-forward', async () => {
  const { models } = await train(smallMatrix(), {}, { walkForward: undefined })
  expect(models).toHaveLength(1)
  expect(models[0]?.model.card).toMatchObject({ walkForward: null, parent: null })
})
