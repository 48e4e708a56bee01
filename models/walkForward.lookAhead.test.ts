import { describe, expect, test } from 'vitest'
import { exactExp, gaussian, seededRandom } from '../core/index.ts'
import type { FeatureMatrix } from '../feature-store/index.ts'
import { sealedModelHashes } from './sealed/sealedModel.ts'
import { SMALL_LEARNERS, smallMatrix, smallSpec } from './smallTraining.fixture.ts'
import { SYNTHETIC_HORIZON_MS } from './syntheticMatrix.fixture.ts'
import { type TrainedModel, trainModels } from './trainModel.ts'

const LABELS = {
  'forward-return': { kind: 'forward-return', horizonMs: 5 * SYNTHETIC_HORIZON_MS },
  'triple-barrier': {
    kind: 'triple-barrier',
    horizonMs: 8 * SYNTHETIC_HORIZON_MS,
    upperSigmas: 1,
    lowerSigmas: 1,
    volatilityHalfLifeMs: 20 * SYNTHETIC_HORIZON_MS,
  },
} as const

/** The matrix with other values and other prices from a time on. */
function otherFuture(matrix: FeatureMatrix, fromMs: number): FeatureMatrix {
  const random = seededRandom(99)
  const changed = matrix.timesMs.map(time => (time >= fromMs ? 1 : 0))
  let price = Number.NaN
  return {
    ...matrix,
    values: matrix.values.map((value, place) =>
      changed[Math.floor(place / matrix.columns)] === 1 ? 5 * gaussian(random) : value,
    ),
    prices: matrix.prices.map((given, row) => {
      price = changed[row] === 1 ? price * exactExp(0.02 * gaussian(random)) : given
      return price
    }),
  }
}

/** What a model learnt and what is written of that; the rest of its card tells of its test. */
const learnt = ({ model }: TrainedModel) => {
  const { training, spread, background, covers } = model.card
  return { program: sealedModelHashes(model).program, training, spread, background, covers }
}

describe('a walk-forward', () => {
  test.each([
    { kind: 'linear', label: 'triple-barrier', mode: 'rolling', classBalance: false },
    { kind: 'mlp', label: 'forward-return', mode: 'anchored', classBalance: true },
    { kind: 'tcn', label: 'triple-barrier', mode: 'anchored', classBalance: false },
    { kind: 'trees', label: 'triple-barrier', mode: 'anchored', classBalance: false },
  ] as const)('learns nothing from a test: $kind on $label, $mode, balanced: $classBalance', async given => {
    const train = (matrix: FeatureMatrix) =>
      trainModels({
        matrix,
        spec: smallSpec({
          learner: SMALL_LEARNERS[given.kind],
          label: LABELS[given.label],
          classBalance: given.classBalance,
          embargoMs: 2 * SYNTHETIC_HORIZON_MS,
        }),
        device: 'cpu',
        workers: 1,
        walkForward: { mode: given.mode, retrain: { folds: 3 } },
        // The other future may be worse to seal on.
        limits: { meanScoreShare: 10 },
      })
    const matrix = smallMatrix({ rows: 500 })
    const { models } = await train(matrix)
    const changed = await train(otherFuture(matrix, models[1]!.fold.test.fromMs))
    expect(changed.models.slice(0, 2).map(learnt)).toEqual(models.slice(0, 2).map(learnt))
    // The change is one that the metrics of the second test show, and that the third model learns from.
    expect(changed.models[1]?.hash).not.toBe(models[1]?.hash)
    expect(learnt(changed.models[2]!).program).not.toBe(learnt(models[2]!).program)
  })
})
