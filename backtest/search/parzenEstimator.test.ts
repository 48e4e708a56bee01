import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../core/index.ts'
import { choice, integer, type Parameter, real } from './index.ts'
import { parzenEstimator } from './parzenEstimator.ts'
import { type UnitScale, unitScale } from './unitScale.ts'

const STEPS = 2_000
const scalesOf = (...parameters: Parameter[]): UnitScale[] => parameters.map(unitScale)
const anyUnits = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 })

describe('a Parzen estimator', () => {
  test('is a density: over an ordered parameter it integrates to 1', () => {
    fc.assert(
      fc.property(
        anyUnits,
        fc.constantFrom(real(0, 1), integer(1, 9), integer(1, 500)),
        (observed, parameter) => {
          const { logDensity } = parzenEstimator(
            scalesOf(parameter),
            observed.map(unit => Float64Array.of(unit)),
          )
          let sum = 0
          for (let step = 0; step < STEPS; step++)
            sum += Math.exp(logDensity(Float64Array.of((step + 0.5) / STEPS))) / STEPS
          expect(sum).toBeCloseTo(1, 4)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('counts a choice: its shares sum to 1, and are those of the formula', () => {
    // Three of x and one of y, of three values: a hit is (1 + 1/4) / (1 + 3/4), a miss (1/4) / (1 + 3/4).
    const scale = unitScale(choice(['x', 'y', 'z']))
    const place = (value: string) => Float64Array.of(scale.toUnit(value))
    const { logDensity } = parzenEstimator([scale], ['x', 'x', 'y', 'x'].map(place))
    const [hit, miss] = [5 / 7, 1 / 7]
    const expected = [(3 * hit + miss + 1 / 3) / 5, (hit + 3 * miss + 1 / 3) / 5, (4 * miss + 1 / 3) / 5]
    const shares = ['x', 'y', 'z'].map(value => Math.exp(logDensity(place(value))))
    for (const [index, share] of shares.entries()) expect(share).toBeCloseTo(expected[index]!, 12)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
  })

  test('samples what its density says, ordered parameters and choices', () => {
    const scales = scalesOf(real(0, 1), choice(['x', 'y', 'z']))
    const choices = scales[1]!
    const observed = [
      Float64Array.of(0.02, choices.toUnit('x')),
      Float64Array.of(0.7, choices.toUnit('y')),
      Float64Array.of(0.75, choices.toUnit('y')),
    ]
    const { sample, logDensity } = parzenEstimator(scales, observed)
    const random = seededRandom(3)
    const BINS = 10
    const DRAWS = 20_000
    const counts = new Map<string, number>()
    for (let draw = 0; draw < DRAWS; draw++) {
      const [unit = 0, value = 0] = sample(random)
      const bin = `${Math.min(BINS - 1, Math.floor(unit * BINS))} ${choices.fromUnit(value)}`
      counts.set(bin, (counts.get(bin) ?? 0) + 1)
    }
    // χ² over 30 cells: 58.3 is exceeded once in 1,000 with 29 degrees of freedom.
    let chiSquare = 0
    for (let bin = 0; bin < BINS; bin++)
      for (const value of ['x', 'y', 'z']) {
        let share = 0
        for (let step = 0; step < 50; step++) {
          const unit = (bin + (step + 0.5) / 50) / BINS
          share += Math.exp(logDensity(Float64Array.of(unit, choices.toUnit(value)))) / 50 / BINS
        }
        chiSquare += ((counts.get(`${bin} ${value}`) ?? 0) - DRAWS * share) ** 2 / (DRAWS * share)
      }
    expect(chiSquare).toBeLessThan(58.3)
  })

  test('is highest where the observations are, and even without any', () => {
    const near = parzenEstimator(
      scalesOf(real(0, 1)),
      [0.3, 0.31, 0.32].map(unit => Float64Array.of(unit)),
    )
    const at = (unit: number) => near.logDensity(Float64Array.of(unit))
    expect(at(0.31)).toBeGreaterThan(at(0.5))
    expect(at(0.5)).toBeGreaterThan(at(0.9))
    const none = parzenEstimator(scalesOf(real(0, 1), choice(['x', 'y'])), [])
    expect(none.logDensity(Float64Array.of(0.1, 0.25))).toBeCloseTo(Math.log(0.5), 12)
  })
})
