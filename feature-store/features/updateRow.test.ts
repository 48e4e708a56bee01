import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import {
  eventAt,
  IntegrityError,
  type MarketColumns,
  type MarketEvent,
  marketColumns,
  positionOf,
  type Random,
  seededRandom,
  unixMs,
} from '../../core/index.ts'
import { builtInFeatures } from './builtin/builtInFeatures.ts'
import { shortFeatures } from './builtin/shortFeatures.conformance.ts'
import { defineFeature, type FeatureDefinition } from './defineFeature.ts'
import { createFeaturePipeline, type FeaturePipeline } from './featurePipeline.ts'
import { sma } from './indicators/sma.ts'
import { packFeatures } from './packFeatures.ts'
import { reorganisedStream } from './reorganisedStream.conformance.ts'
import { columnsWithoutBars, ROW_INSTRUMENTS, rowStream } from './rowStream.conformance.ts'
import { bar, clock, event, GOLD, swap, TREASURY } from './sampleEvents.conformance.ts'

const allFeatures = [
  ...new Map([...builtInFeatures, ...shortFeatures].map(feature => [feature.name, feature])).values(),
]

/** The two ways in which columns hold events; bars that they hold whole have the volumes that doubles can. */
const columnKinds: readonly (readonly [string, (events: readonly MarketEvent[]) => MarketColumns])[] = [
  ['columns of events', events => marketColumns(events, ROW_INSTRUMENTS)],
  ['columns whose bars have no event', columnsWithoutBars],
]

describe.each(columnKinds)('with %s', (_kind, columnsOf) => {
  test.each(allFeatures.map(feature => [feature.name, feature] as const))(
    '%s has the same double after every row as after every event',
    (_name, feature) => {
      fc.assert(
        fc.property(fc.nat(), seed => {
          const random = seededRandom(seed)
          const columns = columnsOf(rowStream(random, 300))
          const context = { instrument: GOLD }
          const [byEvent, byRow] = [feature.init(context), feature.init(context)]
          for (let row = 0; row < columns.length; row++) {
            const each = eventAt(columns, row)
            if (!takesIn(feature, each)) continue
            feature.update(byEvent, each, context)
            if (feature.updateRow !== null && columns.kind[row] !== 0)
              feature.updateRow(byRow, columns, row, context)
            else feature.update(byRow, each, context)
            // Reading may group sums anew, so both are read or neither.
            if (random() < 0.5) continue
            expect(feature.value(byRow, each.knownAt)).toBe(feature.value(byEvent, each.knownAt))
          }
        }),
        { numRuns: 15 },
      )
    },
  )

  test.each([
    ['rows', () => true],
    ['rows and events in turn', (random: Random) => random() < 0.5],
  ])('a pipeline fed with %s is to the last bit one fed with events', (_how, isRow) => {
    fc.assert(
      fc.property(fc.nat(), seed => {
        const random = seededRandom(seed)
        const columns = columnsOf(rowStream(random, 400))
        const target = new Float32Array(allFeatures.length)
        const [live, expected] = [pipelineOf(allFeatures), pipelineOf(allFeatures)]
        for (let row = 0; row < columns.length; row++) {
          const each = eventAt(columns, row)
          expected.update(each)
          if (isRow(random)) live.updateRow(columns, row)
          else live.update(each)
          if (random() < 0.3)
            expect(packFeatures(live.vector(each.knownAt, target))).toBe(
              packFeatures(expected.vector(each.knownAt)),
            )
          if (random() < 0.1) expect(live.lastPriced()).toEqual(expected.lastPriced())
          expect(live.inputTimes()).toEqual(expected.inputTimes())
        }
        expect(live.lastPriced()).toEqual(expected.lastPriced())
      }),
      { numRuns: 30 },
    )
  })
})

test('rows come from several columns in turn', () => {
  fc.assert(
    fc.property(fc.nat(), seed => {
      const events = rowStream(seededRandom(seed), 200)
      const [live, expected] = [pipelineOf(allFeatures), pipelineOf(allFeatures)]
      // Instruments and sources have other numbers in each.
      const parts = [
        marketColumns(events, ROW_INSTRUMENTS),
        marketColumns(events.toReversed(), [GOLD.id, TREASURY]),
      ]
      for (const [index, each] of events.entries()) {
        expected.update(each)
        const part = parts[index % 2]
        if (part === undefined) throw new Error('There are two parts.')
        live.updateRow(part, index % 2 === 0 ? index : events.length - 1 - index)
        expect(packFeatures(live.vector(each.knownAt))).toBe(packFeatures(expected.vector(each.knownAt)))
      }
    }),
    { numRuns: 20 },
  )
})

test('after withdrawals rows give what events give', () => {
  fc.assert(
    fc.property(fc.nat(), seed => {
      const random = seededRandom(seed)
      const events = reorganisedStream(random, 400).map(({ event: each }) => each)
      const columns = marketColumns(events, ROW_INSTRUMENTS)
      const options = { retainBlocks: 64 }
      const live = createFeaturePipeline(allFeatures, GOLD, options)
      const expected = createFeaturePipeline(allFeatures, GOLD, options)
      for (const [row, each] of events.entries()) {
        expected.update(each)
        live.updateRow(columns, row)
        if (random() < 0.2)
          expect(packFeatures(live.vector(each.knownAt))).toBe(packFeatures(expected.vector(each.knownAt)))
      }
      expect(live.lastPriced()).toEqual(expected.lastPriced())
      expect(live.inputTimes()).toEqual(expected.inputTimes())
    }),
    { numRuns: 15 },
  )
})

test('a withdrawal is refused where nothing is retained', () => {
  const withdrawn = reorganisedStream(seededRandom(3), 600).map(({ event: each }) => each)
  const columns = marketColumns(withdrawn, ROW_INSTRUMENTS)
  const pipeline = pipelineOf([])
  const row = withdrawn.findIndex(({ value }) => value.type === 'withdrawal')
  expect(() => pipeline.updateRow(columns, row)).toThrow('keep nothing to go back to')
})

describe('order', () => {
  const places = fc.record({
    knownAt: fc.nat(2),
    feed: fc.constantFrom('a', 'b'),
    sequence: fc.nat(2),
    isBar: fc.boolean(),
    isRow: fc.boolean(),
    asksFor: fc.option(fc.nat(3), { freq: 4 }),
  })

  test('rows and events are refused alike, with one message', () => {
    fc.assert(
      fc.property(fc.array(places, { minLength: 2, maxLength: 8 }), steps => {
        const events = steps.map(({ knownAt, feed, sequence, isBar }): MarketEvent => {
          const { value } = isBar ? bar(knownAt, 100) : clock(knownAt)
          return { ...event(knownAt, value), lineage: { kind: 'feed', feed, sequence } }
        })
        const columns = columnsWithoutBars(events)
        const [live, expected] = [pipelineOf([]), pipelineOf([])]
        for (const [row, { isRow, asksFor }] of steps.entries()) {
          const each = eventAt(columns, row)
          const takeIn = () => (isRow ? live.updateRow(columns, row) : live.update(each))
          expect(messageOf(takeIn)).toBe(messageOf(() => expected.update(each)))
          if (asksFor === null) continue
          const [a, b] = [live, expected].map(pipeline =>
            messageOf(() => void pipeline.vector(unixMs(asksFor))),
          )
          expect(a).toBe(b)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('names both rows', () => {
    const events = [bar(2_000, 100), bar(1_000, 100)].map((each, sequence) => ({
      ...each,
      lineage: { kind: 'feed' as const, feed: 'sample', sequence },
    }))
    const columns = columnsWithoutBars(events)
    const pipeline = pipelineOf([])
    pipeline.updateRow(columns, 0)
    expect(() => pipeline.updateRow(columns, 1)).toThrow(IntegrityError)
    expect(() => pipeline.updateRow(columns, 1)).toThrow(
      'The event sample 1/0, known 1970-01-01T00:00:01Z was fed after sample 0/0, known 1970-01-01T00:00:02Z, which is not before it in the total order.',
    )
  })
})

describe('a feature', () => {
  const counter = (facts: Pick<FeatureDefinition, 'name' | 'scope'>, seen: (each: MarketEvent) => void) =>
    defineFeature({
      ...facts,
      version: 1,
      unit: 'events',
      description: 'Events received',
      inputs: ['bar', 'swap'],
      init: () => null,
      update: (_state, each) => seen(each),
      value: () => null,
    })

  test('that does not read rows gets the event of each, made once', () => {
    const columns = columnsWithoutBars([bar(1, 100), swap(2), clock(3)])
    const [first, second] = [vi.fn(), vi.fn()]
    const pipeline = pipelineOf([
      counter({ name: 'first', scope: 'traded' }, first),
      counter({ name: 'second', scope: 'traded' }, second),
    ])
    for (let row = 0; row < 3; row++) pipeline.updateRow(columns, row)
    expect(first.mock.calls).toEqual([[eventAt(columns, 0)], [eventAt(columns, 1)]])
    expect(second.mock.calls[0]?.[0]).toBe(first.mock.calls[0]?.[0])
  })

  test('of any scope gets the rows of other instruments, and one of the traded scope does not', () => {
    const columns = columnsWithoutBars([swap(1, {}, { instrument: TREASURY }), swap(2)])
    const [any, traded] = [vi.fn(), vi.fn()]
    const pipeline = pipelineOf([
      counter({ name: 'any', scope: 'any' }, any),
      counter({ name: 'traded', scope: 'traded' }, traded),
    ])
    for (let row = 0; row < 2; row++) pipeline.updateRow(columns, row)
    expect([any.mock.calls.length, traded.mock.calls.length]).toEqual([2, 1])
    expect(pipeline.lastPriced()).toEqual(eventAt(columns, 1))
  })

  test('that reads rows costs no event', () => {
    const bars = Array.from({ length: 30 }, (_, minute) => bar(minute * 60_000, 100 + minute))
    const whole = columnsWithoutBars(bars)
    const lookedAt = vi.fn()
    const columns: MarketColumns = { ...whole, events: new Proxy(whole.events, { get: lookedAt }) }
    const pipeline = pipelineOf([sma({ length: 10 })])
    for (let row = 0; row < 30; row++) pipeline.updateRow(columns, row)
    expect(lookedAt).not.toHaveBeenCalled()
    expect(pipeline.vector(bars[29]!.knownAt)).toEqual(Float32Array.of(124.5))
  })
})

test('a pipeline without the traded instrument in the columns takes rows for those of others', () => {
  const columns = marketColumns([swap(1, {}, { instrument: TREASURY })], [TREASURY])
  const pipeline = pipelineOf(allFeatures)
  pipeline.updateRow(columns, 0)
  expect(pipeline.lastPriced()).toBeNull()
  expect(new Set(pipeline.inputTimes())).toEqual(new Set([null]))
})

test('the stream has what it is to test', () => {
  const events = rowStream(seededRandom(1), 4_000)
  const types = new Set(events.map(({ value }) => value.type))
  for (const type of ['bar', 'quote', 'trade', 'swap', 'nav', 'yieldCurve', 'clock'] as const)
    expect(types).toContain(type)
  expect(new Set(events.map(({ instrument }) => instrument))).toEqual(new Set(ROW_INSTRUMENTS))
  const together = events.filter((each, i) => {
    const before = events[i - 1]
    if (before?.knownAt !== each.knownAt) return false
    return positionOf(before).source !== positionOf(each).source
  })
  expect(together.length).toBeGreaterThan(100)
  const bars = events.flatMap(({ value, knownAt }) => (value.type === 'bar' ? [{ ...value, knownAt }] : []))
  expect(bars.some(({ closeMs, knownAt }) => closeMs < knownAt)).toBe(true)
  expect(bars.some(({ volumeE8 = 0n }) => volumeE8 > 2n ** 53n)).toBe(true)
  expect(bars.some(({ bid, ask }) => (bid.close + ask.close) % 2n === 1n)).toBe(true)
})

const pipelineOf = (features: readonly FeatureDefinition[]): FeaturePipeline =>
  createFeaturePipeline(features, GOLD)

const takesIn = ({ inputs, scope }: FeatureDefinition, { value, instrument }: MarketEvent): boolean =>
  inputs.includes(value.type) && (scope === 'any' || instrument === GOLD.id)

function messageOf(action: () => void): string | null {
  try {
    action()
    return null
  } catch (error) {
    return String(error)
  }
}
