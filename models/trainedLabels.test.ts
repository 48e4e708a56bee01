import { describe, expect, test } from 'vitest'
import type { FeatureMatrix } from '../feature-store/index.ts'
import { createInference } from './createInference.ts'
import type { ModelSpec } from './modelSpec.ts'
import { SMALL_LEARNERS, smallSpec } from './smallTraining.fixture.ts'
import { SYNTHETIC_HORIZON_MS, syntheticMatrix } from './syntheticMatrix.fixture.ts'
import { trainModels } from './trainModel.ts'

const train = (matrix: FeatureMatrix, spec: Partial<ModelSpec>) =>
  trainModels({ matrix, spec: smallSpec(spec), device: 'cpu', workers: 1 })

describe('a training', () => {
  test('of returns expects returns, and ranks them', async () => {
    for (const learner of [SMALL_LEARNERS.linear, SMALL_LEARNERS.trees]) {
      // A tenth of a per cent for each unit of the first feature.
      const matrix = syntheticMatrix({
        rows: 600,
        columns: 2,
        seed: 3,
        rule: ([first = 0, second = 0]) => 0.001 * first + 0.0002 * second,
      })
      const training = await train(matrix, { objective: 'return', learner })
      const { predict } = createInference(training.models[0]!.model)
      const at = (first: number) => predict(Float32Array.of(first, 0))
      expect(at(1).expectedReturn).toBeGreaterThan(0.0005)
      expect(at(1).expectedReturn).toBeLessThan(0.0015)
      expect(at(-1).expectedReturn).toBeLessThan(-0.0005)
      expect(at(1).probabilityUp).toBeGreaterThan(0.8)
      expect(at(-1).probabilityUp).toBeLessThan(0.2)
      expect(training.overall.model.informationCoefficient).toBeGreaterThan(0.9)
    }
  })

  test('of barriers learns which one is touched first', async () => {
    // A drift that lasts: the first feature says where prices go for as long as it keeps its sign.
    let side = 1
    let left = 0
    const matrix = syntheticMatrix({
      rows: 900,
      columns: 1,
      seed: 6,
      rule: ([first = 0]) => {
        if (left-- <= 0) {
          side = -side
          left = 12
        }
        return 0.000_5 * side + 0.0005 * first
      },
    })
    const drift = matrix.prices.map((price, row) => Math.sign((matrix.prices[row + 1] ?? price) - price))
    const { models, overall } = await train(
      { ...matrix, values: Float32Array.from(drift, (sign, row) => sign + (matrix.values[row] ?? 0)) },
      {
        learner: SMALL_LEARNERS.trees,
        label: {
          kind: 'triple-barrier',
          horizonMs: 6 * SYNTHETIC_HORIZON_MS,
          upperSigmas: 0.6,
          lowerSigmas: 0.6,
          volatilityHalfLifeMs: 30 * SYNTHETIC_HORIZON_MS,
        },
      },
    )
    expect(models[0]?.model.card.label.kind).toBe('triple-barrier')
    expect(overall.model.accuracy).toBeGreaterThan(0.65)
    expect(overall.model.accuracy).toBeGreaterThan(overall.baselines['majority']!.accuracy + 0.1)
  })

  test('of a reversion to NAV learns when the trade towards it pays', async () => {
    const features = syntheticMatrix({ rows: 900, columns: 2, seed: 8, rule: () => null })
    const values = features.values.slice()
    const prices = features.prices.slice()
    // The price comes back to a NAV of 2,000 by two thirds where the first feature is above 0, and runs away where not.
    let premium = 0.01
    for (let row = 0; row < features.rows; row++) {
      values[row * 2 + 1] = premium
      prices[row] = 2_000 * (1 + Math.fround(premium))
      const shock = 0.004 * (values[((row + 7) % features.rows) * 2] ?? 0)
      premium =
        (values[row * 2] ?? 0) > 0
          ? premium / 3 + shock / 4
          : Math.max(-0.05, Math.min(0.05, premium * 1.3 + shock / 4))
    }
    const { overall, evidence, models } = await train(
      { ...features, names: ['calm', 'nav_premium'], values, prices },
      { learner: SMALL_LEARNERS.trees, label: { kind: 'nav-reversion', horizonMs: SYNTHETIC_HORIZON_MS } },
    )
    expect(models[0]?.model.card.label.kind).toBe('nav-reversion')
    expect(overall.model.accuracy).toBeGreaterThan(overall.baselines['majority']!.accuracy + 0.1)
    expect(evidence.model.informationCoefficient?.low).toBeGreaterThan(0)
  })
})
