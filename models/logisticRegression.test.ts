import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gaussian, seededRandom } from '../core/index.ts'
import { fitLogisticRegression, predictLogistic, solvePositiveDefinite } from './logisticRegression.ts'

describe('fitLogisticRegression', () => {
  test('agrees with an independent minimiser (scipy BFGS)', async () => {
    const inputs = Float32Array.of(0.5, 1, 1.5, -1, -2, 0.5, 0.25, 2, -1, -1.5, 3, 0.25)
    const up = Uint8Array.of(1, 1, 0, 0, 0, 1)
    const model = await fitLogisticRegression({ inputs, columns: 2, up, l2: 0.5 })
    expect(model.weights[0]).toBeCloseTo(1.369364232863, 6)
    expect(model.weights[1]).toBeCloseTo(-0.238800873866, 6)
    expect(model.intercept).toBeCloseTo(-0.348013780182, 6)
  })

  test('ends where the gradient is zero, on any data, separable data too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 10, max: 120 }),
        fc.constantFrom(0.01, 1, 50),
        fc.boolean(),
        async (seed, columns, rows, l2, separable) => {
          const random = seededRandom(seed)
          const inputs = Float32Array.from({ length: rows * columns }, () => 3 * gaussian(random))
          const up = Uint8Array.from({ length: rows }, (_, row) =>
            (separable ? inputs[row * columns]! : gaussian(random)) > 0 ? 1 : 0,
          )
          fc.pre(up.includes(1) && up.includes(0))
          const model = await fitLogisticRegression({ inputs, columns, up, l2 })
          const errors = predictLogistic(model, inputs).map((p, row) => p - up[row]!)
          for (let column = 0; column < columns; column++) {
            const slope = errors.reduce((sum, error, row) => sum + error * inputs[row * columns + column]!, 0)
            expect(Math.abs(slope + l2 * model.weights[column]!)).toBeLessThan(1e-4)
          }
          expect(Math.abs(errors.reduce((sum, error) => sum + error, 0))).toBeLessThan(1e-4)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('gives the same bits twice', async () => {
    const random = seededRandom(9)
    const inputs = Float32Array.from({ length: 3_000 }, () => gaussian(random))
    const up = Uint8Array.from({ length: 1_000 }, () => (random() < 0.5 ? 1 : 0))
    const regress = () => fitLogisticRegression({ inputs, columns: 3, up, l2: 1 })
    expect(await regress()).toEqual(await regress())
  })
})

test('solvePositiveDefinite solves', () => {
  // [[4, 2], [2, 3]] · [1, −1] = [2, −1]
  const solution = solvePositiveDefinite(Float64Array.of(4, 0, 2, 3), Float64Array.of(2, -1))
  expect(solution[0]).toBeCloseTo(1, 14)
  expect(solution[1]).toBeCloseTo(-1, 14)
})
