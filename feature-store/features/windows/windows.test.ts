import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MovingMean } from '../indicators/movingMean.ts'
import { AsOfSeries } from './asOfSeries.ts'
import { ExactSum } from './exactSum.ts'
import { OrderedSums } from './orderedSums.ts'
import { QueueExtreme } from './queueExtreme.ts'
import { QueueMoments } from './queueMoments.ts'
import { QueueSum } from './queueSum.ts'
import { QueueWeights } from './queueWeights.ts'
import { SortedWindow } from './sortedWindow.ts'
import { WindowSum } from './windowSum.ts'

const LENGTH = 50
/** Entries at rising times, several at one time now and then. */
const entries = fc
  .array(fc.tuple(fc.nat(20), fc.integer({ min: -1_000, max: 1_000 })), { minLength: 1, maxLength: 200 })
  .map(steps => {
    let time = 0
    return steps.map(([step, value]) => {
      time += step
      return { time, value }
    })
  })

describe('against their definition, after every entry and between them', () => {
  test('WindowSum and SortedWindow', () =>
    fc.assert(
      fc.property(entries, fc.nat(5), (list, wait) => {
        const sum = new WindowSum(LENGTH)
        const sorted = new SortedWindow(LENGTH)
        const first = list[0]!.time
        list.forEach(({ time, value }, i) => {
          sum.add(time, value)
          sorted.add(time, value)
          const now = Math.min(time + wait, list[i + 1]?.time ?? Number.POSITIVE_INFINITY)
          const inside = list.slice(0, i + 1).filter(entry => entry.time > now - LENGTH)
          if (now - first < LENGTH) {
            expect([sum.sumAt(now), sum.countAt(now), sorted.at(now)]).toEqual([null, null, null])
            return
          }
          expect(sum.sumAt(now)).toBe(inside.reduce((total, entry) => total + entry.value, 0))
          expect(sum.countAt(now)).toBe(inside.length)
          expect([...sorted.at(now)!]).toEqual(inside.map(entry => entry.value).sort((a, b) => a - b))
        })
      }),
    ))

  test('AsOfSeries', () =>
    fc.assert(
      fc.property(entries, fc.nat(5), (list, wait) => {
        const series = new AsOfSeries(LENGTH)
        list.forEach(({ time, value }, i) => {
          series.add(time, value)
          const now = Math.min(time + wait, list[i + 1]?.time ?? Number.POSITIVE_INFINITY)
          const known = list.slice(0, i + 1).filter(entry => entry.time <= now - LENGTH)
          expect(series.before(now)).toBe(known.at(-1)?.value ?? null)
          expect(series.last).toBe(value)
        })
      }),
    ))
})

test('QueueSum does not drift: a huge value leaves nothing behind', () => {
  const queue = new QueueSum()
  queue.push(0, 1e300)
  for (let i = 1; i <= 1_000; i++) {
    queue.push(i, 0.1)
    if (queue.size > 3) queue.shift()
  }
  expect(queue.sum).toBeCloseTo(0.3, 15)
})

test('windows hold no more room than twice what is in them', () => {
  const windows = [new WindowSum(100), new AsOfSeries(100), new SortedWindow(100)]
  for (let time = 0; time < 50_000; time++) for (const window of windows) window.add(time, time % 7)
  for (const window of windows) expect(window.capacity).toBeLessThanOrEqual(256)
})

describe('of the last so many numbers, against their definition after every one', () => {
  const whole = fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 150 })
  const lengths = fc.integer({ min: 1, max: 12 })
  const lastOf = (values: readonly number[], end: number, length: number) =>
    end + 1 < length ? null : values.slice(end + 1 - length, end + 1)
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

  test('QueueExtreme and QueueWeights', () =>
    fc.assert(
      fc.property(whole, lengths, (values, length) => {
        const [greatest, least] = [new QueueExtreme(length, 'greatest'), new QueueExtreme(length, 'least')]
        const weights = new QueueWeights(length)
        values.forEach((value, end) => {
          const last = lastOf(values, end, length)
          expect([greatest.add(value), least.add(value)].map(found => found + 0)).toEqual(
            last === null
              ? [Number.NaN, Number.NaN]
              : [Math.max(...last), Math.min(...last)].map(found => found + 0),
          )
          expect(weights.add(value)).toEqual(
            last === null ? Number.NaN : sum(last.map((each, place) => each * (place + 1))),
          )
        })
      }),
    ))

  test('QueueMoments, also of numbers far from 0', () =>
    fc.assert(
      fc.property(whole, lengths, fc.constantFrom(0, 1e9), (values, length, offset) => {
        const moments = new QueueMoments(length)
        values.forEach((value, end) => {
          const full = moments.add(value + offset)
          const last = lastOf(values, end, length)
          expect(full).toBe(last !== null)
          if (last === null) return
          const mean = sum(last) / length
          expect(Math.abs(moments.mean - offset - mean)).toBeLessThan(1e-6)
          expect(
            Math.abs(moments.variance - sum(last.map(each => (each - mean) ** 2)) / length),
          ).toBeLessThan(1e-4)
        })
      }),
    ))

  test('OrderedSums', () =>
    fc.assert(
      fc.property(whole, lengths, fc.integer({ min: -21, max: 21 }), (values, length, bound) => {
        const ordered = new OrderedSums(length)
        values.forEach((value, end) => {
          const full = ordered.add(value)
          const last = values.slice(Math.max(0, end + 1 - length), end + 1)
          expect(full).toBe(end + 1 >= length)
          const below = last.filter(each => each < bound)
          expect(ordered.below(bound)).toEqual({ count: below.length, sum: sum(below) })
          expect(ordered.sum).toBe(sum(last))
        })
      }),
    ))

  test('nothing is left of a huge number that has gone', () => {
    const moments = new QueueMoments(3)
    const ordered = new OrderedSums(3)
    const weights = new QueueWeights(3)
    let weighted = Number.NaN
    for (const value of [1e300, 1, 2, 3, 4, 5]) {
      moments.add(value)
      ordered.add(value)
      weighted = weights.add(value)
    }
    expect([moments.mean, ordered.sum, weighted]).toEqual([4, 12, 26])
    expect(moments.variance).toBeCloseTo(2 / 3, 12)
  })
})

test('MovingMean is to the last bit the sum of a QueueSum over its length', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, min: -1e15, max: 1e15 }), { maxLength: 200 }),
      fc.integer({ min: 1, max: 30 }),
      (values, length) => {
        const [mean, queue] = [new MovingMean(length), new QueueSum()]
        values.forEach((value, time) => {
          queue.push(time, value)
          if (queue.size > length) queue.shift()
          // Neither tells a sum of nothing but −0 from 0: prices have one zero.
          expect(mean.add(value) + 0).toBe(queue.size < length ? Number.NaN : queue.sum / length + 0)
        })
      },
    ),
  )
})

test('ExactSum is the sum of integers, rounded once', () => {
  const whole = fc.oneof(
    fc.maxSafeInteger(),
    fc.integer({ min: -3, max: 3 }),
    fc.bigInt(-(10n ** 30n), 10n ** 30n).map(Number),
  )
  fc.assert(
    fc.property(fc.array(whole, { maxLength: 50 }), fc.nat(60), (values, clearedAt) => {
      const sum = new ExactSum()
      let expected = 0n
      for (const [index, value] of values.entries()) {
        if (index === clearedAt) {
          sum.clear()
          expected = 0n
        }
        sum.add(value)
        expected += BigInt(value)
        expect(sum.value + 0).toBe(Number(expected))
      }
    }),
    { numRuns: 500 },
  )
})
