import { describe, expect, test } from 'vitest'
import { gaussian, seededRandom } from '../core/index.ts'
import type { FeatureMatrix } from '../feature-store/index.ts'
import { smallSpec } from './smallTraining.fixture.ts'
import { syntheticMatrix } from './syntheticMatrix.fixture.ts'
import { trainModels } from './trainModel.ts'

/** Correlation of the planted signal with the return. */
const PLANTED = 0.3
/** Rank correlation of two normal variables of that correlation (K. Pearson 1907): the best forecast's. */
const INFORMATION_COEFFICIENT = (6 / Math.PI) * Math.asin(PLANTED / 2)

/** Normal returns of which a normal signal of the features makes up the planted share. */
function planted(seed: number, signal: (features: Float32Array) => number): FeatureMatrix {
  const random = seededRandom(seed + 100)
  return syntheticMatrix({
    rows: 12_000,
    columns: 3,
    seed,
    rule: features =>
      0.001 * (PLANTED * signal(features) + Math.sqrt(1 - PLANTED * PLANTED) * gaussian(random)),
  })
}

const SIGNALS = [
  {
    what: 'a sum of features',
    objective: 'return',
    signal: ([a = 0, b = 0]: Float32Array) => (a + b) / Math.SQRT2,
  },
  {
    // Normal too, and nothing that a line could find.
    what: 'a feature whose sign another one turns',
    objective: 'direction',
    signal: ([a = 0, b = 0]: Float32Array) => (b > 0 ? a : -a),
  },
] as const

const LEARNERS = {
  mlp: { kind: 'mlp', hidden: [16], epochs: 15, batchSize: 128, learningRate: 0.005 },
  trees: { kind: 'trees', rounds: 100, depth: 3, learningRate: 0.1 },
} as const

describe.each(Object.entries(LEARNERS))('a learner of kind %s', (_, learner) => {
  test.each(SIGNALS)('finds $what, within its confidence interval', async ({ objective, signal }) => {
    const { evidence } = await trainModels({
      matrix: planted(21, signal),
      spec: smallSpec({ learner, objective }),
      device: 'cpu',
      workers: 1,
      walkForward: { mode: 'anchored', retrain: { folds: 2 } },
    })
    const interval = evidence.model.informationCoefficient!
    expect(interval.low).toBeLessThan(INFORMATION_COEFFICIENT)
    expect(interval.high).toBeGreaterThan(INFORMATION_COEFFICIENT)
    // 3,600 test rows tell it to about a sixtieth.
    expect(interval.high - interval.low).toBeLessThan(4.2 / 60)
    expect(evidence.informationCoefficientPValue).toBeLessThan(0.001)
  })
})
