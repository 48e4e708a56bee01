import fc from 'fast-check'
import { expect, test } from 'vitest'
import { downSample, extremes, mergeIndices } from './downSample.ts'

const column = (...values: number[]) => Float64Array.from(values)

test('of each bucket the point of the largest triangle stays: worked by hand', () => {
  // Six points to four: the buckets are {1, 2} and {3, 4}, the ends stay.
  const x = column(0, 1, 2, 3, 4, 5)
  const y = column(0, 1, 9, 0, 2, 0)
  // First bucket: from (0, 0), mean of the second (3.5, 1). Twice the areas: |−3.5·1 − −1·1| = 2.5 for (1, 1), and
  // |−3.5·9 − −2·1| = 29.5 for (2, 9). Second bucket: from (2, 9), after it (5, 0): |−3·−9 − −1·−9| = 18 for (3, 0),
  // |−3·−7 − −2·−9| = 3 for (4, 2).
  expect([...downSample(x, y, 4)]).toEqual([0, 2, 3, 5])
})

test('no more points than asked for are kept as they are', () => {
  expect([...downSample(column(1, 2, 3), column(5, 5, 5), 3)]).toEqual([0, 1, 2])
  expect([...downSample(column(1), column(5), 3)]).toEqual([0])
  expect([...downSample(column(), column(), 3)]).toEqual([])
})

test('a spike of one point stays', () => {
  const x = Float64Array.from({ length: 10_000 }, (_, i) => i)
  const y = Float64Array.from({ length: 10_000 }, (_, i) => (i === 6_543 ? 100 : Math.sin(i / 500)))
  expect(downSample(x, y, 50)).toContain(6_543)
})

test('indices ascend without repetition from the first point to the last, as many as asked for', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 4, maxLength: 400 }),
      fc.integer({ min: 3, max: 60 }),
      (values, points) => {
        const y = Float64Array.from(values)
        const chosen = downSample(
          y.map((_, i) => i),
          y,
          points,
        )
        expect(chosen).toHaveLength(Math.min(points, y.length))
        expect(chosen[0]).toBe(0)
        expect(chosen.at(-1)).toBe(y.length - 1)
        for (let k = 1; k < chosen.length; k++) expect(chosen[k]!).toBeGreaterThan(chosen[k - 1]!)
      },
    ),
  )
})

test('lists of indices merge, each index once', () => {
  expect([...mergeIndices(6, [0, 3, 5], [3, 1])]).toEqual([0, 1, 3, 5])
})

test('the extremes are the first of equal ones', () => {
  expect(extremes(column(2, 1, 3, 1, 3))).toEqual([1, 2])
})
