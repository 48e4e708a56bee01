import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../../core/index.ts'
import { layersOf, parameterCount } from './floatNetwork.ts'
import { initialParameters } from './initialParameters.ts'
import { fromPanels, panelLayout, toPanels } from './panelLayout.ts'
import { linear, mlp, tcn } from './randomFit.fixture.ts'
import { shuffleRows } from './shuffleRows.ts'

test('weights have the variance of He et al., biases are 0', () => {
  for (const [learner, columns] of [
    [mlp([200, 100]), 50],
    [tcn(90), 40],
  ] as const) {
    const parameters = initialParameters(learner, columns, seededRandom(1))
    for (const { weightsAt, biasesAt, outputs, taps, inputs, relu } of layersOf(learner, columns)) {
      const weights = parameters.slice(weightsAt, biasesAt)
      const variance = weights.reduce((sum, weight) => sum + weight * weight, 0) / weights.length
      const wanted = (relu ? 2 : 1) / (taps * inputs)
      // Five standard errors of a variance.
      expect(Math.abs(variance / wanted - 1)).toBeLessThan(5 * Math.sqrt(2 / weights.length))
      expect(parameters.slice(biasesAt, biasesAt + outputs).every(bias => bias === 0)).toBe(true)
    }
  }
})

test('a linear learner starts from 0 and draws nothing', () => {
  const random = seededRandom(1)
  expect(initialParameters(linear, 3, random)).toEqual(new Float32Array(4))
  expect(random()).toBe(seededRandom(1)())
})

test('parameters come back from panels', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(linear, mlp([9, 8, 3]), tcn(5), tcn(16)),
      (columns, learner) => {
        const layers = layersOf(learner, columns)
        const layout = panelLayout(layers)
        const parameters = Float32Array.from({ length: parameterCount(layers) }, (_, at) => at + 1)
        const panels = new Float32Array(layout.size)
        toPanels(parameters, layout, panels)
        expect(fromPanels(panels, layout)).toEqual(parameters)
        expect(panels.filter(value => value !== 0).toSorted()).toEqual(parameters)
      },
    ),
    { seed: 3 },
  )
})

test('shuffling keeps every row and depends on the seed alone', () => {
  const shuffled = (seed: number) => {
    const rows = Uint32Array.from({ length: 500 }, (_, row) => row)
    shuffleRows(rows, seededRandom(seed))
    return rows
  }
  expect(shuffled(1)).toEqual(shuffled(1))
  expect(shuffled(2)).not.toEqual(shuffled(1))
  expect(shuffled(1).toSorted()).toEqual(Uint32Array.from({ length: 500 }, (_, row) => row))
})
