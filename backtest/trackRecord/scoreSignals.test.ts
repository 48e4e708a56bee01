import { describe, expect, test } from 'vitest'
import { instrumentId, MINUTE_MS, type Ppm, seededRandom, unixMs } from '../../core/index.ts'
import { scoreSignals, wilson } from './scoreSignals.ts'
import type { SettledSignal } from './settledSignals.ts'

const signal = (
  place: number,
  direction: -1 | 0 | 1,
  logReturn: number,
  probabilityUp: number | null = null,
  horizonMs = MINUTE_MS,
): SettledSignal => ({
  sequence: place,
  instrument: instrumentId('test:XAU'),
  timeMs: unixMs(place * MINUTE_MS),
  endMs: unixMs(place * MINUTE_MS + horizonMs),
  anchoredAtMs: unixMs(place * MINUTE_MS + 30_000),
  logReturn,
  signal: {
    kind: 'signal',
    direction,
    strength: 1_000_000 as Ppm,
    confidence: 500_000 as Ppm,
    horizonMs,
    prediction: probabilityUp === null ? null : { score: 0, probabilityUp: (probabilityUp * 1e6) as Ppm },
  },
})

describe('directions', () => {
  test('are right when the price went their way; a price that stood still is no hit', () => {
    const settled = [
      signal(1, 1, 0.02),
      signal(2, -1, -0.01),
      signal(3, 1, -0.03),
      signal(4, 1, 0),
      signal(5, 0, 0.5),
    ]
    const { horizons } = scoreSignals(settled, seededRandom(1))
    expect(horizons).toMatchObject([{ horizonMs: MINUTE_MS, directed: 4, hits: 2, hitRate: 0.5 }])
    expect(horizons[0]?.meanReturn).toBeCloseTo((0.02 + 0.01 - 0.03) / 4, 12)
  })

  test('are scored by horizon, and foretold only where the chain had them in time', () => {
    const settled = [signal(1, 1, 0.02), signal(2, 1, 0.01, null, 10_000)]
    const { horizons, foretold } = scoreSignals(settled, seededRandom(1))
    expect(horizons.map(({ horizonMs, directed }) => [horizonMs, directed])).toEqual([
      [10_000, 1],
      [MINUTE_MS, 1],
    ])
    expect(foretold).toBe(1)
  })
})

// Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('Wilson’s interval of %s in %s', (hits, count, low, high) => {
  const [from, to] = wilson(hits, count)
  expect(from).toBeCloseTo(low, 4)
  expect(to).toBeCloseTo(high, 4)
})

test('probabilities are scored beside even odds, with intervals where there are enough', () => {
  const random = seededRandom(7)
  const settled = Array.from({ length: 600 }, (_, place) => {
    const rises = random() < 0.5
    return signal(place, rises ? 1 : -1, rises ? 0.01 : -0.01, rises ? 0.6 : 0.4)
  })
  const { forecasts } = scoreSignals(settled, seededRandom(1))
  expect(forecasts?.evaluation.model.brier).toBeCloseTo(0.16, 10)
  expect(forecasts?.evaluation.baselines['even odds']?.brier).toBeCloseTo(0.25, 10)
  expect(forecasts?.evidence.against['even odds']?.brier?.high).toBeLessThan(0)
  expect(scoreSignals([signal(1, 1, 0.1)], seededRandom(1)).forecasts).toBeNull()
})
