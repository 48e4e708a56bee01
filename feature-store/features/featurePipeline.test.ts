import { describe, expect, test } from 'vitest'
import { IntegrityError, instrumentId, unixMs } from '../../core/index.ts'
import { defineFeature, type FeatureFacts } from './defineFeature.ts'
import { createFeaturePipeline } from './featurePipeline.ts'
import { featureSetHash } from './featureSetHash.ts'
import { bar, clock, event, GOLD, swap } from './sampleEvents.conformance.ts'

/** Counts the events it receives. */
const counter = (facts: Partial<FeatureFacts> = {}) =>
  defineFeature({
    name: 'counter',
    version: 1,
    unit: 'events',
    description: 'Events received',
    inputs: ['swap'],
    init: () => ({ count: 0 }),
    update(state) {
      state.count += 1
    },
    value: ({ count }) => count,
    ...facts,
  })

const constant = (name: string, value: number | null) =>
  defineFeature({
    name,
    version: 1,
    unit: '1',
    description: name,
    inputs: [],
    init: () => null,
    update: () => {},
    value: () => value,
  })

describe('createFeaturePipeline', () => {
  test('dispatches by type and scope', () => {
    const pipeline = createFeaturePipeline(
      [
        counter(),
        counter({ name: 'any', scope: 'any' }),
        counter({ name: 'bars', inputs: ['bar'] }),
        counter({ name: 'both', inputs: ['bar', 'swap', 'swap'] }),
      ],
      GOLD,
    )
    pipeline.update(swap(1))
    pipeline.update(swap(2, {}, { instrument: instrumentId('sample:OTHER') }))
    pipeline.update(bar(3, 100))
    pipeline.update(clock(4))
    expect([...pipeline.vector(unixMs(4))]).toEqual([1, 2, 1, 2])
    expect(pipeline.names).toEqual(['counter', 'any', 'bars', 'both'])
  })

  test('names its features by their hash, and refuses two of one name', () => {
    expect(createFeaturePipeline([counter()], GOLD).featureSet).toBe(featureSetHash([counter()]))
    expect(() => createFeaturePipeline([counter(), counter()], GOLD)).toThrow('two features named "counter"')
  })

  test('gives NaN for null, for what is not finite in binary32, and one zero', () => {
    const values = [null, Number.NaN, Number.POSITIVE_INFINITY, 1e39, -1e39, -0, 0.1]
    const pipeline = createFeaturePipeline(
      values.map((value, i) => constant(`constant_${i}`, value)),
      GOLD,
    )
    expect([...pipeline.vector(unixMs(0))]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      0,
      Math.fround(0.1),
    ])
  })

  test('gives NaN past the maximum age of what the newest input describes, never a stale value', () => {
    const pipeline = createFeaturePipeline([counter({ maxAgeMs: 10 })], GOLD)
    expect(pipeline.vector(unixMs(0))[0]).toBeNaN()
    pipeline.update(swap(105, {}, { validAt: 100 }))
    pipeline.update(swap(106, {}, { validAt: 90 }))
    expect(pipeline.vector(unixMs(110))[0]).toBe(2)
    expect(pipeline.vector(unixMs(111))[0]).toBeNaN()
  })

  test('counts the age of a bar from its close', () => {
    const pipeline = createFeaturePipeline([counter({ inputs: ['bar'], maxAgeMs: 10 })], GOLD)
    pipeline.update(bar(3_600_000, 100, 0, 3_600_000))
    expect(pipeline.vector(unixMs(3_600_010))[0]).toBe(1)
  })

  test('gives each run its own state', () => {
    const feature = counter()
    const [first, second] = [createFeaturePipeline([feature], GOLD), createFeaturePipeline([feature], GOLD)]
    first.update(swap(1))
    expect([first.vector(unixMs(1))[0], second.vector(unixMs(1))[0]]).toEqual([1, 0])
  })

  test('writes into a target of its own length', () => {
    const pipeline = createFeaturePipeline([counter()], GOLD)
    const target = new Float32Array(1).fill(9)
    expect(pipeline.vector(unixMs(0), target)).toBe(target)
    expect([...target]).toEqual([0])
    expect(() => pipeline.vector(unixMs(0), new Float32Array(2))).toThrow(
      'The target has room for 2 features; the pipeline has 1.',
    )
  })

  test('gives vectors that later events leave alone', () => {
    const pipeline = createFeaturePipeline([counter()], GOLD)
    const before = pipeline.vector(unixMs(0))
    pipeline.update(swap(1))
    expect([...before]).toEqual([0])
  })
})

describe('order', () => {
  const at = (timeMs: number, sequence: number) => event(timeMs, { type: 'clock' }, { sequence })

  test.each([
    ['an earlier time', at(10, 0), at(9, 1)],
    ['an earlier position at one time', at(10, 5), at(10, 4)],
    ['the same event again', at(10, 5), at(10, 5)],
  ])('refuses %s', (_what, first, second) => {
    const pipeline = createFeaturePipeline([counter()], GOLD)
    pipeline.update(first)
    expect(() => pipeline.update(second)).toThrow(IntegrityError)
  })

  test('names both events', () => {
    const pipeline = createFeaturePipeline([counter()], GOLD)
    pipeline.update(at(2_000, 7))
    expect(() => pipeline.update(at(1_000, 8))).toThrow(
      'The event sample 8/0, known 1970-01-01T00:00:01Z was fed after sample 7/0, known 1970-01-01T00:00:02Z, which is not before it in the total order.',
    )
  })

  test('refuses a vector of the past, and an event from before a vector', () => {
    const pipeline = createFeaturePipeline([counter()], GOLD)
    pipeline.update(at(10, 0))
    expect(() => pipeline.vector(unixMs(9))).toThrow(
      'asked for 9, but the pipeline has seen an event known at 10',
    )
    pipeline.vector(unixMs(20))
    expect(() => pipeline.update(at(15, 1))).toThrow('fed after the feature vector of 20 was given')
    pipeline.update(at(20, 2))
  })
})
