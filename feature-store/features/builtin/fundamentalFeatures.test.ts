import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, instrumentId, parseInstant } from '../../../core/index.ts'
import { nav, swap, TREASURY, yieldCurve } from '../sampleEvents.conformance.ts'
import { featureAt } from './featureAt.conformance.ts'
import { hourOfWeekCosine, hourOfWeekSine } from './hourOfWeek.ts'
import { navAge } from './navAge.ts'
import { navPremium } from './navPremium.ts'
import { yieldCurveSlope, yieldLevel } from './yieldCurve.ts'

describe('NAV', () => {
  test('premium needs both prices, and a NAV that is not too old', () => {
    const events = [nav(DAY_MS, 100, 0), swap(DAY_MS + 1, { price: 102 })]
    expect(featureAt(navPremium(), events.slice(0, 1), DAY_MS + 1)).toBeNaN()
    expect(featureAt(navPremium(), events.slice(1), DAY_MS + 1)).toBeNaN()
    expect(featureAt(navPremium(), events, DAY_MS + 1)).toBeCloseTo(0.02, 6)
    expect(featureAt(navPremium(), events, 7 * DAY_MS)).toBeCloseTo(0.02, 6)
    expect(featureAt(navPremium(), events, 7 * DAY_MS + 1)).toBeNaN()
    expect(featureAt(navPremium({ maxNavAgeMs: 30 * DAY_MS }), events, 8 * DAY_MS)).toBeCloseTo(0.02, 6)
  })

  test('premium keeps the newer day when an older one is corrected, and takes the corrected same day', () => {
    const events = [
      swap(0, { price: 110 }),
      nav(2 * DAY_MS, 100, DAY_MS),
      nav(2 * DAY_MS + 1, 50, DAY_MS - 1),
      nav(2 * DAY_MS + 2, 88, DAY_MS),
    ]
    expect(featureAt(navPremium(), events.slice(0, 3), 3 * DAY_MS)).toBeCloseTo(0.1, 6)
    expect(featureAt(navPremium(), events, 3 * DAY_MS)).toBeCloseTo(0.25, 6)
  })

  test('age counts from what the NAV describes, not from its publication', () => {
    expect(featureAt(navAge, [], DAY_MS)).toBeNaN()
    const events = [nav(DAY_MS, 1, 0), nav(DAY_MS + HOUR_MS, 1, HOUR_MS), nav(2 * DAY_MS, 1, 0)]
    expect(featureAt(navAge, events, 2 * DAY_MS)).toBe((2 * DAY_MS - HOUR_MS) / 1_000)
  })
})

describe('yield curve', () => {
  const curve = yieldCurve(DAY_MS, { '3M': 53_000, '2Y': 43_000, '10Y': 40_500 })

  test('slope and level are in percentage points', () => {
    const slope = yieldCurveSlope({ long: '10Y', short: '2Y' })
    expect(slope.name).toBe('yield_slope_10y_2y')
    expect(featureAt(slope, [curve], DAY_MS)).toBeCloseTo(-0.25, 6)
    expect(featureAt(yieldCurveSlope({ long: '10Y', short: '3M' }), [curve], DAY_MS)).toBeCloseTo(-1.25, 6)
    expect(featureAt(yieldLevel({ tenor: '3M' }), [curve], DAY_MS)).toBeCloseTo(5.3, 6)
  })

  test('a tenor that the newest curve lacks is missing, not older', () => {
    const holed = yieldCurve(2 * DAY_MS, { '10Y': 41_000 })
    expect(featureAt(yieldLevel({ tenor: '10Y' }), [curve, holed], 2 * DAY_MS)).toBeCloseTo(4.1, 6)
    expect(featureAt(yieldLevel({ tenor: '3M' }), [curve, holed], 2 * DAY_MS)).toBeNaN()
  })

  test('a curve past its age is missing, and another curve does not renew it', () => {
    const chosen = yieldLevel({ tenor: '10Y', curve: TREASURY })
    const other = yieldCurve(8 * DAY_MS, { '10Y': 1 }, { instrument: instrumentId('sample:BUND') })
    expect(featureAt(chosen, [curve, other], 8 * DAY_MS)).toBeCloseTo(4.05, 6)
    expect(featureAt(chosen, [curve, other], 8 * DAY_MS + 1)).toBeNaN()
  })

  test('a late publication of an older day does not replace a newer one', () => {
    const late = yieldCurve(DAY_MS + 5, { '10Y': 1 }, { validAt: 0 })
    expect(featureAt(yieldLevel({ tenor: '10Y' }), [curve, late], 2 * DAY_MS)).toBeCloseTo(4.05, 6)
  })
})

test('hour of week starts on Monday at midnight UTC and turns once a week', () => {
  const at = (text: string) => {
    const now = parseInstant(text)
    return [featureAt(hourOfWeekSine, [], now), featureAt(hourOfWeekCosine, [], now)]
  }
  expect(at('2024-01-01')).toEqual([0, 1])
  expect(at('2024-01-02T18:00')).toEqual([1, 0])
  expect(at('2024-01-04T12:00')).toEqual([0, -1])
  expect(at('2024-01-06T06:00')).toEqual([-1, 0])
  expect(at('1970-01-01')[1]).toBeCloseTo(Math.cos((2 * Math.PI * 3) / 7), 6)
})
