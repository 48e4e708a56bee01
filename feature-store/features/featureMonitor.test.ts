import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, seededRandom, unixMs } from '../../core/index.ts'
import { buildFeatureMatrix } from './buildFeatureMatrix.ts'
import { builtInFeatures } from './builtin/builtInFeatures.ts'
import { createFeatureMonitor, populationStability } from './featureMonitor.ts'
import { createFeaturePipeline } from './featurePipeline.ts'
import { binOf, featureReference } from './featureReference.ts'
import { randomStream } from './randomStream.conformance.ts'
import { GOLD } from './sampleEvents.conformance.ts'

const NAN = Number.NaN
const column = (values: readonly number[]) =>
  featureReference({ names: ['x'], rows: values.length, columns: 1, values: Float32Array.from(values) })
const one = (values: readonly number[]) => column(values)[0]!
const times = [unixMs(0)]

describe('a reference', () => {
  test('has bins of equal count', () => {
    const { bounds, counts, missing } = one([...Array(100).keys(), NAN, NAN])
    expect([...bounds]).toEqual([9, 19, 29, 39, 49, 59, 69, 79, 89])
    expect(counts).toEqual(Array(10).fill(10))
    expect(missing).toBe(2)
  })

  test.each([0, 1, -1, 1e-30, -2.5])('gives a value that fills several bins its own: %d', value => {
    const { bounds, counts } = one([
      ...Array(50).fill(value),
      ...Array(20).fill(value + 1),
      ...Array(20).fill(value - 1),
    ])
    const around = [value - 0.5, value, value + 0.5].map(each => binOf(bounds, Math.fround(each)))
    expect(new Set(around).size).toBe(3)
    expect(counts[around[1]!]).toBe(50)
  })

  test('counts every value once, in the bin that a watched one falls into', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0, 1, NAN)),
        ),
        fc.integer({ min: 2, max: 12 }),
        (values, bins) => {
          const present = values.filter(value => !Number.isNaN(value)).map(Math.fround)
          const [reference] = featureReference(
            { names: ['x'], rows: values.length, columns: 1, values: Float32Array.from(values) },
            { bins },
          )
          const { bounds, counts, missing } = reference!
          expect([...bounds]).toEqual([...new Set(bounds)].sort((a, b) => a - b))
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(present.length)
          expect(missing).toBe(values.length - present.length)
          counts.forEach((count, bin) => {
            const low = bin === 0 ? Number.NEGATIVE_INFINITY : bounds[bin - 1]!
            const high = bounds[bin] ?? Number.POSITIVE_INFINITY
            expect(count).toBe(present.filter(value => value > low && value <= high).length)
          })
        },
      ),
    ))
})

describe('the population stability index', () => {
  test('is its formula', () => {
    const reference = [10, 20, 9]
    const [m, n] = [39 + 1.5, 10 + 1.5]
    const expected = [5, 0, 5].reduce((sum, count, bin) => {
      const e = (reference[bin]! + 0.5) / m
      const a = (count + 0.5) / n
      return sum + (a - e) * Math.log(a / e)
    }, 0)
    expect(populationStability(reference, [5, 0, 5])).toBeCloseTo(expected, 12)
  })

  test('is 0 for equal shares, and finite and positive else', () => {
    expect(populationStability([7, 7, 7], [7, 7, 7])).toBe(0)
    expect(populationStability([100, 0], [0, 100])).toBeGreaterThan(5)
    expect(populationStability([100, 0], [0, 100])).toBeLessThan(20)
  })
})

describe('a monitor', () => {
  const random = seededRandom(1)
  const normal = () => Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6)
  const reference = column(Array.from({ length: 5_000 }, normal))
  const drifted = (draw: () => number, window = 500) => {
    const monitor = createFeatureMonitor({ names: ['x'], reference, window })
    for (let i = 0; i < 1_500; i++) monitor.observe(Float32Array.of(draw()), times)
    return monitor.report(unixMs(0))[0]?.drift ?? NAN
  }

  test('tells a feature that moved, widened or froze from one that did not', () => {
    expect(drifted(normal)).toBeLessThan(0.1)
    expect(drifted(() => normal() + 1)).toBeGreaterThan(0.25)
    expect(drifted(() => 2 * normal())).toBeGreaterThan(0.25)
    expect(drifted(() => 0.3)).toBeGreaterThan(0.25)
  })

  test('has the index that chance alone gives, about (bins − 1)(1/n + 1/m)', () => {
    const found = Array.from({ length: 40 }, () => drifted(normal))
    const mean = found.reduce((sum, value) => sum + value, 0) / found.length
    const expected = 9 * (1 / 500 + 1 / 5_000)
    expect(mean).toBeGreaterThan(expected / 2)
    expect(mean).toBeLessThan(expected * 2)
  })

  test('looks back on its window and no further', () =>
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(-2, -1, 0, 0.5, 1, 3, NAN), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 200 }),
        (values, window) => {
          const whole = createFeatureMonitor({ names: ['x'], reference, window })
          const recent = createFeatureMonitor({ names: ['x'], reference, window })
          for (const value of values) whole.observe(Float32Array.of(value), times)
          for (const value of values.slice(-window)) recent.observe(Float32Array.of(value), times)
          expect(whole.report(unixMs(9))).toEqual(recent.report(unixMs(9)))
          const last = values.slice(-window)
          expect(whole.report(unixMs(9))[0]?.missing).toBe(
            last.filter(value => Number.isNaN(value)).length / last.length,
          )
        },
      ),
    ))

  test('says nothing of drift while there are too few values, or nothing to compare with', () => {
    const monitor = createFeatureMonitor({ names: ['x'], reference })
    for (let i = 0; i < 99; i++) monitor.observe(Float32Array.of(1), times)
    expect(monitor.report(unixMs(0))[0]?.drift).toBeNull()
    monitor.observe(Float32Array.of(1), times)
    expect(monitor.report(unixMs(0))[0]?.drift).toBeGreaterThan(0)
    const without = createFeatureMonitor({ names: ['x'], reference: null })
    expect(without.report(unixMs(5))).toEqual([
      { name: 'x', ageMs: null, missing: null, referenceMissing: null, drift: null },
    ])
    without.observe(Float32Array.of(NAN), [unixMs(2)])
    expect(without.report(unixMs(5))).toEqual([
      { name: 'x', ageMs: 3, missing: 1, referenceMissing: null, drift: null },
    ])
    const empty = createFeatureMonitor({ names: ['x'], reference: column([NAN, NAN]) })
    for (let i = 0; i < 99; i++) empty.observe(Float32Array.of(1), times)
    expect(empty.report(unixMs(0))[0]).toMatchObject({ referenceMissing: 1, drift: null, missing: 0 })
  })

  test('watches a pipeline: ages are of what the newest inputs describe', async () => {
    const events = randomStream(8, 4_000)
    const options = { features: builtInFeatures, instrument: GOLD, everyMs: 10 * MINUTE_MS }
    const matrix = await buildFeatureMatrix({ ...options, events })
    const monitor = createFeatureMonitor({
      names: matrix.names,
      reference: featureReference(matrix),
      window: 300,
    })
    const pipeline = createFeaturePipeline(builtInFeatures, GOLD)
    let nowMs = unixMs(0)
    for (const event of events) {
      pipeline.update(event)
      nowMs = event.knownAt
      monitor.observe(pipeline.vector(nowMs), pipeline.inputTimes())
    }
    const health = monitor.report(unixMs(nowMs + HOUR_MS))
    expect(health.map(({ name }) => name)).toEqual(matrix.names)
    for (const { name, ageMs, missing } of health) {
      expect([name, missing !== null && missing >= 0 && missing <= 1]).toEqual([name, true])
      const { inputs } = builtInFeatures.find(feature => feature.name === name)!
      const newest = events
        .filter(({ value }) => inputs.includes(value.type))
        .map(({ value, validAt }) => (value.type === 'bar' ? value.closeMs : validAt))
        .reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
      expect([name, ageMs]).toEqual([name, inputs.length === 0 ? null : nowMs + HOUR_MS - newest])
    }
  })

  test('refuses what does not fit', () => {
    expect(() => createFeatureMonitor({ names: ['y'], reference })).toThrow(
      'The reference has x for feature 0, which is y.',
    )
    expect(() => createFeatureMonitor({ names: [], reference })).toThrow(
      'The reference has x for feature 0, which is not there.',
    )
    expect(() => createFeatureMonitor({ names: ['x'], reference, window: 0 })).toThrow('A window of 0')
    const monitor = createFeatureMonitor({ names: ['x'], reference })
    expect(() => monitor.observe(new Float32Array(2), times)).toThrow('A vector of 2 features')
    expect(() =>
      featureReference({ names: [], rows: 0, columns: 0, values: new Float32Array() }, { bins: 1 }),
    ).toThrow('A distribution in 1 bins')
  })
})
