import { expect, test } from 'vitest'
import { HOUR_MS, type MarketEvent } from '../core/index.ts'
import { loadSweepHistory, shareSweepHistory } from './sweepHistory.ts'

const side = (price: bigint) => ({ open: price, high: price + 2n, low: price - 2n, close: price + 1n })

/** Bars with numbers beyond a double, more than one page of them. */
const events = Array.from({ length: 5_001 }, (_, n) => {
  const price = 2n ** 70n + BigInt(n)
  return {
    instrument: `test:${n % 2 === 0 ? 'GOLD' : 'SILVER'}`,
    validAt: n * HOUR_MS,
    knownAt: (n + 1) * HOUR_MS,
    source: 'test:feed',
    lineage: { kind: 'feed', sequence: n, note: n % 3 === 0 ? null : `row ${n}` },
    value: { type: 'bar', openMs: n * HOUR_MS, bid: side(price), ask: side(price + 5n) },
  }
}) as unknown as MarketEvent[]

test('a thread reads the events that were shared, to the last digit and in their order', () => {
  const columns = shareSweepHistory(events)
  expect(loadSweepHistory(columns)).toEqual(events)
  for (const column of Object.values(columns)) expect(column.buffer).toBeInstanceOf(SharedArrayBuffer)
})

test('a history without events is shared, too', () => {
  expect(loadSweepHistory(shareSweepHistory([]))).toEqual([])
})
