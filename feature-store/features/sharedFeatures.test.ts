import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type MarketColumns, type MarketEvent, marketColumns, seededRandom } from '../../core/index.ts'
import { shortFeatures } from './builtin/shortFeatures.conformance.ts'
import { defineFeature, type FeatureDefinition } from './defineFeature.ts'
import { createFeaturePipeline } from './featurePipeline.ts'
import { builtInIndicators } from './indicators/builtInIndicators.ts'
import { sma } from './indicators/sma.ts'
import { packFeatures } from './packFeatures.ts'
import { columnsWithoutBars, ROW_INSTRUMENTS, rowStream } from './rowStream.conformance.ts'
import { bar, GOLD } from './sampleEvents.conformance.ts'
import { createFeatureMemory, openSharedFeatures, type SharedFeatures } from './sharedFeatures.ts'

/** Rows of several blocks. */
const ROWS = 1_300
const all = [...builtInIndicators, ...shortFeatures]

/** What a pipeline says at every row, to the last bit. */
function told(
  features: readonly FeatureDefinition[],
  columns: MarketColumns,
  shared?: SharedFeatures,
): unknown[] {
  const pipeline = createFeaturePipeline(features, GOLD, { history: columns, shared })
  const vector = new Float32Array(features.length)
  return Array.from({ length: columns.length }, (_, row) => {
    if (row >= pipeline.takenTo) pipeline.updateRow(columns, row)
    pipeline.vectorAt(columns, row, vector)
    return [packFeatures(vector), pipeline.inputTimes()]
  })
}

const risingBars = (count: number, first = 100): MarketEvent[] =>
  Array.from({ length: count }, (_, row) => bar(60_000 * (row + 1), first + (row % 7)))

test.each([
  ['every feature and indicator, among events of every kind', all],
  ['indicators alone', builtInIndicators],
])('no vector is another for being shared: %s', (_, features) => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (seed, bytes) => {
      const events = rowStream(seededRandom(seed), ROWS)
      const columns = columnsWithoutBars(events)
      const alone = told(features, columns)
      // Room for all, and for some.
      for (const room of [2 ** 20, bytes % 80_000]) {
        const memory = createFeatureMemory(room)
        const [one, other] = [openSharedFeatures(memory), openSharedFeatures(memory)]
        expect(told(features, columns, one)).toEqual(alone)
        expect(told(features, columns, one)).toEqual(alone)
        // As another thread has them: the same content in other arrays.
        expect(told(features, columnsWithoutBars(events), other)).toEqual(alone)
      }
    }),
    { numRuns: 4, seed: 3 },
  )
})

test('a column is computed once, for all that open the memory', () => {
  const memory = createFeatureMemory(2 ** 16)
  const events = risingBars(700)
  const [first, again] = [1, 2].map(() =>
    openSharedFeatures(memory).columnOf(sma({ length: 3 }), GOLD, marketColumns(events, ROW_INSTRUMENTS)),
  )
  expect(first?.length).toBe(700)
  expect(again?.byteOffset).toBe(first?.byteOffset)
  expect(again?.buffer).toBe(memory)
})

test('another parameter, instrument, or history has another column', () => {
  const shared = openSharedFeatures(createFeatureMemory(2 ** 18))
  const events = risingBars(600)
  const columns = marketColumns(events, ROW_INSTRUMENTS)
  const poisoned = marketColumns(events, ROW_INSTRUMENTS)
  poisoned.bidCloseE8[599] = 5e8
  const offsets = [
    shared.columnOf(sma({ length: 3 }), GOLD, columns),
    shared.columnOf(sma({ length: 4 }), GOLD, columns),
    shared.columnOf(sma({ length: 3, maxAgeMs: 1 }), GOLD, columns),
    shared.columnOf(sma({ length: 3 }), { ...GOLD, decimals: GOLD.decimals + 1 }, columns),
    shared.columnOf(sma({ length: 3 }), GOLD, poisoned),
    shared.columnOf(sma({ length: 3 }), GOLD, marketColumns(events.slice(0, 599), ROW_INSTRUMENTS)),
  ].map(column => column?.byteOffset)
  expect(new Set(offsets).size).toBe(6)
  expect(offsets).not.toContain(undefined)
})

test('memory is bounded: what finds no room is not shared', () => {
  const memory = createFeatureMemory(3 * 600 * 4 + 100)
  const shared = openSharedFeatures(memory)
  const columns = marketColumns(risingBars(600), ROW_INSTRUMENTS)
  const given = [2, 3, 4, 5, 6].map(length => shared.columnOf(sma({ length }), GOLD, columns) !== null)
  expect(given).toEqual([true, true, true, false, false])
  // What is there stays.
  expect(shared.columnOf(sma({ length: 3 }), GOLD, columns)).not.toBeNull()
})

test.each([-1, 0.5, Number.NaN, 2 ** 33])('memory of %s bytes is refused', bytes => {
  expect(() => createFeatureMemory(bytes)).toThrow(`${bytes} is no number of bytes for features.`)
})

/** The close of a bar, with whatever is done at each block. */
const closing = (onBlock: (from: number) => void, factor = 1): FeatureDefinition =>
  defineFeature({
    name: 'closing',
    version: 1,
    unit: 'quote',
    description: 'Close of the newest bar',
    inputs: ['bar'],
    init: () => ({ close: Number.NaN }),
    update: (state, event) => {
      state.close = Number(event.value.bid.close) * factor
    },
    updateRows(state, { columns, from, to }, values) {
      onBlock(from)
      for (let row = from; row < to; row++)
        state.close = values[row - from] = (columns.bidCloseE8[row] ?? Number.NaN) * factor
    },
    value: ({ close }) => close,
  })

test('what another thread is computing is not waited for', () => {
  const memory = createFeatureMemory(2 ** 16)
  const columns = marketColumns(risingBars(700), ROW_INSTRUMENTS)
  const meanwhile: (Float32Array | null)[] = []
  const feature = closing(() => {
    meanwhile.push(
      openSharedFeatures(memory).columnOf(
        closing(() => {}),
        GOLD,
        columns,
      ),
    )
  })
  const column = openSharedFeatures(memory).columnOf(feature, GOLD, columns)
  expect(meanwhile).toEqual([null, null])
  expect(openSharedFeatures(memory).columnOf(feature, GOLD, columns)).toEqual(column)
})

test('a run computes the first block alone of what is shared', () => {
  const shared = openSharedFeatures(createFeatureMemory(2 ** 16))
  const columns = marketColumns(risingBars(1_200), ROW_INSTRUMENTS)
  const blocks: number[] = []
  const feature = closing(from => blocks.push(from))
  const alone = told([closing(() => {})], columns)
  expect(told([feature], columns, shared)).toEqual(alone)
  expect(blocks).toEqual([0, 512, 1_024, 0])
  expect(told([feature], columns, shared)).toEqual(alone)
  expect(blocks).toEqual([0, 512, 1_024, 0, 0])
})

test('two features of one name that differ are refused', () => {
  const shared = openSharedFeatures(createFeatureMemory(2 ** 16))
  const columns = marketColumns(risingBars(700), ROW_INSTRUMENTS)
  told([closing(() => {})], columns, shared)
  expect(() => told([closing(() => {}, 2)], columns, shared)).toThrow(
    'Two features "closing" of version 1 differ at row 0 of a history.',
  )
})
