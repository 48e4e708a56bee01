import { describe, expect, test } from 'vitest'
import { type Hash, InvalidInputError } from '../core/index.ts'
import { defineFeature } from '../feature-store/index.ts'
import { createInference } from './createInference.ts'
import { learnerOf, randomNetwork, randomTrees } from './exchange/randomModels.fixture.ts'
import { lessonsOf } from './lessons.ts'
import type { ModelSpec } from './modelSpec.ts'
import { checkModelSpec } from './modelSpec.ts'
import type { FloatNetwork } from './networks/floatNetwork.ts'
import { fitScaler } from './scaler.ts'
import { sealImported } from './sealImported.ts'
import { SMALL_LEARNERS, smallMatrix, smallSpec } from './smallTraining.fixture.ts'
import { trainFits } from './trainFits.ts'
import { type TrainedModel, trainModels } from './trainModel.ts'

const MATRIX = smallMatrix()

/** The float model of the training of a spec. */
async function trained(changes: Partial<ModelSpec>) {
  const spec = checkModelSpec(smallSpec(changes))
  const { folds, sets } = lessonsOf(MATRIX, spec, null)
  const { train, validation } = folds[0]!
  const { trained } = await trainFits(
    [
      {
        set: sets[0]!,
        train: train.rows,
        validation: validation.rows,
        scaler: fitScaler(MATRIX.values, MATRIX.columns, train.rows),
        objective: spec.objective,
        learner: spec.learner,
        seed: spec.seed,
      },
    ],
    { device: 'cpu', workers: 1 },
  )
  return trained[0]!.model
}

async function refusal(...given: Parameters<typeof sealImported>): Promise<string> {
  const error = await sealImported(...given).then(
    () => null,
    reason => reason,
  )
  expect(error).toBeInstanceOf(InvalidInputError)
  return error.message
}

describe('a model that was trained elsewhere', () => {
  test.each(['mlp', 'tcn', 'trees'] as const)(
    'is sealed, calibrated and measured as one of here: %s',
    async kind => {
      const spec = smallSpec({ learner: SMALL_LEARNERS[kind] })
      const { models } = await trainModels({ matrix: MATRIX, spec, device: 'cpu', workers: 1 })
      const [here] = models as [TrainedModel]
      const sealed = await sealImported(await trained({ learner: SMALL_LEARNERS[kind] }), {
        matrix: MATRIX,
        spec,
      })
      expect(sealed.model.program).toEqual(here.model.program)
      expect(sealed.loss).toEqual(here.loss)
      expect(sealed.evaluation).toEqual(here.evaluation)
      expect(sealed.fold).toEqual(here.fold)
      expect(sealed.model.card).toEqual({ ...here.model.card, training: null })
      expect(createInference(sealed.model).hash).toBe(sealed.hash)
      expect(sealed.evidence.model.informationCoefficient?.estimate).toBeCloseTo(
        sealed.evaluation.model.informationCoefficient!,
        12,
      )
    },
  )

  test('takes its windows from its own network, not from the learner of the spec', async () => {
    const network = randomNetwork(
      learnerOf({ kind: 'tcn', steps: 5, channels: 4, levels: 1, kernel: 3 }),
      3,
      { seed: 1 },
    )
    const { model, fold } = await sealImported(network, { matrix: MATRIX, spec: smallSpec() })
    expect(model.program.steps).toBe(5)
    expect(fold.train.rows[0]).toBe(4)
  })

  test('names what it is to replace', async () => {
    const parent: Hash = `0x${'b'.repeat(64)}`
    const options = { matrix: MATRIX, spec: smallSpec() }
    const network = randomNetwork(learnerOf({ kind: 'linear' }), 3, { seed: 1 })
    expect((await sealImported(network, { ...options, parent })).model.card.parent).toBe(parent)
    expect((await sealImported(network, options)).model.card.parent).toBeNull()
  })

  test('of returns expects them by its own scale', async () => {
    const network: FloatNetwork = randomNetwork(learnerOf({ kind: 'linear' }), 3, {
      seed: 2,
      objective: 'return',
    })
    const { model } = await sealImported(network, {
      matrix: MATRIX,
      spec: smallSpec({ objective: 'return' }),
    })
    expect(model.program.link.expectedReturn).toMatchObject({ of: 'score', centreE9: 300_000 })
  })

  test('is refused with other features, or another objective', async () => {
    const options = { matrix: MATRIX, spec: smallSpec() }
    expect(await refusal(randomNetwork(learnerOf({ kind: 'linear' }), 4, { seed: 1 }), options)).toBe(
      'The model takes 4 features and predicts a direction; "gold" has 3 and predicts a direction.',
    )
    expect(
      await refusal(
        randomNetwork(learnerOf({ kind: 'linear' }), 3, { seed: 1, objective: 'return' }),
        options,
      ),
    ).toBe('The model takes 3 features and predicts a return; "gold" has 3 and predicts a direction.')
    const other = defineFeature({
      name: 'other',
      version: 1,
      unit: '1',
      description: 'Nothing',
      inputs: ['bar'],
      params: {},
      init: () => 0,
      update: () => undefined,
      value: () => 0,
    })
    expect(
      await refusal(randomNetwork(learnerOf({ kind: 'linear' }), 3, { seed: 1 }), {
        ...options,
        featureList: [other],
      }),
    ).toBe(
      'Model "gold" was trained on other features: missing feature_0, feature_1, feature_2; additional other.',
    )
  })

  test('is refused as trees that the spec lets look at several vectors', async () => {
    const spec = smallSpec({ learner: SMALL_LEARNERS.tcn })
    expect(await refusal(randomTrees(3, { seed: 1 }), { matrix: MATRIX, spec })).toBe(
      'Trees look at one feature vector, the spec’s learner at several.',
    )
  })

  test('is refused when it loses more than the limit', async () => {
    const network = randomNetwork(learnerOf({ kind: 'mlp', hidden: [8] }), 3, { seed: 3 })
    expect(
      await refusal(network, { matrix: MATRIX, spec: smallSpec(), limits: { meanScoreShare: 0 } }),
    ).toMatch(
      /^Quantised to integers, the model's score is off by 0\.0\d+ on average; the limit is 0\.00, 0 % of the scores' spread\.$/,
    )
  })
})
