import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NetworkLearner } from '../learner.ts'
import { DESCENT } from '../networks/randomFit.fixture.ts'
import { NO_POSITION, planNetwork } from './networkPlan.ts'

const tcns = fc.record({
  kind: fc.constant('tcn' as const),
  steps: fc.integer({ min: 2, max: 40 }),
  channels: fc.integer({ min: 1, max: 4 }),
  levels: fc.integer({ min: 1, max: 4 }),
  kernel: fc.integer({ min: 2, max: 4 }),
})

test('a position reads just the positions that name it as their reader', () =>
  fc.assert(
    fc.property(tcns, shape => {
      const { hidden, tables } = planNetwork({ ...shape, ...DESCENT }, 3)
      for (const { taps, inputPositions, outputPositions, sourcesAt, usersAt } of hidden) {
        const sources = pairs(tables.subarray(sourcesAt, sourcesAt + outputPositions * taps), taps)
        const users = pairs(tables.subarray(usersAt, usersAt + inputPositions * taps), taps)
        expect(users.map(([input, tap, output]) => [output, tap, input]).sort(byNumbers)).toEqual(
          sources.sort(byNumbers),
        )
        // Nothing is computed that nobody reads.
        expect(new Set(users.map(([input]) => input)).size).toBe(inputPositions)
      }
    }),
  ))

test('the score is at one position, the layers fit together, and the features are read within the window', () =>
  fc.assert(
    fc.property(tcns, shape => {
      const { hidden, tables, inputPositions } = planNetwork({ ...shape, ...DESCENT }, 3)
      expect(hidden.at(-1)?.outputPositions).toBe(1)
      expect(hidden[0]?.inputPositions).toBe(inputPositions)
      for (const [place, layer] of hidden.entries())
        if (place > 0) expect(layer.inputPositions).toBe(hidden[place - 1]?.outputPositions)
      const back = [...tables.subarray(0, inputPositions)]
      expect(back.at(-1)).toBe(0)
      expect(back).toEqual([...new Set(back)].sort((a, b) => b - a))
      expect(back[0]).toBeLessThan(shape.steps)
    }),
  ))

test('the reference network over time computes 15, 7, 3 and 1 positions of its 64', () => {
  const learner: NetworkLearner = { kind: 'tcn', steps: 64, channels: 64, levels: 4, kernel: 3, ...DESCENT }
  const { hidden, inputPositions } = planNetwork(learner, 16)
  expect(inputPositions).toBe(31)
  expect(hidden.map(({ outputPositions }) => outputPositions)).toEqual([15, 7, 3, 1])
})

/** [row, tap, value] of the entries of a table that name a position. */
function pairs(table: Uint32Array, taps: number): [number, number, number][] {
  return [...table].flatMap((value, at) =>
    value === NO_POSITION ? [] : [[Math.floor(at / taps), at % taps, value] as [number, number, number]],
  )
}

function byNumbers(left: readonly number[], right: readonly number[]): number {
  const place = left.findIndex((value, at) => value !== right[at])
  return (left[place] ?? 0) - (right[place] ?? 0)
}
