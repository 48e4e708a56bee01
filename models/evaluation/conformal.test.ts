import { describe, expect, test } from 'vitest'
import { gaussian, InvalidInputError, seededRandom } from '../../core/index.ts'
import { directionSet, fitConformalInterval, fitConformalThreshold, fitReturnMap } from './conformal.ts'

const IDENTITY = { centre: 0, slope: 1 }

describe('fitReturnMap', () => {
  test('is the line of least squares', () => {
    const { centre, slope } = fitReturnMap(Float64Array.of(0, 1, 2), Float64Array.of(1, 3, 8))
    expect(slope).toBeCloseTo(3.5, 12)
    expect(centre).toBeCloseTo(0.5, 12)
  })

  test('is the mean return where predictions never vary', () => {
    expect(fitReturnMap(Float64Array.of(0.5, 0.5), Float64Array.of(1, 3))).toEqual({ centre: 2, slope: 0 })
  })
})

describe('fitConformalInterval', () => {
  test('takes the ranks that a finite slice needs', () => {
    // 19 residuals at 90 %: the ⌊20·0.05⌋ = 1st and the ⌈20·0.95⌉ = 19th; 39 give the 2nd and the 38th.
    const ramp = (rows: number) => Float64Array.from({ length: rows }, (_, row) => row + 1)
    const of = (rows: number) =>
      fitConformalInterval({
        predictions: new Float64Array(rows),
        returns: ramp(rows),
        map: IDENTITY,
        coverage: 0.9,
      })
    expect(of(19)).toEqual({ lower: 1, upper: 19, coverage: 0.9, rows: 19 })
    expect(of(39)).toEqual({ lower: 2, upper: 38, coverage: 0.9, rows: 39 })
    expect(() => of(18)).toThrow('18 rows are too few for a coverage of 0.9.')
  })

  test('covers as it says where rows are exchangeable, also of lopsided errors', { timeout: 120_000 }, () => {
    // Over seeds the coverage is that of the ranks, on average exactly 1 − 2·⌊101·0.1⌋/101 = 81/101 for 100 rows.
    let inside = 0
    let below = 0
    const seeds = 4_000
    for (let seed = 0; seed < seeds; seed++) {
      const random = seededRandom(seed)
      const draw = (rows: number) => {
        const predictions = Float64Array.from({ length: rows }, () => gaussian(random))
        return { predictions, returns: predictions.map(p => 0.3 * p + gaussian(random) ** 2) }
      }
      const training = draw(50)
      const map = fitReturnMap(training.predictions, training.returns)
      const interval = fitConformalInterval({ ...draw(100), map, coverage: 0.8 })
      const { predictions, returns } = draw(1)
      const error = returns[0]! - (map.centre + map.slope * predictions[0]!)
      if (error < interval.lower) below++
      else if (error <= interval.upper) inside++
    }
    // Standard deviations: √(0.8·0.2 / 4000) = 0.0063 and √(0.1·0.9 / 4000) = 0.0047; three of each.
    expect(Math.abs(inside / seeds - 81 / 101)).toBeLessThan(0.019)
    expect(Math.abs(below / seeds - 10 / 101)).toBeLessThan(0.0142)
  })

  test('refuses rows that do not go together and shares that are none', () => {
    const given = { predictions: Float64Array.of(1), returns: Float64Array.of(1), map: IDENTITY }
    expect(() => fitConformalInterval({ ...given, coverage: 1 })).toThrow(
      'A coverage of 1 is not between 0 and 1.',
    )
    expect(() => fitConformalInterval({ ...given, returns: Float64Array.of(1, 2), coverage: 0.5 })).toThrow(
      InvalidInputError,
    )
    expect(() => fitReturnMap(Float64Array.of(Number.NaN), Float64Array.of(1))).toThrow(InvalidInputError)
  })
})

describe('fitConformalThreshold', () => {
  test('takes the rank by hand, and gives the sets', () => {
    // Given to what happened: 0.9, 0.6, 0.3, 0.8. At 60 % of 4: the ⌊5·0.4⌋ = 2nd smallest.
    const rows = { probabilities: Float64Array.of(0.9, 0.4, 0.3, 0.2), outcomes: Uint8Array.of(1, 0, 1, 0) }
    const threshold = fitConformalThreshold(rows, 0.6)
    expect(threshold).toEqual({ least: 0.6, coverage: 0.6, rows: 4 })
    expect(directionSet(threshold, 0.7)).toEqual({ up: true, down: false })
    expect(directionSet(threshold, 0.5)).toEqual({ up: false, down: false })
    expect(directionSet(fitConformalThreshold(rows, 0.8), 0.5)).toEqual({ up: true, down: true })
  })

  test('holds what happens as often as it says', { timeout: 120_000 }, () => {
    let held = 0
    const seeds = 4_000
    for (let seed = 0; seed < seeds; seed++) {
      const random = seededRandom(seed)
      const draw = (rows: number) => {
        const probabilities = Float64Array.from({ length: rows }, () => random())
        return { probabilities, outcomes: Uint8Array.from(probabilities, p => (random() < p ? 1 : 0)) }
      }
      const threshold = fitConformalThreshold(draw(99), 0.9)
      const { probabilities, outcomes } = draw(1)
      const set = directionSet(threshold, probabilities[0]!)
      if (outcomes[0] === 1 ? set.up : set.down) held++
    }
    // 0.9 within three standard deviations of √(0.09 / 4000) = 0.0047.
    expect(Math.abs(held / seeds - 0.9)).toBeLessThan(0.0142)
  })
})
