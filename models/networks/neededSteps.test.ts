import { expect, test } from 'vitest'
import type { TcnLearner } from '../learner.ts'
import { layersOf } from './floatNetwork.ts'
import { neededSteps } from './neededSteps.ts'
import { DESCENT, mlp } from './randomFit.fixture.ts'

const tcn = (steps: number): TcnLearner => ({
  kind: 'tcn',
  steps,
  channels: 64,
  levels: 4,
  kernel: 3,
  ...DESCENT,
})

test('a score of four levels depends on 31 steps, and on every other one less often', () => {
  const needed = neededSteps(layersOf(tcn(64), 16), 64)
  expect(needed.map(steps => steps.length)).toEqual([31, 15, 7, 3, 1, 1])
  expect(needed.slice(2)).toEqual([[24, 20, 16, 12, 8, 4, 0], [16, 8, 0], [0], [0]])
})

test('steps before the window are not needed', () => {
  expect(neededSteps(layersOf(tcn(10), 16), 10)).toEqual([
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    [8, 6, 4, 2, 0],
    [8, 4, 0],
    [8, 0],
    [0],
    [0],
  ])
})

test('without time there is one step', () => {
  expect(neededSteps(layersOf(mlp([3, 2]), 4), 1)).toEqual([[0], [0], [0], [0]])
})
