import { beforeAll, describe, expect, test } from 'vitest'
import type { FeatureDefinition } from '../defineFeature.ts'
import { adx, minusDi, plusDi } from './adx.ts'
import { atr } from './atr.ts'
import { bollingerLower, bollingerMiddle, bollingerUpper } from './bollinger.ts'
import { cci } from './cci.ts'
import { donchianLower, donchianMiddle, donchianUpper } from './donchian.ts'
import { ema } from './ema.ts'
import { keltnerLower, keltnerMiddle, keltnerUpper } from './keltner.ts'
import { macdHistogram, macdLine, macdSignal } from './macd.ts'
import { obv } from './obv.ts'
import { rsi } from './rsi.ts'
import {
  columnsOf,
  randomBars,
  recordedGoldBars,
  type SampleBar,
  valuesOf,
} from './sampleBars.conformance.ts'
import { sma } from './sma.ts'
import { fastStochasticD, fastStochasticK, slowStochasticD, slowStochasticK } from './stochastic.ts'
import { loadTaLib, type TaLib } from './taLib.conformance.ts'
import { wma } from './wma.ts'

type Columns = ReturnType<typeof columnsOf>
type Reference = (taLib: TaLib, columns: Columns) => readonly (number | null)[]

/** One output of a function of TA-Lib. */
const output =
  (
    name: string,
    inputs: readonly (keyof Columns)[],
    options: readonly number[],
    which = 0,
    outputs = 1,
  ): Reference =>
  (taLib, columns) =>
    taLib(
      name,
      inputs.map(input => columns[input]),
      options,
      outputs,
    )[which] ?? []

const bands = (which: number, length: number, deviations: number): Reference => {
  const given = output('BBANDS', ['close'], [length, deviations, deviations, 0], which, 3)
  // Of equal closes TA-Lib takes the difference of two rounded sums for their variance; in truth it is 0.
  return (taLib, columns) =>
    given(taLib, columns).map((value, row) =>
      value !== null && areEqual(columns.close.slice(row + 1 - length, row + 1))
        ? (columns.close[row] ?? null)
        : value,
    )
}

const areEqual = (values: readonly number[]): boolean => values.every(value => value === values[0])

/** Made of several outputs, where all of them have a value. */
const combined =
  (parts: readonly Reference[], of: (values: readonly number[]) => number): Reference =>
  (taLib, columns) => {
    const found = parts.map(part => part(taLib, columns))
    return columns.close.map((_, row) => {
      const values = found.flatMap(column => column[row] ?? [])
      return values.length < parts.length ? null : of(values)
    })
  }

const hlc = ['high', 'low', 'close'] as const

const cases: readonly (readonly [FeatureDefinition, Reference])[] = [
  ...[2, 5, 20, 137].flatMap(length => [
    [sma({ length }), output('SMA', ['close'], [length])] as const,
    [ema({ length }), output('EMA', ['close'], [length])] as const,
    [wma({ length }), output('WMA', ['close'], [length])] as const,
    [rsi({ length }), output('RSI', ['close'], [length])] as const,
    [atr({ length }), output('ATR', hlc, [length])] as const,
    [adx({ length }), output('ADX', hlc, [length])] as const,
    [plusDi({ length }), output('PLUS_DI', hlc, [length])] as const,
    [minusDi({ length }), output('MINUS_DI', hlc, [length])] as const,
  ]),
  // Of two bars the index is 66.7 or -66.7, but where they are equal, which TA-Lib's rounding decides.
  ...[5, 20, 137].map(length => [cci({ length }), output('CCI', hlc, [length])] as const),
  // The channels, of what TA-Lib has.
  ...[2, 20, 137].flatMap(length => {
    const highest = output('MAX', ['high'], [length])
    const lowest = output('MIN', ['low'], [length])
    return [
      [donchianUpper({ length }), highest] as const,
      [donchianLower({ length }), lowest] as const,
      [
        donchianMiddle({ length }),
        combined([highest, lowest], ([high = 0, low = 0]) => (high + low) / 2),
      ] as const,
    ]
  }),
  ...[
    { length: 20, rangeLength: 10, ranges: 2 },
    { length: 5, rangeLength: 30, ranges: 1.5 },
  ].flatMap(options => {
    const parts = [output('EMA', ['close'], [options.length]), output('ATR', hlc, [options.rangeLength])]
    return [
      [keltnerUpper(options), combined(parts, ([m = 0, r = 0]) => m + options.ranges * r)] as const,
      [keltnerMiddle(options), combined(parts, ([m = 0]) => m)] as const,
      [keltnerLower(options), combined(parts, ([m = 0, r = 0]) => m - options.ranges * r)] as const,
    ]
  }),
  ...[{}, { fast: 3, slow: 10, signal: 16 }, { fast: 5, slow: 35, signal: 5 }].flatMap(options => {
    const { fast = 12, slow = 26, signal = 9 } = options
    const part = (which: number) => output('MACD', ['close'], [fast, slow, signal], which, 3)
    return [
      [macdLine(options), part(0)] as const,
      [macdSignal(options), part(1)] as const,
      [macdHistogram(options), part(2)] as const,
    ]
  }),
  ...[
    { length: 20, deviations: 2 },
    { length: 7, deviations: 2.5 },
    { length: 150, deviations: 1 },
  ].flatMap(options => {
    const { length, deviations } = options
    return [
      [bollingerUpper(options), bands(0, length, deviations)] as const,
      [bollingerMiddle(options), bands(1, length, deviations)] as const,
      [bollingerLower(options), bands(2, length, deviations)] as const,
    ]
  }),
  ...[
    { fastK: 5, fastD: 3 },
    { fastK: 14, fastD: 1 },
    { fastK: 1, fastD: 9 },
  ].flatMap(options => {
    const part = (which: number) => output('STOCHF', hlc, [options.fastK, options.fastD, 0], which, 2)
    return [[fastStochasticK(options), part(0)] as const, [fastStochasticD(options), part(1)] as const]
  }),
  ...[
    { fastK: 5, slowK: 3, slowD: 3 },
    { fastK: 21, slowK: 5, slowD: 9 },
  ].flatMap(options => {
    const part = (which: number) =>
      output('STOCH', hlc, [options.fastK, options.slowK, 0, options.slowD, 0], which, 2)
    return [[slowStochasticK(options), part(0)] as const, [slowStochasticD(options), part(1)] as const]
  }),
  [obv(), output('OBV', ['close', 'volume'], [])],
]

/** Rows in which a value and TA-Lib's differ by more than 1e-9 of it, or of the unit that it is given in. */
function differences(ours: readonly (number | null)[], theirs: readonly (number | null)[]): string[] {
  return theirs.flatMap((expected, row) => {
    const found = ours[row] ?? null
    if (expected === null || found === null)
      return expected === found ? [] : [`row ${row}: ${found} for ${expected}`]
    const allowed = 1e-9 * Math.max(1, Math.abs(expected))
    return Math.abs(found - expected) <= allowed ? [] : [`row ${row}: ${found} for ${expected}`]
  })
}

let taLib: TaLib
beforeAll(async () => {
  taLib = await loadTaLib()
})

const SEED = 20_260_119
console.info(`Random bars of seed ${SEED}.`)

const gold = recordedGoldBars()
if (gold === null) console.warn('Skipped: no recorded gold bars; set TOUCHSTONE_DATA to their folder.')
const sources: readonly (readonly [string, readonly SampleBar[] | null])[] = [
  ['random bars', randomBars(SEED, 3_000)],
  ['few random bars, of two cents', randomBars(SEED + 1, 400, 10)],
  ['recorded gold bars', gold],
]

describe.each(sources)('%s', (_source, bars) => {
  test
    .skipIf(bars === null)
    .each(cases.map(([feature, reference]) => [feature.name, feature, reference] as const))(
    '%s is what TA-Lib gives, from its first output on',
    (_name, feature, reference) => {
      const expected = reference(taLib, columnsOf(bars ?? []))
      expect(expected.filter(value => value !== null).length).toBeGreaterThan(100)
      const found = differences(valuesOf(feature, bars ?? []), expected)
      expect([found.length, ...found.slice(0, 3)]).toEqual([0])
    },
  )
})
