import { describe, expect, test } from 'vitest'
import { InvalidInputError, seededRandom } from '../../core/index.ts'
import { fitScaler } from '../scaler.ts'
import { fitLogistic, fitMajority, fitMomentum, LOGISTIC_BASELINE_ROWS } from './baselines.ts'

const rowsFrom = (from: number, to: number) =>
  Uint32Array.from({ length: to - from }, (_, place) => from + place)

describe('fitMajority', () => {
  test('gives the training share to every row', () => {
    const majority = fitMajority({ targets: Float32Array.of(1, 1, 0, 1, 0), train: rowsFrom(0, 4) })
    expect([...majority(Uint32Array.of(4, 0))]).toEqual([0.75, 0.75])
    expect(() => fitMajority({ targets: new Float32Array(0), train: new Uint32Array(0) })).toThrow(
      InvalidInputError,
    )
  })
})

describe('fitMomentum', () => {
  test('gives the share of rises after a rise, or after none, over the time before a row', () => {
    const matrix = {
      rows: 7,
      timesMs: Float64Array.of(0, 10, 20, 30, 40, 50, 60),
      prices: Float64Array.of(100, 110, 120, 110, Number.NaN, 130, 130),
    }
    // Over 20 ms: rows 0 and 1 have no price before; 2 rose from 100; 3 did not from 110; 4 (110) did not from 120;
    // 5 rose from 110; 6 rose from 110, the last price known at 40.
    const targets = Float32Array.of(0, 1, 1, 0, 0, 0, 1)
    const momentum = fitMomentum(matrix, { targets, train: rowsFrom(0, 6), lookbackMs: 20 })
    const afterRise = (1 + 1) / (2 + 2)
    const afterNone = (1 + 1) / (4 + 2)
    expect([...momentum(rowsFrom(0, 7))]).toEqual([
      afterNone,
      afterNone,
      afterRise,
      afterNone,
      afterNone,
      afterRise,
      afterRise,
    ])
  })
})

describe('fitLogistic', () => {
  test('finds the log-odds that were planted, from rows drawn evenly out of many', {
    timeout: 60_000,
  }, async () => {
    const random = seededRandom(1)
    const rows = LOGISTIC_BASELINE_ROWS * 1.5
    const values = Float32Array.from({ length: rows }, () => 2 * random() - 1)
    const truth = (value: number) => 1 / (1 + Math.exp(-(0.3 + 1.2 * value)))
    const targets = Float32Array.from(values, value => (random() < truth(value) ? 1 : 0))
    const train = rowsFrom(0, rows - 100)
    const logistic = await fitLogistic({
      values,
      columns: 1,
      scaler: fitScaler(values, 1, train),
      targets,
      train,
    })
    const probabilities = logistic(rowsFrom(rows - 100, rows))
    probabilities.forEach((p, place) => {
      expect(Math.abs(p - truth(values[rows - 100 + place]!))).toBeLessThan(0.015)
    })
  })
})
