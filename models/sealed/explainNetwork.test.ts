import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gaussian, seededRandom, sha256, ZERO_HASH } from '../../core/index.ts'
import type { NetworkLearner } from '../learner.ts'
import { createNetworkExplainer } from './explainNetwork.ts'
import { apportioned } from './explanation.ts'
import { int16FromText } from './int16Text.ts'
import { createNetworkEvaluator } from './networkEvaluator.ts'
import type { NetworkProgram } from './program.ts'
import { LEARNERS } from './randomProgram.fixture.ts'
import { referenceScore } from './referenceScore.ts'
import { sealedNetwork } from './sealedModel.fixture.ts'

const descent = { epochs: 1, batchSize: 1, learningRate: 0.1, l2: 0, patience: 1 }
const SMALL: { columns: number; learner: NetworkLearner }[] = [
  { columns: 6, learner: { kind: 'linear', ...descent } },
  { columns: 7, learner: { kind: 'mlp', hidden: [12, 8], ...descent } },
  { columns: 4, learner: { kind: 'tcn', steps: 6, channels: 4, levels: 2, kernel: 2, ...descent } },
]

function explainerOf(shape: { columns: number; learner: NetworkLearner }, seed: number, rows = 16) {
  const { program, card } = sealedNetwork(shape, { seed, rows })
  const background = int16FromText(card.background.inputs) ?? expect.fail()
  const explain = createNetworkExplainer(
    program,
    createNetworkEvaluator(program),
    background,
    sha256(`${seed}`),
  )
  return { program, background, explain }
}

function randomInputs(seed: number, { steps, columns }: NetworkProgram): Int16Array {
  const random = seededRandom(seed)
  return Int16Array.from({ length: steps * columns }, () =>
    Math.max(-32_768, Math.min(32_767, Math.round(gaussian(random) * 5_000))),
  )
}

/** Shapley values by their definition: every set of features, every background row (Shapley 1953). */
function exactValues(program: NetworkProgram, background: Int16Array, inputs: Int16Array): Float64Array {
  const { steps, columns } = program
  const width = steps * columns
  const rows = background.length / width
  const worth = Float64Array.from({ length: 2 ** columns }, (_, set) => {
    let sum = 0
    for (let row = 0; row < rows; row++) {
      const mixed = background.slice(row * width, (row + 1) * width)
      for (let at = 0; at < width; at++) if ((set >> (at % columns)) & 1) mixed[at] = inputs[at] ?? 0
      sum += referenceScore(program, mixed)
    }
    return sum / rows
  })
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
  return Float64Array.from({ length: columns }, (_, feature) => {
    let value = 0
    for (let set = 0; set < worth.length; set++) {
      if ((set >> feature) & 1) continue
      const size = set.toString(2).replaceAll('0', '').length
      const weight = (factorial(size) * factorial(columns - size - 1)) / factorial(columns)
      value += weight * ((worth[set | (1 << feature)] ?? 0) - (worth[set] ?? 0))
    }
    return value
  })
}

describe('the explanation of a network', () => {
  test.each(Object.entries(LEARNERS))('sums to the score, exactly: %s', (_, shape) => {
    const { program, explain } = explainerOf(shape, 4)
    for (let seed = 0; seed < 20; seed++) {
      const inputs = randomInputs(seed, program)
      const { score, base, contributions } = explain(inputs)
      expect(score).toBe(referenceScore(program, inputs))
      expect(base + contributions.reduce((sum, value) => sum + value, 0)).toBe(score)
      expect(contributions.every(Number.isInteger)).toBe(true)
    }
  })

  test('agrees with the definition over all sets of features within its stated error', () => {
    const apart: number[] = []
    for (const shape of SMALL)
      for (let seed = 1; seed <= 12; seed++) {
        const { program, background, explain } = explainerOf(shape, seed)
        const inputs = randomInputs(seed, program)
        const exact = exactValues(program, background, inputs)
        const { contributions, standardErrors } = explain(inputs)
        for (const [feature, value] of contributions.entries()) {
          // A whole number is within 1 of what it was rounded from.
          const off = Math.max(0, Math.abs(value - (exact[feature] ?? 0)) - 1)
          if (off > 0) apart.push(off / (standardErrors[feature] ?? 0))
          expect(off).toBeLessThanOrEqual(4 * Math.max(...standardErrors))
        }
      }
    expect(apart.length).toBeGreaterThan(100)
    // A standard error of few differences is one itself: 3 of them hold where 2 of a sure one would.
    expect(apart.filter(errors => errors <= 3).length / apart.length).toBeGreaterThan(0.95)
    // And they are not so large that they would hold anything.
    expect(apart.filter(errors => errors <= 1).length / apart.length).toBeLessThan(0.8)
  })

  test('of a linear model is exact: no order matters', () => {
    const { program, background, explain } = explainerOf(SMALL[0] ?? expect.fail(), 2)
    const inputs = randomInputs(3, program)
    const { contributions, standardErrors } = explain(inputs)
    const exact = exactValues(program, background, inputs)
    for (const [feature, value] of contributions.entries()) {
      expect(Math.abs(value - (exact[feature] ?? 0))).toBeLessThanOrEqual(1)
      // The score is rounded, so that an order may matter by 1.
      expect(standardErrors[feature]).toBeLessThan(1)
    }
  })

  test('is the same from run to run, and before and after others', () => {
    const { program, explain } = explainerOf(LEARNERS['mlp 33-17-20-9-1'] ?? expect.fail(), 4)
    const again = explainerOf(LEARNERS['mlp 33-17-20-9-1'] ?? expect.fail(), 4).explain
    const inputs = randomInputs(1, program)
    const first = explain(inputs)
    explain(randomInputs(2, program))
    expect(explain(inputs)).toEqual(first)
    expect(again(inputs)).toEqual(first)
  })

  test('gives nothing to a feature that is as in every background row, nor to one that the model ignores', () => {
    const shape = LEARNERS['mlp 5-3-1'] ?? expect.fail()
    const { program, background, explain } = explainerOf(shape, 4, 1)
    expect([...explain(background).contributions]).toEqual([0, 0, 0, 0, 0])
    const inputs = randomInputs(1, program)
    const [first, ...rest] = program.layers
    if (first === undefined) throw new Error('no layers')
    // Weights are [input][output].
    const blind = {
      ...program,
      layers: [{ ...first, weights: first.weights.map((w, at) => (at < 3 ? 0 : w)) }, ...rest],
    }
    const blindly = createNetworkExplainer(blind, createNetworkEvaluator(blind), background, ZERO_HASH)
    expect(blindly(inputs).contributions[0]).toBe(0)
    expect(blindly(inputs).contributions[1]).not.toBe(0)
  })

  test('has the mean score of the background as its base', () => {
    const { program, background, explain } = explainerOf(LEARNERS['linear'] ?? expect.fail(), 4, 3)
    const scores = [0, 1, 2].map(row => referenceScore(program, background.slice(row * 7, row * 7 + 7)))
    const mean = (scores[0]! + scores[1]! + scores[2]!) / 3
    expect(explain(randomInputs(1, program)).base).toBe(Math.floor(mean + 0.5))
  })

  test('needs background rows', () => {
    const { program } = explainerOf(LEARNERS['linear'] ?? expect.fail(), 4)
    const evaluator = createNetworkEvaluator(program)
    expect(() => createNetworkExplainer(program, evaluator, new Int16Array(0), ZERO_HASH)).toThrow(
      'There are no background rows to explain a prediction against.',
    )
  })
})

test('rounded contributions sum to the total, none further than 1 from its value', () => {
  const sums = fc.array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(sums, fc.integer({ min: 1, max: 200 }), (values, count) => {
      const given = Float64Array.from(values)
      const total = Math.floor(given.reduce((sum, value) => sum + value, 0) / count + 0.5)
      const whole = apportioned(given, count, total)
      expect(whole.reduce((sum, value) => sum + value, 0)).toBe(total)
      for (const [at, value] of whole.entries())
        expect(Math.abs(value - (given[at] ?? 0) / count)).toBeLessThanOrEqual(1)
    }),
    { seed: 1 },
  )
  expect([...apportioned(Float64Array.of(5, 5, -3), 2, 4)]).toEqual([3, 3, -2])
})
