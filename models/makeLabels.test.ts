import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exactLog, InvalidInputError } from '../core/index.ts'
import { makeLabels } from './makeLabels.ts'

const matrix = (times: readonly number[], prices: readonly number[]) => ({
  rows: times.length,
  timesMs: Float64Array.from(times),
  prices: Float64Array.from(prices),
})

describe('makeLabels', () => {
  test('takes the last price known at the end of the horizon', () => {
    // Ends: 10 -> row at 10; 13 -> row at 10; 20 -> row at 20; 25 lies beyond the last row.
    const labels = makeLabels(matrix([0, 3, 10, 15, 20], [100, 120, 110, 90, 130]), 10)
    expect([...labels.rows]).toEqual([0, 1, 2])
    expect([...labels.up]).toEqual([1, 0, 1])
    expect([...labels.forwardReturn]).toEqual([exactLog(110 / 100), exactLog(110 / 120), exactLog(130 / 110)])
    expect([...labels.endMs]).toEqual([10, 13, 20])
    expect(labels.unchanged).toBe(0)
  })

  test('counts an unchanged price as no rise', () => {
    const labels = makeLabels(matrix([0, 10, 20], [5, 5, 5]), 10)
    expect([...labels.up]).toEqual([0, 0])
    expect([...labels.forwardReturn]).toEqual([0, 0])
    expect(labels.unchanged).toBe(2)
  })

  test('gives a row without a price no label, and carries the last price over one', () => {
    const labels = makeLabels(matrix([0, 10, 20, 30], [Number.NaN, 4, Number.NaN, 8]), 10)
    expect([...labels.rows]).toEqual([1])
    expect([...labels.up]).toEqual([0])
    expect(labels.unchanged).toBe(1)
  })

  test('labels nothing whose outcome is not known yet', () => {
    expect(makeLabels(matrix([0, 9], [1, 2]), 10).rows).toHaveLength(0)
    expect(makeLabels(matrix([0, 10], [1, 2]), 10).rows).toHaveLength(1)
    expect(makeLabels(matrix([], []), 10).rows).toHaveLength(0)
  })

  test('agrees with the definition, row by row, and never with a price after the end', () => {
    const steps = fc.array(
      fc.record({ step: fc.nat(5), price: fc.option(fc.integer({ min: 1, max: 9 }), { nil: Number.NaN }) }),
      { minLength: 1, maxLength: 40 },
    )
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 12 }), (rows, horizon) => {
        let clock = 0
        const times = rows.map(({ step }) => {
          clock += step
          return clock
        })
        const prices = rows.map(({ price }) => price)
        const labels = makeLabels(matrix(times, prices), horizon)
        const expected = times.flatMap((time, row) => {
          const price = prices[row]!
          if (Number.isNaN(price) || time + horizon > times.at(-1)!) return []
          const known = prices.filter((p, other) => times[other]! <= time + horizon && !Number.isNaN(p))
          return [{ row, up: known.at(-1)! > price ? 1 : 0, return: exactLog(known.at(-1)! / price) }]
        })
        const actual = Array.from(labels.rows, (row, place) => ({
          row,
          up: labels.up[place],
          return: labels.forwardReturn[place],
        }))
        expect(actual).toEqual(expected)
      }),
    )
  })

  test('refuses a horizon of nothing and rows out of order', () => {
    expect(() => makeLabels(matrix([0], [1]), 0)).toThrow(InvalidInputError)
    expect(() => makeLabels(matrix([5, 4], [1, 1]), 1)).toThrow('Row 1 of the feature matrix is earlier')
  })
})
