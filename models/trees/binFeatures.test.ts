import fc from 'fast-check'
import { expect, test } from 'vitest'
import { binOf, featureEdges, MAXIMUM_EDGES } from './binFeatures.ts'

const value = fc.float({ noNaN: true, noDefaultInfinity: true })

test('edges are ascending, at most 254, and part all distinct values where they are few', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 600 }), values => {
      const edges = featureEdges(Float32Array.from(values))
      expect(edges.length).toBeLessThanOrEqual(MAXIMUM_EDGES)
      expect([...edges]).toEqual([...new Set(edges)].toSorted((a, b) => a - b))
      const distinct = new Set(values.map(one => one + 0))
      if (distinct.size <= MAXIMUM_EDGES + 1)
        expect(new Set([...distinct].map(one => binOf(edges, one))).size).toBe(distinct.size)
    }),
    { seed: 21 },
  )
})

test('a bin is 0 for a missing value, else 1 + how many edges are below it', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 300 }), fc.float(), (values, one) => {
      const edges = featureEdges(Float32Array.from(values))
      const below = edges.filter(edge => edge < one).length
      expect(binOf(edges, one)).toBe(Number.isNaN(one) ? 0 : 1 + below)
    }),
    { seed: 22 },
  )
})

test('bins of many values hold about equally many', () => {
  const values = Float32Array.from({ length: 100_000 }, (_, place) => ((place * 7_919) % 100_003) ** 2)
  const edges = featureEdges(values)
  expect(edges).toHaveLength(MAXIMUM_EDGES)
  const counts = new Float64Array(256)
  for (const one of values) counts[binOf(edges, one)] = (counts[binOf(edges, one)] ?? 0) + 1
  expect(counts[0]).toBe(0)
  for (const count of counts.subarray(1)) expect(Math.abs(count - 100_000 / 255)).toBeLessThan(8)
})

test('an edge lies halfway between its neighbours, and below the upper one however near they are', () => {
  expect(featureEdges(Float32Array.of(3, 1, 1, 2))).toEqual(Float32Array.of(1.5, 2.5))
  const next = 1 + 2 ** -23
  expect(featureEdges(Float32Array.of(1, next))).toEqual(Float32Array.of(1))
  expect(featureEdges(Float32Array.of(-3e38, 3e38))).toEqual(Float32Array.of(0))
})

test('a value that takes up most of the rows takes one edge, and the others share the rest', () => {
  const values = Float32Array.from({ length: 10_000 }, (_, place) => (place < 9_000 ? 0 : place))
  const edges = featureEdges(values)
  expect(edges.length).toBeGreaterThan(20)
  expect(edges.filter(edge => edge < 9_000).length).toBe(1)
})

test('missing and infinite values make no edges, and infinite ones lie in the outermost bins', () => {
  const edges = featureEdges(Float32Array.of(Number.NaN, -Infinity, 1, 2, Infinity))
  expect(edges).toEqual(Float32Array.of(1.5))
  expect([-Infinity, Infinity, Number.NaN].map(one => binOf(edges, one))).toEqual([1, 2, 0])
  expect(featureEdges(Float32Array.of(Number.NaN))).toHaveLength(0)
})
