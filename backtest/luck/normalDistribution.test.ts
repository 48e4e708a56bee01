import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalCdf, normalQuantile } from './index.ts'

const relativeError = (actual: number, expected: number) => Math.abs(actual / expected - 1)

// The nearest doubles to values from arithmetic of forty digits.
test.each([
  [-37, 5.725571222524577e-300],
  [-20, 2.7536241186062337e-89],
  [-8, 6.220960574271784e-16],
  [-5, 2.866515718791939e-7],
  [-3, 0.0013498980316300946],
  [-2, 0.02275013194817921],
  [-1, 0.15865525393145705],
  [-0.5, 0.3085375387259869],
  [0, 0.5],
  [0.5, 0.6914624612740131],
  [1, 0.8413447460685429],
  [2, 0.9772498680518208],
  [3, 0.9986501019683699],
  [6, 0.9999999990134123],
])('Φ(%d) is %d', (x, expected) => {
  expect(relativeError(normalCdf(x), expected)).toBeLessThan(1e-15)
})

test.each([
  [1e-300, -37.0470962993612],
  [1e-50, -14.933337534788489],
  [1e-10, -6.361340902404057],
  [0.001, -3.0902323061678136],
  [0.025, -1.9599639845400543],
  [0.05, -1.6448536269514726],
  [0.1, -1.2815515655446004],
  [0.25, -0.6744897501960817],
  [0.4, -0.2533471031357997],
  [0.6, 0.2533471031357997],
  [0.975, 1.9599639845400538],
  [0.99, 2.3263478740408408],
])('the quantile of %d is %d', (p, expected) => {
  expect(relativeError(normalQuantile(p), expected)).toBeLessThan(1e-15)
})

test('the distribution rises, is symmetric, and the quantile inverts it', () =>
  fc.assert(
    fc.property(
      fc.double({ min: -8, max: 8, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (x, step) => {
        expect(normalCdf(x + step)).toBeGreaterThanOrEqual(normalCdf(x))
        expect(Math.abs(normalCdf(x) + normalCdf(-x) - 1)).toBeLessThanOrEqual(2 ** -52)
        const low = -Math.abs(x)
        expect(Math.abs(normalQuantile(normalCdf(low)) - low)).toBeLessThan(1e-14 * (1 + Math.abs(low)))
      },
    ),
  ))

test('the ends are 0 and 1, and what is no probability is refused', () => {
  expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0)
  expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1)
  expect(normalCdf(-40)).toBe(0)
  expect(normalCdf(Number.NaN)).toBeNaN()
  expect(normalQuantile(0.5)).toBe(0)
  for (const p of [0, 1, -0.1, 1.1, Number.NaN])
    expect(() => normalQuantile(p)).toThrow(/is not a probability between 0 and 1/)
})

test('the bits are pinned, so that another processor would notice', () => {
  const bits = (value: number) => Buffer.from(Float64Array.of(value).buffer).toString('hex')
  expect([0.3, -1.7, -9.5].map(x => bits(normalCdf(x)))).toMatchInlineSnapshot(`
    [
      "790bc42ceec5e33f",
      "047928ca48d1a63f",
      "a9145c0ad6d2933b",
    ]
  `)
  expect([0.3, 0.999, 1e-9].map(p => bits(normalQuantile(p)))).toMatchInlineSnapshot(`
    [
      "fac58295e3c7e0bf",
      "704420b7cbb80840",
      "a7b5441fc1fd17c0",
    ]
  `)
})
