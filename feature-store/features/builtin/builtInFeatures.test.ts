import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../core/index.ts'
import { createFeaturePipeline } from '../featurePipeline.ts'
import { packFeatures } from '../packFeatures.ts'
import { randomStream } from '../randomStream.conformance.ts'
import { bar, GOLD, nav, yieldCurve } from '../sampleEvents.conformance.ts'
import { builtInFeatures } from './builtInFeatures.ts'
import { featureAt } from './featureAt.conformance.ts'
import { logReturn } from './logReturn.ts'
import { shortFeatures } from './shortFeatures.conformance.ts'

const live = (features: typeof builtInFeatures, events: ReturnType<typeof randomStream>) => {
  const pipeline = createFeaturePipeline(features, GOLD)
  return events.map(event => {
    pipeline.update(event)
    return pipeline.vector(event.knownAt)
  })
}

describe.each([
  ['built-in', builtInFeatures],
  ['short-window', shortFeatures],
])('%s features', (_name, features) => {
  test('give the same bits when the events are fed again', () =>
    fc.assert(
      fc.property(fc.nat(), seed => {
        const events = randomStream(seed, 120)
        expect(live(features, events).map(packFeatures)).toEqual(live(features, events).map(packFeatures))
      }),
      { numRuns: 20 },
    ))

  test('do not depend on how often they are read', () =>
    fc.assert(
      fc.property(fc.nat(), seed => {
        const events = randomStream(seed, 120)
        const last = events.at(-1)!
        const pipeline = createFeaturePipeline(features, GOLD)
        for (const event of events) pipeline.update(event)
        const [unread, read] = [pipeline.vector(last.knownAt), live(features, events).at(-1)!]
        // Sums are grouped by what was dropped when; only their rounding may tell.
        unread.forEach((value, i) => {
          if (Number.isNaN(value)) expect(read[i]).toBeNaN()
          else expect(Math.abs(value - read[i]!)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)))
        })
      }),
      { numRuns: 20 },
    ))

  test('are never infinite, and depend on no later event', () =>
    fc.assert(
      fc.property(fc.nat(), fc.nat(119), (seed, cut) => {
        const events = randomStream(seed, 120)
        const rows = live(features, events)
        for (const row of rows)
          for (const value of row) expect(Number.isNaN(value) || Number.isFinite(value)).toBe(true)
        expect(live(features, events.slice(0, cut))).toEqual(rows.slice(0, cut))
      }),
      { numRuns: 20 },
    ))

  test('come to a value on a rich stream', () => {
    const rows = live(features, randomStream(7, 20_000))
    features.forEach((feature, column) => {
      expect([feature.name, rows.some(row => !Number.isNaN(row[column] ?? Number.NaN))]).toEqual([
        feature.name,
        true,
      ])
    })
  })
})

test.each(shortFeatures.map(feature => [feature.name, feature] as const))(
  '%s keeps a state that does not grow with the stream',
  (_name, feature) => {
    const context = { instrument: GOLD }
    const sizes = [3_000, 30_000].map(length => {
      const state = feature.init(context)
      for (const event of randomStream(3, length))
        if (feature.inputs.includes(event.value.type)) {
          feature.update(state, event, context)
          feature.value(state, event.knownAt)
        }
      return retainedNumbers(state)
    })
    // A window may be fuller at the end of one stream, so a queue may have doubled once more.
    expect(sizes[1]).toBeLessThanOrEqual(2 * sizes[0]!)
    expect(sizes[1]).toBeLessThan(1_000)
  },
)

test.each(
  builtInFeatures.flatMap(feature => {
    const { name, maxAgeMs, params } = feature
    const ageMs = maxAgeMs ?? params['maxNavAgeMs'] ?? params['maxAgeMs']
    return typeof ageMs === 'number' ? [[name, feature, ageMs] as const] : []
  }),
)('%s is missing once what it reads is older than its maximum age', (_name, feature, ageMs) => {
  const start = 1_600_000_000_000
  const bars = Array.from({ length: 60 }, (_, minute) =>
    bar(start + minute * MINUTE_MS, 100 + (minute % 7), 0, MINUTE_MS, { range: 1, volumeE8: 5n }),
  )
  const last = start + 59 * MINUTE_MS
  const events = [...bars, nav(last, 101), yieldCurve(last, { '3M': 1, '2Y': 2, '10Y': 3 })]
  expect(featureAt(feature, events, last + ageMs)).not.toBeNaN()
  expect(featureAt(feature, events, last + ageMs + 1)).toBeNaN()
})

test('their names are distinct and carry their parameters', () => {
  const names = builtInFeatures.map(feature => feature.name)
  expect(new Set(names).size).toBe(names.length)
  expect(names).toContain('return_5m')
  expect(logReturn({ horizonMs: 3 * HOUR_MS }).name).toBe('return_3h')
})

/** Numbers and map entries that a state holds; windows and balances tell theirs. */
function retainedNumbers(state: unknown): number {
  if (state === null || typeof state !== 'object') return 1
  if (state instanceof Map) return state.size
  const capacity = 'capacity' in state && typeof state.capacity === 'number' ? state.capacity : 0
  const holders = 'holders' in state && typeof state.holders === 'number' ? state.holders : 0
  return Object.values(state).reduce<number>((sum, field) => sum + retainedNumbers(field), capacity + holders)
}
