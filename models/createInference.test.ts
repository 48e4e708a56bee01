import { describe, expect, test } from 'vitest'
import { InvalidInputError } from '../core/index.ts'
import { createInference } from './createInference.ts'
import { createSealedInference } from './sealed/sealedInference.ts'
import { sealedTrees } from './sealed/sealedModel.fixture.ts'
import { type SealedModel, sealedModelHashes } from './sealed/sealedModel.ts'
import { SMALL_LEARNERS, smallMatrix, smallSpec } from './smallTraining.fixture.ts'
import { trainModels } from './trainModel.ts'

async function trained(kind: keyof typeof SMALL_LEARNERS): Promise<SealedModel> {
  const spec = smallSpec({ learner: SMALL_LEARNERS[kind] })
  const { models } = await trainModels({ matrix: smallMatrix(), spec, device: 'cpu', workers: 1 })
  return models[0]!.model
}

/** Some windows of a matrix of three features. */
const windows = (steps: number) => {
  const { values, columns } = smallMatrix({ seed: 9 })
  return Array.from({ length: 30 }, (_, at) => values.slice(at * columns, (at + steps) * columns))
}

describe.each(['linear', 'mlp', 'tcn', 'trees'] as const)('inference of kind %s', kind => {
  test('speaks in units of 1 what the sealed model says in integers, and says why', async () => {
    const model = await trained(kind)
    const inference = createInference(model)
    const sealed = createSealedInference(model)
    expect(inference).toMatchObject({
      hash: sealedModelHashes(model).model,
      horizonMs: 60_000,
      steps: kind === 'tcn' ? 4 : 1,
      features: ['feature_0', 'feature_1', 'feature_2'],
    })
    const scores = new Set<number>()
    for (const inputs of windows(inference.steps)) {
      const prediction = inference.predict(inputs)
      const score = sealed.scoreOf(inputs)
      const bounds = sealed.returnIntervalE9(score)!
      scores.add(score)
      expect(prediction).toEqual({
        model: inference.hash,
        probabilityUp: sealed.probabilityPpm(score) / 1e6,
        expectedReturn: sealed.expectedReturnE9(score)! / 1e9,
        interval: { low: bounds.lowerE9 / 1e9, high: bounds.upperE9 / 1e9, coverage: 0.9 },
        output: { score, probabilityUp: sealed.probabilityPpm(score) },
      })
      expect(prediction.interval!.low).toBeLessThan(prediction.expectedReturn!)
      expect(prediction.interval!.high).toBeGreaterThan(prediction.expectedReturn!)

      const effects = inference.explain(inputs)
      const { contributions } = sealed.explain(inputs)
      expect(effects.map(({ feature }) => feature)).toEqual(inference.features)
      expect(effects.map(({ effect }) => effect)).toEqual([...contributions])
      expect(inference.explain(inputs)).toEqual(effects)
    }
    expect(scores.size).toBeGreaterThan(10)
  })
})

test('inference takes as many numbers as the model has features and steps', () => {
  const linear = createInference(sealedTrees(4, 3, 2))
  expect(() => linear.predict(new Float32Array(3))).toThrow(InvalidInputError)
  expect(() => linear.predict(new Float32Array(3))).toThrow(/takes 4 features, 4 numbers, not 3\.$/)
  expect(() => linear.explain(new Float32Array(5))).toThrow(/takes 4 features, 4 numbers, not 5\.$/)
})

test('inference refuses a malformed model', async () => {
  const model = await trained('linear')
  expect(() => createInference({ ...model, program: { ...model.program, columns: 2 } })).toThrow(
    InvalidInputError,
  )
})
