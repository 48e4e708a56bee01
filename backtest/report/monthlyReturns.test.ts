import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, parseInstant } from '../../core/index.ts'
import { monthlyReturns } from './monthlyReturns.ts'
import { inPercent, shade } from './monthlySection.ts'

const months = (points: readonly (readonly [string, number])[]) =>
  monthlyReturns(
    Float64Array.from(points, ([time]) => parseInstant(time)),
    Float64Array.from(points, ([, value]) => value),
  )

test('months run from close to close, the first from the first point: worked by hand', () => {
  const years = months([
    ['2023-11-15', 100],
    ['2023-11-30T12:00', 110], // November: 110 / 100 − 1 = 10 %
    ['2023-12-10', 120],
    ['2023-12-31T23:00', 99], // December: 99 / 110 − 1 = −10 %
    ['2024-01-20', 99], // January: 0
    ['2024-03-01T00:00', 108.9], // midnight belongs to February: 108.9 / 99 − 1 = 10 %
    ['2024-03-01T00:01', 54.45], // March: −50 %
  ])
  expect(years.map(({ year }) => year)).toEqual([2023, 2024])
  const [before, after] = years
  expect(before!.months.map(value => value?.toFixed(6) ?? null)).toEqual([
    ...new Array(10).fill(null),
    '0.100000',
    '-0.100000',
  ])
  expect(before!.total).toBeCloseTo(99 / 100 - 1, 12)
  expect(after!.months.slice(0, 4).map(value => value?.toFixed(6) ?? null)).toEqual([
    '0.000000',
    '0.100000',
    '-0.500000',
    null,
  ])
  expect(after!.total).toBeCloseTo(54.45 / 99 - 1, 12)
})

test('a first point at midnight of a month starts that month, not the one before', () => {
  expect(
    months([
      ['2024-02-01', 100],
      ['2024-02-20', 105],
    ]),
  ).toEqual([
    { year: 2024, months: [null, 105 / 100 - 1, ...new Array(10).fill(null)], total: 105 / 100 - 1 },
  ])
})

test('a month without a point stays empty, and the next one goes on from the last close', () => {
  const [year] = months([
    ['2024-01-10', 100],
    ['2024-01-20', 110],
    ['2024-04-20', 121],
  ])
  expect(year!.months.slice(0, 4).map(value => value?.toFixed(6) ?? null)).toEqual([
    '0.100000',
    null,
    null,
    '0.100000',
  ])
})

test('one point has no month, and equity that is not above zero no return', () => {
  expect(months([['2024-01-10', 100]])).toEqual([])
  const [year] = months([
    ['2024-01-10', 100],
    ['2024-01-20', 0],
    ['2024-02-20', 10],
  ])
  expect(year!.months.slice(0, 2)).toEqual([-1, null])
})

test('the years compound to the total return', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 2, maxLength: 80 }),
      fc.integer({ min: 1, max: 60 }),
      (values, days) => {
        const start = parseInstant('2019-12-05')
        const years = monthlyReturns(
          Float64Array.from(values, (_, i) => start + i * days * DAY_MS),
          Float64Array.from(values),
        )
        const growth = years.reduce((product, { total }) => product * (1 + (total ?? Number.NaN)), 1)
        const months = years
          .flatMap(({ months }) => months)
          .reduce((product: number, value) => product * (1 + (value ?? 0)), 1)
        expect(growth / (values.at(-1)! / values[0]!)).toBeCloseTo(1, 9)
        expect(months / growth).toBeCloseTo(1, 9)
      },
    ),
  )
})

test.each([
  [0.0123, '+1.2'],
  [-0.0004, '0.0'],
  [0, '0.0'],
  [-0.5, '-50.0'],
  [12.345, '+1235'],
])('a return of %d is written %s', (value, text) => {
  expect(inPercent(value)).toBe(text)
})

test('shades step by quarters of the scale, up and down', () => {
  expect([0.01, 0.025, 0.026, 0.2, -0.001, -0.09, 0, null].map(value => shade(value, 0.1))).toEqual([
    'up1',
    'up1',
    'up2',
    'up4',
    'down1',
    'down4',
    'flat',
    'flat',
  ])
  expect(shade(0.01, 0)).toBe('flat')
})
