import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, type MarketEvent, unixMs } from '../../../core/index.ts'
import { featureAt } from '../builtin/featureAt.conformance.ts'
import type { FeatureDefinition } from '../defineFeature.ts'
import { bollingerBandwidth, bollingerPercentB } from './bollinger.ts'
import { builtInIndicators } from './builtInIndicators.ts'
import { cci } from './cci.ts'
import { keltnerUpper } from './keltner.ts'
import { macdLine } from './macd.ts'
import { obv } from './obv.ts'
import {
  columnsOf,
  randomBars,
  recordedGoldBars,
  type SampleBar,
  valuesOf,
} from './sampleBars.conformance.ts'
import { sma } from './sma.ts'
import { rollingVwap, sessionVwap } from './vwap.ts'

type Row = ReturnType<typeof rowsOf>[number]

const SEED = 20_260_118
console.info(`Random bars of seed ${SEED}.`)
const bars = randomBars(SEED, 2_000)

function rowsOf(given: readonly SampleBar[]) {
  const { high, low, close, volume } = columnsOf(given)
  return given.map((each, row) => ({
    day: new Date(each.validAt).toISOString().slice(0, 10),
    typical: ((high[row] ?? 0) + (low[row] ?? 0) + (close[row] ?? 0)) / 3,
    close: close[row] ?? 0,
    volume: volume[row] ?? 0,
  }))
}

/** The definition read literally: over all rows of each window. */
const overWindows = (length: number, of: (rows: readonly Row[]) => number | null) => (rows: readonly Row[]) =>
  rows.map((_, row) => (row + 1 < length ? null : of(rows.slice(row + 1 - length, row + 1))))

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const vwapOf = (rows: readonly Row[]): number | null => {
  const volume = sum(rows.map(row => row.volume))
  return volume > 0 ? sum(rows.map(row => row.typical * row.volume)) / volume : null
}

function bandsOf(rows: readonly Row[], deviations: number) {
  const mean = sum(rows.map(({ close }) => close)) / rows.length
  const half = deviations * Math.sqrt(sum(rows.map(({ close }) => (close - mean) ** 2)) / rows.length)
  return { mean, half, close: rows.at(-1)?.close ?? 0 }
}

const literal: readonly (readonly [FeatureDefinition, (rows: readonly Row[]) => (number | null)[]])[] = [
  [rollingVwap(), overWindows(20, vwapOf)],
  [rollingVwap({ length: 1 }), overWindows(1, vwapOf)],
  [
    sessionVwap(),
    rows => rows.map((row, index) => vwapOf(rows.slice(0, index + 1).filter(({ day }) => day === row.day))),
  ],
  [
    bollingerPercentB({ length: 7, deviations: 2.5 }),
    overWindows(7, rows => {
      const { mean, half, close } = bandsOf(rows, 2.5)
      return half === 0 ? null : (close - (mean - half)) / (2 * half)
    }),
  ],
  [
    bollingerBandwidth(),
    overWindows(20, rows => {
      const { mean, half } = bandsOf(rows, 2)
      return (2 * half) / mean
    }),
  ],
]

const gold = recordedGoldBars()?.slice(0, 4_000) ?? null
if (gold === null) console.warn('Skipped: no recorded gold bars; set TOUCHSTONE_DATA to their folder.')

describe.each([
  ['random bars', bars],
  ['recorded gold bars', gold],
] as const)('%s', (_source, given) => {
  test
    .skipIf(given === null)
    .each(literal.map(([feature, reference]) => [feature.name, feature, reference] as const))(
    '%s is its definition, read literally',
    (_name, feature, reference) => {
      const found = valuesOf(feature, given ?? [])
      const wrong = reference(rowsOf(given ?? [])).flatMap((expected, row) => {
        const value = found[row] ?? null
        if (expected === null || value === null) return expected === value ? [] : [row]
        return Math.abs(value - expected) <= 1e-9 * Math.max(1, Math.abs(expected)) ? [] : [row]
      })
      expect(wrong).toEqual([])
      expect(found.filter(value => value !== null).length).toBeGreaterThan(1_000)
    },
  )
})

const withoutVolume = (bar: SampleBar): SampleBar => {
  const { volumeE8: _, ...value } = bar.value
  return { ...bar, value }
}

describe('a bar without volume', () => {
  test('leaves volume indicators without a value while they need it', () => {
    // A random bar may have none: then the average has no value either, and that is not asked here.
    const traded = (bar: SampleBar): SampleBar => ({
      ...bar,
      value: { ...bar.value, volumeE8: bar.value.volumeE8 || 1n },
    })
    const given = bars.slice(0, 60).map((bar, row) => (row === 30 ? withoutVolume(bar) : traded(bar)))
    const missing = (feature: FeatureDefinition) =>
      valuesOf(feature, given).flatMap((value, row) => (value === null ? [row] : []))
    expect(missing(rollingVwap({ length: 5 }))).toEqual([0, 1, 2, 3, 30, 31, 32, 33, 34])
    // Rows 24 to 47 opened on the same day.
    expect(missing(sessionVwap()).filter(row => row >= 24)).toEqual(
      Array.from({ length: 18 }, (_, index) => 30 + index),
    )
    expect(missing(obv())).toEqual([30])
    const [before, first] = [valuesOf(obv(), given), valuesOf(obv(), given.slice(31))]
    expect(before.slice(31)).toEqual(first)
  })

  test('gives the others what they need', () => {
    const given = bars.slice(0, 60)
    const feature = sma({ length: 5 })
    expect(valuesOf(feature, given.map(withoutVolume))).toEqual(valuesOf(feature, given))
  })
})

test('on-balance volume is exact after any number of bars', () => {
  const huge = bars.map((bar, row) => ({
    ...bar,
    value: { ...bar.value, volumeE8: row === 0 ? 10n ** 25n : 1n },
  }))
  let expected = 10n ** 25n
  for (const [row, { value }] of huge.entries()) {
    const before = huge[row - 1]?.value
    if (before === undefined) continue
    const [a, b] = [before, value].map(({ bid, ask }) => bid.close + ask.close)
    if (a !== undefined && b !== undefined && b > a) expected += 1n
    if (a !== undefined && b !== undefined && b < a) expected -= 1n
  }
  expect(valuesOf(obv(), huge).at(-1)).toBe(Number(expected) / 1e8)
})

test.each(builtInIndicators.map(feature => [feature.name, feature] as const))(
  '%s counts a bar once and in the order of time',
  (_name, feature) => {
    const given = bars.slice(0, 80)
    const doubled = given.flatMap((bar, row) => {
      const again = { ...bar, lineage: { kind: 'feed' as const, feed: 'second', sequence: row } }
      const late = given[row - 3]
      return late === undefined ? [bar, again] : [bar, again, { ...late, knownAt: bar.knownAt }]
    })
    const values = valuesOf(feature, doubled)
    const ends = doubled.flatMap((bar, index) =>
      bar.knownAt === doubled[index + 1]?.knownAt ? [] : [values[index]],
    )
    expect(ends).toEqual(valuesOf(feature, given))
    expect(ends.some(value => value !== null)).toBe(true)
  },
)

test.each(builtInIndicators.map(feature => [feature.name, feature] as const))(
  '%s is missing past its maximum age, to the millisecond',
  (_name, feature) => {
    const given: MarketEvent[] = bars.slice(0, 100)
    const closed = given.at(-1)?.knownAt ?? unixMs(0)
    expect(featureAt(feature, given, closed + 4 * DAY_MS)).not.toBeNaN()
    expect(featureAt(feature, given, closed + 4 * DAY_MS + 1)).toBeNaN()
  },
)

test('a maximum age is as given', () => {
  const feature = sma({ length: 2, maxAgeMs: HOUR_MS })
  const given: MarketEvent[] = bars.slice(0, 10)
  const closed = given.at(-1)?.knownAt ?? unixMs(0)
  expect(featureAt(feature, given, closed + HOUR_MS)).not.toBeNaN()
  expect(featureAt(feature, given, closed + HOUR_MS + 1)).toBeNaN()
  expect(featureAt(sma({ length: 2, maxAgeMs: null }), given, closed + 1_000 * DAY_MS)).not.toBeNaN()
})

test('names carry the parameters, and what is not possible is refused', () => {
  expect(bollingerPercentB({ length: 7, deviations: 2.5 }).name).toBe('bollinger_percent_b_7_2p5')
  expect(keltnerUpper({ ranges: 1.5 }).name).toBe('keltner_upper_20_10_1p5')
  expect(() => sma({ length: 1 })).toThrow('A moving average over 1 bars is not possible.')
  expect(() => cci({ length: 2.5 })).toThrow('A commodity channel index over 2.5 bars is not possible.')
  expect(() => macdLine({ fast: 26, slow: 12 })).toThrow('A MACD of 26 and 12 bars is not possible.')
  expect(() => bollingerBandwidth({ deviations: 0 })).toThrow('of 0 deviations is not possible')
})
