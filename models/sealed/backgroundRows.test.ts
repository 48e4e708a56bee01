import { expect, test } from 'vitest'
import { seededRandom } from '../../core/index.ts'
import { evenlySpread } from '../evenlySpread.ts'
import { backgroundRows } from './backgroundRows.ts'
import { int16FromText } from './int16Text.ts'
import { programScores } from './programScores.ts'
import { quantiseInputs } from './quantiseInputs.ts'
import { LEARNERS, randomFeatures, randomProgram } from './randomProgram.fixture.ts'
import { referenceScore } from './referenceScore.ts'

const { columns, learner } = LEARNERS['tcn whose field is longer than its window'] ?? expect.fail()
const program = randomProgram(seededRandom(1), learner, columns)
const values = randomFeatures(seededRandom(2), 40 * columns)
const windowOf = (row: number) => values.subarray((row - 5) * columns, (row + 1) * columns)

test('rows are spread evenly, and all are taken when they are few', () => {
  const rows = Uint32Array.from({ length: 10 }, (_, row) => row)
  expect([...evenlySpread(rows, 4)]).toEqual([0, 2, 5, 7])
  expect([...evenlySpread(rows, 20)]).toEqual([...rows])
})

test('a background holds the integer inputs of whole windows', () => {
  const { rows, inputs } = backgroundRows(program, { values, rows: Uint32Array.of(5, 17, 39) }, 2)
  expect(rows).toBe(2)
  expect([...(int16FromText(inputs) ?? [])]).toEqual([
    ...quantiseInputs(program, windowOf(5)),
    ...quantiseInputs(program, windowOf(17)),
  ])
})

test('no rows, and rows without a window, are refused', () => {
  expect(() => backgroundRows(program, { values, rows: new Uint32Array(0) })).toThrow(
    'There are no rows to record as a background.',
  )
  for (const row of [4, 40]) {
    const matrix = { values, rows: Uint32Array.of(row) }
    expect(() => backgroundRows(program, matrix)).toThrow(
      `Row ${row} has no window of 6 steps in the matrix.`,
    )
    expect(() => programScores(program, matrix)).toThrow(`Row ${row} has no window of 6 steps in the matrix.`)
  }
})

test('a program is scored before it is a model', () => {
  expect([...programScores(program, { values, rows: Uint32Array.of(39, 5) })]).toEqual(
    [39, 5].map(row => referenceScore(program, quantiseInputs(program, windowOf(row)))),
  )
})
