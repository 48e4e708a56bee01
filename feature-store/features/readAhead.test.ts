import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  eventAt,
  type MarketColumns,
  type MarketEvent,
  marketColumns,
  priceE8,
  seededRandom,
  unixMs,
} from '../../core/index.ts'
import { shortFeatures } from './builtin/shortFeatures.conformance.ts'
import type { FeatureDefinition } from './defineFeature.ts'
import { createFeaturePipeline } from './featurePipeline.ts'
import { builtInIndicators } from './indicators/builtInIndicators.ts'
import { sma } from './indicators/sma.ts'
import { packFeatures } from './packFeatures.ts'
import { columnsWithoutBars, ROW_INSTRUMENTS, rowStream } from './rowStream.conformance.ts'
import { bar, GOLD, TREASURY } from './sampleEvents.conformance.ts'

/** Rows of several blocks. */
const ROWS = 1_300

const mixed = [...builtInIndicators, ...shortFeatures]

const pipelineOf = (features: readonly FeatureDefinition[], history?: MarketColumns) =>
  createFeaturePipeline(features, GOLD, { history })

/** Prices alone, each known later than the one before. */
const plain = (events: readonly MarketEvent[]): MarketEvent[] =>
  events
    .filter(({ value }) => ['bar', 'quote', 'trade', 'swap'].includes(value.type))
    .filter(({ knownAt }, index, kept) => index === 0 || knownAt > (kept[index - 1]?.knownAt ?? 0))

test.each([
  ['bars alone, among events of every kind', builtInIndicators, (events: MarketEvent[]) => events],
  ['bars and others, among events of every kind', mixed, (events: MarketEvent[]) => events],
  ['bars alone, among prices', builtInIndicators, plain],
  ['nothing', [], plain],
])('features of %s are read ahead to the last bit of what events lead to', (_what, features, choose) => {
  fc.assert(
    fc.property(fc.nat(), seed => {
      const random = seededRandom(seed)
      const columns = columnsWithoutBars(choose(rowStream(random, ROWS)))
      const [ahead, lazy] = [pipelineOf(features, columns), pipelineOf(features, columns)]
      const expected = pipelineOf(features)
      const target = new Float32Array(features.length)
      for (let row = 0; row < columns.length; row++) {
        const event = eventAt(columns, row)
        expected.update(event)
        ahead.updateRow(columns, row)
        // As a kernel does, which passes over what was taken in already.
        if (row >= lazy.takenTo) lazy.updateRow(columns, row)
        if (random() < 0.2) {
          const packed = packFeatures(expected.vector(event.knownAt))
          expect(packFeatures(ahead.vector(event.knownAt))).toBe(packed)
          ahead.vectorAt(columns, row, target)
          expect(packFeatures(target)).toBe(packed)
          lazy.vectorAt(columns, row, target)
          expect(packFeatures(target)).toBe(packed)
          expect(lazy.inputTimes()).toEqual(expected.inputTimes())
          expect(lazy.lastPriced()).toEqual(expected.lastPriced())
        }
        expect(ahead.inputTimes()).toEqual(expected.inputTimes())
        if (random() < 0.1) expect(ahead.lastPriced()).toEqual(expected.lastPriced())
      }
    }),
    { numRuns: 8 },
  )
})

test('what is given at a row is the same where the history ends with it', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(ROWS), (seed, cut) => {
      const events = rowStream(seededRandom(seed), ROWS)
      const rows = Math.max(1, Math.min(cut, events.length))
      const [whole, part] = [events, events.slice(0, rows)].map(given => {
        const columns = columnsWithoutBars(given)
        const pipeline = pipelineOf(mixed, columns)
        for (let row = 0; row < rows; row++) pipeline.updateRow(columns, row)
        return packFeatures(pipeline.vector(unixMs(columns.knownAt[rows - 1] ?? 0)))
      })
      expect(whole).toBe(part)
    }),
    { numRuns: 15 },
  )
})

test('a value is missing past its maximum age, and before its first', () => {
  const features = [sma({ length: 2, maxAgeMs: 1_000 })]
  const columns = marketColumns([bar(1_000, 10), bar(2_000, 20)], ROW_INSTRUMENTS)
  const pipeline = pipelineOf(features, columns)
  expect(pipeline.vector(unixMs(0))).toEqual(Float32Array.of(Number.NaN))
  pipeline.updateRow(columns, 0)
  pipeline.updateRow(columns, 1)
  const closedMs = columns.closeMs[1] ?? 0
  expect(pipeline.vector(unixMs(closedMs + 1_000))).toEqual(Float32Array.of(15))
  expect(pipeline.vector(unixMs(closedMs + 1_001))).toEqual(Float32Array.of(Number.NaN))
})

test('rows out of order are refused as without a history, wherever they stand', () => {
  fc.assert(
    fc.property(fc.nat(ROWS - 1), fc.nat(2), (at, back) => {
      const events = Array.from({ length: ROWS }, (_, row) => bar(1_000 * (row + 1), 100 + row))
      const late = events[Math.max(0, at - back)]
      const columns = columnsWithoutBars(late === undefined ? events : events.with(at, late))
      const told = [pipelineOf(builtInIndicators, columns), pipelineOf(builtInIndicators)].map(pipeline => {
        for (let row = 0; row < ROWS; row++) {
          try {
            if (row >= pipeline.takenTo) pipeline.updateRow(columns, row)
          } catch (error) {
            return [row, String(error)]
          }
        }
        return null
      })
      expect(told[0]).toEqual(told[1])
      if (back > 0 && at > 0) expect(told[0]).not.toBeNull()
    }),
    { numRuns: 60 },
  )
})

test('a pipeline that reads ahead takes in the rows of its history alone, one after the other', () => {
  const columns = marketColumns([bar(1_000, 10), bar(2_000, 20), bar(3_000, 30)], ROW_INSTRUMENTS)
  const pipeline = pipelineOf([sma({ length: 2 })], columns)
  expect(() => pipeline.updateRow({ ...columns }, 0)).toThrow(RangeError)
  expect(() => pipeline.update(eventAt(columns, 0))).toThrow(RangeError)
  pipeline.updateRow(columns, 0)
  expect(() => pipeline.updateRow(columns, 4)).toThrow('Row 4 of a history')
})

test('where a withdrawal may come, nothing is read ahead', () => {
  const columns = marketColumns([bar(1_000, 10), bar(2_000, 20)], ROW_INSTRUMENTS)
  const pipeline = createFeaturePipeline([sma({ length: 2 })], GOLD, { history: columns, retainBlocks: 8 })
  pipeline.updateRow(columns, 0)
  expect(pipeline.takenTo).toBe(0)
  pipeline.update(eventAt(columns, 1))
  expect(pipeline.vector(unixMs(columns.knownAt[1] ?? 0))).toEqual(Float32Array.of(15))
})

test('bars of other instruments, and bars that come late, change nothing', () => {
  const other = { ...bar(1_500, 99), instrument: TREASURY }
  const late = { ...bar(1_000, 77), knownAt: unixMs(9_000_000) }
  const columns = marketColumns([bar(1_000, 10), other, bar(2_000, 20), late], ROW_INSTRUMENTS)
  const pipeline = pipelineOf([sma({ length: 2, maxAgeMs: null })], columns)
  for (let row = 0; row < 4; row++) pipeline.updateRow(columns, row)
  expect(priceE8(BigInt(columns.bidCloseE8[3] ?? 0))).toBe(priceE8(77_00000000n))
  expect(pipeline.vector(unixMs(9_000_000))).toEqual(Float32Array.of(15))
})

test('of rows in order, a block is taken in at its first', () => {
  const columns = marketColumns(
    Array.from({ length: ROWS }, (_, row) => bar(1_000 * (row + 1), 100)),
    ROW_INSTRUMENTS,
  )
  const pipeline = pipelineOf(builtInIndicators, columns)
  const taken = new Set<number>()
  for (let row = 0; row < ROWS; row++) {
    pipeline.updateRow(columns, row)
    taken.add(pipeline.takenTo)
  }
  expect([...taken]).toEqual([512, 1_024, ROWS])
})
