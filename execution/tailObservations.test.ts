import { describe, expect, test } from 'vitest'
import { MINUTE_MS, type StoredObservation, unixMs } from '../core/index.ts'
import { createArrivals, tailObservations } from './index.ts'
import { collect, memoryObservations, storedObservations } from './test/memoryStore.ts'
import { CURVE, GOLD, randomBars, START_MS } from './test/syntheticMarket.ts'

const rows = storedObservations(randomBars(25, MINUTE_MS))
const instruments = [GOLD.id]

describe('a tail', () => {
  test('pages through what is stored, in order, and ends when the sources are finished', async () => {
    const arrivals = createArrivals()
    arrivals.finish()
    for (const pageSize of [1, 5, 7, 25, 100]) {
      const tail = tailObservations({
        store: memoryObservations(rows.toReversed()),
        instruments,
        notified: arrivals.notified,
        finished: () => arrivals.finished,
        pageSize,
      })
      expect(await collect(tail)).toEqual(rows)
    }
  })

  test('yields rows that come while it reads or waits, and none twice', async () => {
    const stored = rows.slice(0, 3)
    const arrivals = createArrivals()
    const seen: StoredObservation[] = []
    const tail = tailObservations({
      store: memoryObservations(stored),
      instruments: [GOLD.id, CURVE],
      notified: arrivals.notified,
      finished: () => arrivals.finished,
      pageSize: 4,
    })
    const reader = (async () => {
      for await (const row of tail) seen.push(row)
    })()
    for (const row of rows.slice(3)) {
      if (stored.length % 3 === 0) await new Promise(resolve => setTimeout(resolve, 2))
      stored.push(row)
      arrivals.notify()
    }
    arrivals.finish()
    await reader
    expect(seen).toEqual(rows)
  })

  test('ends at once when aborted, also while it waits', async () => {
    const stop = new AbortController()
    const waiting = tailObservations({
      store: memoryObservations(rows),
      instruments,
      notified: createArrivals().notified,
      signal: stop.signal,
    })
    const all = collect(waiting)
    setTimeout(() => stop.abort(), 10)
    expect(await all).toHaveLength(rows.length)
    const never = tailObservations({
      store: memoryObservations(rows),
      instruments,
      notified: () => new Promise(() => {}),
      signal: stop.signal,
    })
    expect(await collect(never)).toEqual([])
  })

  test('holds back what is known later than every source is complete', async () => {
    const arrivals = createArrivals()
    let complete = START_MS + 10 * MINUTE_MS
    const seen: StoredObservation[] = []
    const tail = tailObservations({
      store: memoryObservations(rows),
      instruments,
      notified: arrivals.notified,
      finished: () => arrivals.finished,
      completeUntil: () => unixMs(complete),
    })
    const reader = (async () => {
      for await (const row of tail) seen.push(row)
    })()
    await new Promise(resolve => setTimeout(resolve, 5))
    expect(seen).toEqual(rows.slice(0, 10))
    complete = START_MS + 15 * MINUTE_MS
    arrivals.notify()
    await new Promise(resolve => setTimeout(resolve, 5))
    expect(seen).toEqual(rows.slice(0, 15))
    arrivals.finish()
    await reader
    expect(seen).toEqual(rows)
  })
})
