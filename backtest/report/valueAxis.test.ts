import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amountAxis, countAxis, linearAxis, roundStep, type ValueAxis } from './valueAxis.ts'

const labels = ({ ticks }: ValueAxis) => ticks.map(({ label }) => label)

test.each([
  [0.0007, 0.001],
  [1, 1],
  [1.2, 2],
  [2.1, 5],
  [5.1, 10],
  [300, 500],
])('a step of %d becomes %d', (step, expected) => {
  expect(roundStep(step)).toBeCloseTo(expected, 12)
})

test('a linear axis runs from a round number to a round number', () => {
  const axis = linearAxis(83_000, 141_000, 'amount')
  expect(labels(axis)).toEqual(['80k', '100k', '120k', '140k', '160k'])
  expect(axis.at(80_000)).toBe(0)
  expect(axis.at(120_000)).toBe(0.5)
  expect(axis.at(160_000)).toBe(1)
})

test.each<[string, ValueAxis, string[]]>([
  ['prices of some thousands', linearAxis(1_580, 2_950, 'amount', 3), ['1,500', '2,000', '2,500', '3,000']],
  [
    'a narrow range of large ones',
    linearAxis(100_010, 100_390, 'amount', 4),
    ['100.0k', '100.1k', '100.2k', '100.3k', '100.4k'],
  ],
  [
    'small ones',
    linearAxis(0.0012, 0.0031, 'amount', 4),
    ['0.0010', '0.0015', '0.0020', '0.0025', '0.0030', '0.0035'],
  ],
  ['millions', linearAxis(0, 2_400_000, 'amount'), ['0', '0.5M', '1.0M', '1.5M', '2.0M', '2.5M']],
  ['shares', linearAxis(-0.064, 0, 'share', 3), ['-10 %', '-5 %', '0 %']],
  [
    'tenths of a per cent',
    linearAxis(-0.0031, 0.0018, 'share', 5),
    ['-0.4 %', '-0.3 %', '-0.2 %', '-0.1 %', '0.0 %', '0.1 %', '0.2 %'],
  ],
])('%s are labelled with as many digits as the step has', (_, axis, expected) => {
  expect(labels(axis)).toEqual(expected)
})

test('a range of nothing is widened about its value', () => {
  expect(labels(linearAxis(100_000, 100_000, 'amount', 4))).toEqual([
    '99.0k',
    '99.5k',
    '100.0k',
    '100.5k',
    '101.0k',
  ])
  expect(linearAxis(0, 0, 'amount').at(0)).toBe(0.5)
})

test('a wide range of amounts above zero is logarithmic: equal rises are equally high', () => {
  const axis = amountAxis(90_000, 700_000)
  expect(axis.log).toBe(true)
  expect(labels(axis)).toEqual(['100k', '150k', '200k', '300k', '500k', '700k'])
  expect(axis.at(200_000) - axis.at(100_000)).toBeCloseTo(axis.at(400_000) - axis.at(200_000), 12)
  expect(amountAxis(100, 499).log).toBe(false)
  expect(amountAxis(-1, 700_000).log).toBe(false)
  expect(labels(amountAxis(1, 1e6))).toEqual(['1', '10', '100', '1,000', '10,000', '100k', '1M'])
})

test('an axis over many powers of ten leaves some out', () => {
  expect(labels(amountAxis(1e-8, 1e6))).toEqual([
    '0.00000001',
    '0.000001',
    '0.0001',
    '0.01',
    '1',
    '100',
    '10,000',
    '1M',
  ])
})

// The smallest of all numbers, and two that differ in their last digit alone.
test.each([
  [5e-324, 1],
  [0, 5e-324],
  [1e12, 1e12 + 1e-4],
  [-5e-324, 5e-324],
])('an axis from %d to %d has marks that ascend', (low, high) => {
  for (const axis of [
    linearAxis(low, high, 'amount'),
    linearAxis(low, high, 'share'),
    amountAxis(low, high),
  ]) {
    expect(axis.at(low)).toBeGreaterThanOrEqual(0)
    expect(axis.at(high)).toBeLessThanOrEqual(1)
    expect(axis.ticks.length).toBeGreaterThan(1)
    for (const [k, { at }] of axis.ticks.entries())
      if (k > 0) expect(at).toBeGreaterThan(axis.ticks[k - 1]!.at)
  }
})

test('the range always lies within the axis, and the marks ascend', () => {
  const amount = fc.double({ min: -1e12, max: 1e12, noNaN: true })
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
      // A range below the resolution of doubles is none.
      fc.pre(high - low > 1e-9 * Math.max(Math.abs(low), Math.abs(high)) && high - low > 1e-9)
      for (const axis of [linearAxis(low, high, 'amount'), amountAxis(low, high)]) {
        expect(axis.at(low)).toBeGreaterThanOrEqual(-1e-6)
        expect(axis.at(high)).toBeLessThanOrEqual(1 + 1e-6)
        expect(axis.ticks.length).toBeGreaterThan(1)
        expect(axis.ticks.length).toBeLessThan(14)
        for (const [k, { at, label }] of axis.ticks.entries()) {
          expect(label).not.toMatch(/NaN|Infinity|e/)
          if (k > 0) expect(at).toBeGreaterThan(axis.ticks[k - 1]!.at)
        }
      }
    }),
  )
})

test('an axis of counts puts each in the middle of its part', () => {
  const axis = countAxis(214)
  expect(labels(axis)).toEqual(['1', '50', '100', '150', '200'])
  expect(axis.at(1)).toBeCloseTo(0.5 / 214, 12)
  expect(labels(countAxis(3))).toEqual(['1', '2', '3'])
  expect(countAxis(1).at(1)).toBe(0.5)
})
