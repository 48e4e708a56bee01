import { expect, test } from 'vitest'
import { seededRandom } from '../core/index.ts'
import { evaluateWalkForward, type MetricEvidence } from './evaluation/index.ts'
import { finishModel } from './finishModel.ts'
import { lessonsOf } from './lessons.ts'
import { checkModelSpec, type ModelSpec } from './modelSpec.ts'
import { fitScaler } from './scaler.ts'
import { SMALL_LEARNERS, smallSpec } from './smallTraining.fixture.ts'
import { syntheticMatrix } from './syntheticMatrix.fixture.ts'
import { trainFits } from './trainFits.ts'

const SEEDS = 100

/** What trainings of one spec say of as many markets in which every return is a coin's; all trained together. */
async function evidenceOfNoise(changes: Partial<ModelSpec>): Promise<MetricEvidence[]> {
  const spec = checkModelSpec(smallSpec(changes))
  const markets = Array.from({ length: SEEDS }, (_, seed) => {
    const matrix = syntheticMatrix({ rows: 300, columns: 3, seed: 1_000 + seed, rule: () => null })
    const { samples, sets, folds } = lessonsOf(matrix, spec, null)
    return { matrix, samples, set: sets[0]!, fold: folds[0]! }
  })
  const { trained } = await trainFits(
    markets.map(({ matrix, set, fold }, seed) => ({
      set,
      train: fold.train.rows,
      validation: fold.validation.rows,
      scaler: fitScaler(matrix.values, matrix.columns, fold.train.rows),
      objective: spec.objective,
      learner: spec.learner,
      seed,
    })),
    { device: 'cpu', workers: 1 },
  )
  const evidence: MetricEvidence[] = []
  for (const [seed, { matrix, samples, fold }] of markets.entries()) {
    const { forecasts } = await finishModel(
      trained[seed]!.model,
      { matrix, samples, fold, spec, limits: { meanScoreShare: 10 } },
      { training: null, walkForward: null, parent: null },
    )
    evidence.push(evaluateWalkForward([forecasts], { random: seededRandom(seed) }).evidence)
  }
  return evidence
}

test('on pure noise a learner reports no signal in 95 of 100 markets', async () => {
  const evidence = await evidenceOfNoise({ learner: { ...SMALL_LEARNERS.linear, epochs: 4 } })
  const intervals = evidence.map(({ model }) => model.informationCoefficient)
  expect(intervals.filter(interval => interval !== null && interval.low > 0).length).toBeLessThanOrEqual(5)
  // It is by its evidence that it reports none: all but a few have an estimate with an interval about it.
  expect(intervals.filter(interval => interval !== null).length).toBeGreaterThan(95)
})
