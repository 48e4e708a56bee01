import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, parseInstant } from '../core/index.ts'
import { periodReturns, YEAR_MS } from './statisticsPeriods.ts'

const MONDAY = parseInstant('2024-01-01')
const cut = (points: readonly (readonly [hours: number, equity: number])[], options = {}) =>
  periodReturns(
    Float64Array.from(points, ([hours]) => MONDAY + hours * HOUR_MS),
    Float64Array.from(points, ([, equity]) => equity),
    options,
  )
const close = (values: Float64Array, expected: number[]) => {
  expect(values.length).toBe(expected.length)
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 12)
  })
}

describe('bars', () => {
  test('return from point to point; of points at one time the last counts', () => {
    const { returns, endMs, periodsPerYear } = cut(
      [
        [0, 1_000],
        [1, 1_050],
        [1, 1_100],
        [2, 990],
      ],
      { returns: 'bar' },
    )
    close(returns, [0.1, -0.1])
    expect([...endMs]).toEqual([MONDAY + HOUR_MS, MONDAY + 2 * HOUR_MS])
    expect(periodsPerYear).toBeCloseTo(YEAR_MS / HOUR_MS, 9) // Two bars in two hours: 8,766 a year.
  })

  test('what happens at the first instant belongs to the first return', () => {
    close(
      cut(
        [
          [0, 1_000],
          [0, 900],
          [1, 990],
        ],
        { returns: 'bar' },
      ).returns,
      [-0.01],
    )
  })

  test('are annualised as chosen, and have none where no time passes', () => {
    const options = { returns: 'bar', annualisation: 8_760 }
    expect(
      cut(
        [
          [0, 1],
          [1, 2],
        ],
        options,
      ).periodsPerYear,
    ).toBe(8_760)
    expect(cut([[0, 1]], { returns: 'bar' })).toMatchObject({
      periodsPerYear: 0,
      returns: new Float64Array(0),
    })
  })
})

describe('days', () => {
  // Monday 12:00 to Tuesday of the week after, Saturday included.
  const points = [
    [12, 100],
    [20, 110],
    [44, 121],
    [5 * 24 + 12, 242],
    [8 * 24 + 12, 484],
  ] as const

  test('every calendar day repeats the last close where it has no point', () => {
    const { returns, endMs } = cut(points, { annualisation: 365 })
    close(returns, [0.1, 0.1, 0, 0, 0, 1, 0, 0, 1])
    expect(endMs[0]).toBe(MONDAY + DAY_MS)
    expect(endMs[8]).toBe(MONDAY + 8.5 * DAY_MS) // The last day ends with the run.
  })

  test('weekdays take a week-end’s points on Monday, and leave holidays out', () => {
    const { returns, endMs, periodsPerYear } = cut(points, { annualisation: 252 })
    close(returns, [0.1, 0.1, 1, 1])
    expect(endMs[2]).toBe(MONDAY + 8 * DAY_MS)
    expect(periodsPerYear).toBe(252)
  })
})

test('returns compound to the total return however they are cut', () =>
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 1_000 })), {
        minLength: 2,
        maxLength: 40,
      }),
      fc.constantFrom(
        { returns: 'bar' as const },
        { annualisation: 365 },
        { annualisation: 252 },
        { annualisation: 'data' as const },
      ),
      (steps, options) => {
        let hours = 0
        const points = steps.map(([step, equity]) => {
          hours += step
          return [hours, equity] as const
        })
        fc.pre(hours > (points[0]?.[0] ?? 0))
        const { returns, endMs } = cut(points, options)
        const grown = returns.reduce((product, value) => product * (1 + value), 1)
        expect(grown).toBeCloseTo((points.at(-1)?.[1] ?? 0) / (points[0]?.[1] ?? 1), 6)
        expect(endMs.length).toBe(returns.length)
        for (let i = 1; i < endMs.length; i++) expect(endMs[i]!).toBeGreaterThan(endMs[i - 1]!)
        expect(endMs.at(-1)!).toBeLessThanOrEqual(MONDAY + hours * HOUR_MS)
      },
    ),
  ))

test.each([
  [{ annualisation: 250 }, 'Daily returns cannot be annualised by 250'],
  [{ returns: 'bar', annualisation: 0 }, 'Bar returns cannot be annualised by 0'],
  [{ returns: 'bar', annualisation: Number.NaN }, 'Bar returns cannot be annualised by NaN'],
])('%j is refused', (options, message) => {
  expect(() => cut([[0, 1]], options)).toThrow(message)
})
