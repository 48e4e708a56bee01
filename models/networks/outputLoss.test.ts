import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type OutputLoss, outputLoss } from './outputLoss.ts'

function lossOf(...given: [objective: 'direction' | 'return', score: number, target: number]): OutputLoss {
  const result = { loss: Number.NaN, slope: Number.NaN }
  outputLoss(...given, result)
  return result
}

test('half the square of what a return lies apart', () => {
  expect(lossOf('return', 1.5, -0.5)).toEqual({ loss: 2, slope: 2 })
})

test('the log loss of a direction, and the probability less the outcome', () => {
  expect(lossOf('direction', 0, 1)).toEqual({ loss: Math.LN2, slope: -0.5 })
  fc.assert(
    fc.property(fc.double({ min: -30, max: 30, noNaN: true }), fc.constantFrom(0, 1), (score, target) => {
      const probability = 1 / (1 + Math.exp(-score))
      const { loss, slope } = lossOf('direction', score, target)
      expect(slope).toBeCloseTo(probability - target, 12)
      const likelihood = target === 1 ? probability : 1 / (1 + Math.exp(score))
      expect(loss).toBeCloseTo(-Math.log(likelihood), 9)
    }),
    { seed: 2 },
  )
})

test('a score however great costs what it is wrong by', () => {
  expect(lossOf('direction', 1_000, 0)).toEqual({ loss: 1_000, slope: 1 })
  expect(lossOf('direction', -1_000, 1)).toEqual({ loss: 1_000, slope: -1 })
  expect(lossOf('direction', 1_000, 1)).toEqual({ loss: 0, slope: 0 })
})

test('what is no number stays none', () => {
  expect(lossOf('direction', Number.NaN, 1).loss).toBeNaN()
  expect(lossOf('return', Number.NaN, 1).loss).toBeNaN()
})
