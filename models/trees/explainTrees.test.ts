import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SCORE_ONE, seededRandom } from '../../core/index.ts'
import { binsOf, evaluateTrees } from './evaluateTrees.ts'
import { explainTrees, shapleyOfTrees } from './explainTrees.ts'
import { randomEnsemble, randomRow } from './randomEnsemble.fixture.ts'
import { bruteForceShapley } from './shapley.fixture.ts'

test('Shapley values are those of the definition, over all coalitions', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 0, max: 5 }),
      (seed, columns, depth) => {
        const random = seededRandom(seed)
        const ensemble = randomEnsemble(random, { columns, trees: 3, depth })
        const bins = binsOf(ensemble, randomRow(random, columns))
        const ours = shapleyOfTrees(ensemble)(bins)
        const { base, contributions } = bruteForceShapley(ensemble, bins)
        // In score units; the integers of both are in millionths of one.
        expect(Math.abs(ours.base - base) / SCORE_ONE).toBeLessThan(1e-9)
        for (const [feature, value] of contributions.entries())
          expect(Math.abs((ours.contributions[feature] ?? 0) - value) / SCORE_ONE).toBeLessThan(1e-9)
      },
    ),
    { numRuns: 150, seed: 5 },
  )
})

test('base and contributions add up to the score, exactly, and none is off by a unit', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 0, max: 6 }),
      (seed, columns, depth) => {
        const random = seededRandom(seed)
        const ensemble = randomEnsemble(random, { columns, trees: 8, depth })
        const row = randomRow(random, columns)
        const { base, contributions } = explainTrees(ensemble)(row)
        const sum = contributions.reduce((total, value) => total + value, base)
        expect(sum).toBe(evaluateTrees(ensemble, row)[0])
        const exact = shapleyOfTrees(ensemble)(row)
        for (const [feature, value] of exact.contributions.entries())
          expect(Math.abs((contributions[feature] ?? 0) - value)).toBeLessThan(1)
      },
    ),
    { numRuns: 200, seed: 6 },
  )
})

test('a row explains the same by its values and by its bins', () => {
  const random = seededRandom(3)
  const ensemble = randomEnsemble(random, { columns: 7, trees: 5, depth: 4 })
  const row = randomRow(random, 7)
  const explain = explainTrees(ensemble)
  expect(explain(row)).toEqual(explain(binsOf(ensemble, row)))
})

test('a feature that no tree asks for contributes nothing', () => {
  const random = seededRandom(4)
  const ensemble = randomEnsemble(random, { columns: 5, trees: 6, depth: 5, asks: [0, 1, 3] })
  const explain = explainTrees(ensemble)
  for (let row = 0; row < 50; row++) {
    const { contributions } = explain(randomRow(random, 5))
    expect([contributions[2], contributions[4]]).toEqual([0, 0])
  }
})

test('trees of a leaf each have nothing to explain', () => {
  const ensemble = randomEnsemble(seededRandom(5), { columns: 2, trees: 3, depth: 0 })
  const row = Float32Array.of(0, Number.NaN)
  const score = evaluateTrees(ensemble, row)[0]
  expect(explainTrees(ensemble)(row)).toEqual({ base: score, contributions: new Int32Array(2) })
})

test('where no training row with a weight came, both sides count half', () => {
  const ensemble = {
    ...randomEnsemble(seededRandom(6), { columns: 1, trees: 0, depth: 0 }),
    base: 0,
    edges: [Float32Array.of(0)],
    trees: [
      {
        feature: Uint16Array.of(0, 0, 0),
        threshold: Uint8Array.of(1, 0, 0),
        left: Uint16Array.of(1, 0, 0),
        value: Int32Array.of(0, 100, 300),
        cover: new Float32Array(3),
      },
    ],
  }
  expect(explainTrees(ensemble)(Float32Array.of(1))).toEqual({ base: 200, contributions: Int32Array.of(100) })
})
