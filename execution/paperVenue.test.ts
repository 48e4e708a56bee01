import { describe, expect, test } from 'vitest'
import {
  type Decision,
  E8,
  type MarketEvent,
  MINUTE_MS,
  type Order,
  ppm,
  priceE8,
  quantity,
  unixMs,
  ZERO_HASH,
} from '../core/index.ts'
import { createUnsignedLog } from '../decision-log/index.ts'
import { createPaperVenue, isOrder } from './index.ts'
import { AGENT, restlessAgent } from './test/restlessAgent.ts'
import { barValue, CURVE, eventAt, GOLD, START_MS, swapValue } from './test/syntheticMarket.ts'

const definition = restlessAgent({
  venue: { feePpm: ppm(0.001), halfSpreadPpm: ppm(0.0005), maxPriceAgeMs: 10 * MINUTE_MS },
})

function placed(side: Order['side'], amount = 3_333n) {
  const order: Decision<Order> = {
    agent: AGENT,
    sequence: 0,
    instrument: GOLD.id,
    timeMs: unixMs(START_MS),
    observed: { source: 'test:feed', block: 0, logIndex: 0 },
    featureSet: ZERO_HASH,
    features: '0x',
    model: ZERO_HASH,
    strategy: ZERO_HASH,
    output: { kind: 'order', side, quantity: quantity(amount), referencePriceE8: priceE8(1n) },
    attributions: [],
  }
  const venue = createPaperVenue(definition)
  const logged = createUnsignedLog().record([order]).filter(isOrder)
  expect(logged).toHaveLength(1)
  for (const each of logged) venue.place(each)
  return { venue, logged }
}
const bar = (validAt: number, row = 1): MarketEvent =>
  eventAt(barValue(100n * E8 + 1n, 105n * E8, validAt + MINUTE_MS, 2n * E8), {
    validAt,
    knownAt: validAt + MINUTE_MS,
    row,
  })
const swap = (validAt: number, row = 1): MarketEvent =>
  eventAt(swapValue(100n * E8 + 1n), { validAt, knownAt: validAt + 500, row })

describe('a bar', () => {
  test('that opens with the order fills it at its open: a buy at the ask, a sell at the bid', () => {
    const [bought] = placed('buy').venue.onEvent(bar(START_MS))
    const [sold] = placed('sell').venue.onEvent(bar(START_MS))
    const price = 101n * E8 + 1n
    expect(bought).toEqual({
      kind: 'fill',
      order: 0,
      side: 'buy',
      outcome: 'filled',
      quantity: 3_333n,
      priceE8: price,
      // 3.333 × 101.00000001 × 0.001, rounded up.
      feeE8: (3_333n * price) / 1_000_000n + 1n,
      pricedBy: { source: 'test:feed', block: 1, logIndex: 0 },
    })
    expect(sold).toMatchObject({ side: 'sell', priceE8: 99n * E8 + 1n })
  })

  test('that opened before the order does not fill it', () => {
    const { venue } = placed('buy')
    expect(venue.onEvent(bar(START_MS - 1))).toEqual([])
    expect(venue.onEvent(bar(START_MS + MINUTE_MS, 2))).toHaveLength(1)
  })
})

describe('a swap', () => {
  test('after the order fills it at its price, half a spread worse, rounded against the trader', () => {
    const [bought] = placed('buy').venue.onEvent(swap(START_MS + 1))
    const [sold] = placed('sell').venue.onEvent(swap(START_MS + 1))
    // 100.00000001 × 1.0005 is 100.0500000100…, and × 0.9995 is 99.9500000099….
    expect(bought?.priceE8).toBe(10_005_000_002n)
    expect(sold?.priceE8).toBe(9_995_000_000n)
  })

  test('of the moment of the order does not fill it: it may be its cause', () => {
    expect(placed('buy').venue.onEvent(swap(START_MS))).toEqual([])
  })
})

test('an order expires when the first usable price is too late', () => {
  const limit = START_MS + 10 * MINUTE_MS
  expect(placed('buy').venue.onEvent(swap(limit))).toMatchObject([{ outcome: 'filled' }])
  const { venue } = placed('buy')
  expect(venue.onEvent(swap(limit + 1))).toMatchObject([
    { outcome: 'expired', order: 0, quantity: 0n, priceE8: 0n, feeE8: 0n },
  ])
  expect(venue.onEvent(swap(limit + 2, 2))).toEqual([])
})

test('only prices of the traded instrument fill', () => {
  const { venue } = placed('buy')
  expect(venue.onEvent({ ...swap(START_MS + 1), instrument: CURVE })).toEqual([])
  expect(
    venue.onEvent(eventAt({ type: 'clock' }, { validAt: START_MS + 2, knownAt: START_MS + 2, row: 3 })),
  ).toEqual([])
  expect(venue.onEvent(swap(START_MS + 3, 4))).toHaveLength(1)
})

test('placing an order again changes nothing, before its fill and after', () => {
  const { venue, logged } = placed('buy')
  for (const order of logged) venue.place(order)
  expect(venue.onEvent(swap(START_MS + 1))).toHaveLength(1)
  for (const order of logged) venue.place(order)
  expect(venue.onEvent(swap(START_MS + 2, 2))).toEqual([])
})
