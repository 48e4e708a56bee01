import { describe, expect, test } from 'vitest'
import { gaussian, InvalidInputError, seededRandom, ZERO_HASH } from '../core/index.ts'
import { createInference } from './createInference.ts'
import { parseSealedModel, serialiseSealedModel } from './sealed/sealedModel.ts'
import { sealGivenWeights } from './sealGivenWeights.ts'

const given = (features: readonly string[], weights: readonly number[]) =>
  sealGivenWeights({
    name: 'rule',
    version: 1,
    instrument: 'oanda:XAUUSD',
    featureSet: ZERO_HASH,
    features,
    label: { kind: 'forward-return', horizonMs: 60_000 },
    weights,
  })

describe('a model of given weights', () => {
  test('scores the sum of weights by features, as they are', () => {
    const random = seededRandom(1)
    for (const weights of [
      [1, -0.5, 0.25],
      [0.01, 0.02, -0.03],
      [40, 1, -7],
    ]) {
      const { predict } = createInference(given(['a', 'b', 'c'], weights))
      const largest = Math.max(...weights.map(Math.abs))
      for (let draw = 0; draw < 200; draw++) {
        const features = Float32Array.from(weights, () => 2 * gaussian(random))
        const expected = weights.reduce((sum, weight, at) => sum + weight * (features[at] ?? 0), 0)
        // Weights are rounded up or down to one of 127 steps of the largest.
        const off = Math.abs(predict(features).output.score / 2 ** 20 - expected)
        const reach = features.reduce((sum, feature) => sum + Math.abs(feature), 0)
        expect(off).toBeLessThan((largest / 127) * (reach + 0.1))
      }
    }
  })

  test('has no opinion where every feature is 0, however its weights were rounded', () => {
    for (const weights of [
      [1, -0.5, 0.25],
      [0.37, 0.11, -0.29],
    ]) {
      const { predict } = createInference(given(['a', 'b', 'c'], weights))
      expect(predict(new Float32Array(3)).output).toEqual({ score: 0, probabilityUp: 500_000 })
    }
  })

  test('gives the probability of log-odds, and says nothing of returns', () => {
    const { predict } = createInference(given(['a'], [1]))
    for (const odds of [-3, -1, 0, 0.5, 2]) {
      const { probabilityUp, expectedReturn, interval } = predict(Float32Array.of(odds))
      expect(Math.abs(probabilityUp - 1 / (1 + Math.exp(-odds)))).toBeLessThan(3e-3)
      expect(expectedReturn).toBeNull()
      expect(interval).toBeNull()
    }
  })

  test('takes a missing feature for 0, and a weight that was left out', () => {
    const { predict } = createInference(given(['a', 'b'], [1]))
    const score = (a: number, b: number) => predict(Float32Array.of(a, b)).output.score
    expect(score(1, Number.NaN)).toBe(score(1, 0))
    expect(score(Number.NaN, 3)).toBe(score(0, 0))
    expect(score(1, 5)).toBe(score(1, -5))
    expect(score(0, 0)).toBe(0)
  })

  test('is read back as it was written', () => {
    const model = given(['a', 'b'], [1, -2])
    const { text, hash } = serialiseSealedModel(model)
    expect(parseSealedModel(text, hash)).toEqual(model)
    expect(serialiseSealedModel(given(['a', 'b'], [1, -2])).hash).toBe(hash)
    expect(serialiseSealedModel(given(['a', 'b'], [1, -1])).hash).not.toBe(hash)
  })

  test('has no weight beyond its features', () => {
    expect(() => given(['a', 'b'], [1, 2, 3])).toThrow(InvalidInputError)
    expect(() => given(['a', 'b'], [1, 2, 3])).toThrow('There are 3 weights for 2 features.')
  })
})
