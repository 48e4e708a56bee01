import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AsOfSeries } from './asOfSeries.ts'
import { QueueSum } from './queueSum.ts'
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
