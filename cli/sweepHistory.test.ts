import { expect, test } from 'vitest'
import {
  eventAt,
  HOUR_MS,
  instrumentId,
  type MarketEvent,
  positionAt,
  positionOf,
  priceE8,
  unixMs,
} from '../core/index.ts'
import { loadSweepHistory, shareSweepHistory } from './sweepHistory.ts'

const GOLD = instrumentId('test:GOLD')
const SILVER = instrumentId('test:SILVER')
const side = (price: bigint) => ({
  open: priceE8(price),
  high: priceE8(price + 2n),
  low: priceE8(price - 2n),
  close: priceE8(price + 1n),
})

/** Bars of two instruments, some with a volume, and NAVs beyond a double between them: more than one page of each. */
const events = Array.from({ length: 11_003 }, (_, n): MarketEvent => {
  const lineage = { kind: 'feed', feed: n % 5 === 0 ? 'test:navs' : 'test:bars', sequence: n } as const
  const place = {
    instrument: n % 2 === 0 ? GOLD : SILVER,
    validAt: unixMs(n * HOUR_MS),
    knownAt: unixMs((n + 1) * HOUR_MS),
    lineage,
  }
  if (n % 2 === 0) return { ...place, value: { type: 'nav', navE8: priceE8(2n ** 70n + BigInt(n)) } }
  const price = 2n ** 52n + BigInt(n)
  return {
    ...place,
    value: {
      type: 'bar',
      closeMs: unixMs((n + 1) * HOUR_MS),
      bid: side(price),
      ask: side(price + 5n),
      ...(n % 3 === 0 ? { volumeE8: BigInt(n) } : {}),
    },
  }
})

test('a thread reads the events that were shared, to the last digit and in their order', () => {
  const shared = shareSweepHistory(events, [GOLD, SILVER])
  const columns = loadSweepHistory(shared)
  expect(columns.length).toBe(events.length)
  expect(Array.from(events, (_, row) => eventAt(columns, row))).toEqual(events)
  expect(Array.from(events, (_, row) => positionAt(columns, row))).toEqual(events.map(positionOf))
  // A bar has no object of its own in a thread.
  expect(columns.events.filter(event => event !== null)).toHaveLength(5_502)
  for (const column of Object.values(shared)) expect(column.buffer).toBeInstanceOf(SharedArrayBuffer)
})

test('a history without events is shared, too', () => {
  expect(loadSweepHistory(shareSweepHistory([], [GOLD]))).toMatchObject({ length: 0, events: [] })
})
