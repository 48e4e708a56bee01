import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/index.ts'
import { bar, clock, swap } from '../sampleEvents.conformance.ts'
import { ewmaVolatility } from './ewmaVolatility.ts'
import { featureAt } from './featureAt.conformance.ts'
import { logReturn } from './logReturn.ts'
import { movingAverageGap } from './movingAverageGap.ts'
import { quotedSpread } from './quotedSpread.ts'
import { realisedVolatility } from './realisedVolatility.ts'
import { timeSincePrice } from './timeSincePrice.ts'

const m = (minutes: number) => minutes * MINUTE_MS

describe('logReturn', () => {
  const feature = logReturn({ horizonMs: m(5) })
  const events = [swap(m(1), { price: 100 }), swap(m(3), { price: 110 }), swap(m(7), { price: 121 })]

  test('is missing until a price is a horizon old', () => {
    expect(feature.name).toBe('return_5m')
    expect(featureAt(feature, events.slice(0, 2), m(6) - 1)).toBeNaN()
    expect(featureAt(feature, events.slice(0, 2), m(6))).toBeCloseTo(Math.log(1.1), 6)
  })

  test('takes the price known a horizon ago, inclusive, against the newest', () => {
    expect(featureAt(feature, events, m(8) - 1)).toBeCloseTo(Math.log(1.21), 6)
    expect(featureAt(feature, events, m(8))).toBeCloseTo(Math.log(1.1), 6)
  })

  test('is 0 without a new price for a horizon', () => expect(featureAt(feature, events, m(60))).toBe(0))

  test('is missing past its maximum age, to the millisecond', () => {
    const limited = logReturn({ horizonMs: m(5), maxAgeMs: m(10) })
    expect(featureAt(limited, events, m(17))).toBe(0)
    expect(featureAt(limited, events, m(17) + 1)).toBeNaN()
  })

  test('of several prices at one time takes the last', () => {
    const same = [swap(m(1), { price: 50 }), swap(m(1), { price: 100 }), swap(m(6), { price: 200 })]
    expect(featureAt(feature, same, m(6))).toBeCloseTo(Math.log(2), 6)
  })

  test('takes the mid of a bar', () => {
    const bars = [bar(m(1), 100, 2), bar(m(6), 200, 4)]
    expect(featureAt(feature, bars, m(6))).toBeCloseTo(Math.log(2), 6)
  })
})

describe('realisedVolatility', () => {
  const feature = realisedVolatility({ windowMs: HOUR_MS })
  const year = 365.25 * DAY_MS

  test('annualises the squared returns of its window', () => {
    const events = [
      swap(0, { price: 100 }),
      swap(m(10), { price: 110 }),
      swap(m(40), { price: 99 }),
      swap(m(60), { price: 99 }),
    ]
    const squares = Math.log(1.1) ** 2 + Math.log(0.9) ** 2
    expect(featureAt(feature, events, m(60))).toBeCloseTo(Math.sqrt((squares * year) / HOUR_MS), 3)
    // The return of minute 10 has left the window (10, 70].
    expect(featureAt(feature, events, m(70))).toBeCloseTo(Math.sqrt((Math.log(0.9) ** 2 * year) / HOUR_MS), 3)
  })

  test('is missing before a whole window, and in a window without a price', () => {
    const events = [swap(0, { price: 100 }), swap(m(30), { price: 101 })]
    expect(featureAt(feature, events, m(59))).toBeNaN()
    expect(featureAt(feature, events, m(60))).toBeGreaterThan(0)
    expect(featureAt(feature, events, m(90))).toBeNaN()
  })

  test('is 0 for a price that does not move', () =>
    expect(featureAt(feature, [swap(0), swap(m(30)), swap(m(60))], m(60))).toBe(0))
})

describe('ewmaVolatility', () => {
  const feature = ewmaVolatility({ halfLifeMs: HOUR_MS })

  test('halves the weight of a return with each half-life', () => {
    const events = [swap(0, { price: 100 }), swap(HOUR_MS, { price: 110 })]
    const squares = Math.log(1.1) ** 2
    const at = (hours: number) => {
      const weight = (HOUR_MS / Math.LN2) * (1 - 0.5 ** hours)
      return Math.sqrt((squares * 0.5 ** (hours - 1) * 365.25 * DAY_MS) / weight)
    }
    expect(featureAt(feature, events, HOUR_MS)).toBeCloseTo(at(1), 4)
    expect(featureAt(feature, events, 3 * HOUR_MS)).toBeCloseTo(at(3), 4)
  })

  test('is missing before a half-life has passed', () =>
    expect(featureAt(feature, [swap(0), swap(m(30))], m(59))).toBeNaN())
})

describe('movingAverageGap', () => {
  const feature = movingAverageGap({ length: 3 })

  test('compares the newest price with the mean of the last three', () => {
    const bars = [bar(m(1), 1), bar(m(2), 90), bar(m(3), 100), bar(m(4), 110)]
    expect(featureAt(feature, bars.slice(0, 2), m(4))).toBeNaN()
    expect(featureAt(feature, bars, m(4))).toBeCloseTo(0.1, 6)
  })

  test('refuses a length that is no average', () =>
    expect(() => movingAverageGap({ length: 1 })).toThrow('A moving average over 1 prices is not possible.'))
})

test('quotedSpread is in basis points of the mid', () =>
  expect(featureAt(quotedSpread, [bar(m(1), 1_000, 5), bar(m(2), 1_000, 2)], m(2))).toBeCloseTo(20, 4))

describe('timeSincePrice', () => {
  test('counts from the close of a bar, and from the block of a delayed swap', () => {
    expect(featureAt(timeSincePrice, [bar(m(1), 5), clock(m(3))], m(3))).toBe(120)
    expect(featureAt(timeSincePrice, [swap(m(13), {}, { validAt: m(1) })], m(13))).toBe(720)
  })
  test('is missing before the first price', () => expect(featureAt(timeSincePrice, [], 1)).toBeNaN())
})
