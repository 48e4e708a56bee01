import { describe, expect, test } from 'vitest'
import type { VenueSettings } from '../agents/index.ts'
import {
  cashE8,
  E8,
  type MarketEvent,
  MINUTE_MS,
  ppm,
  priceE8,
  quantity,
  type TradeTerms,
  unixMs,
} from '../core/index.ts'
import { acceptUnsigned } from './acceptUnsigned.ts'
import { createPaperVenue, createRowFeed, type Placement, type VenueOutcome } from './index.ts'
import { AGENT, restlessAgent } from './test/restlessAgent.ts'
import { barValue, CURVE, eventAt, GOLD, START_MS, swapValue } from './test/syntheticMarket.ts'

const definition = restlessAgent({
  venue: { feePpm: ppm(0.001), halfSpreadPpm: ppm(0.0005), maxPriceAgeMs: 10 * MINUTE_MS },
})

type Terms = Partial<TradeTerms> & Pick<TradeTerms, 'side'>

function order(terms: Terms, sequence = 0, amount = 3_333n): Placement {
  const market = { kind: 'market', size: { units: quantity(amount) }, ...terms } as TradeTerms
  return {
    agent: AGENT,
    sequence,
    instrument: GOLD.id,
    timeMs: unixMs(START_MS),
    output: { kind: 'order', terms: market, referencePriceE8: priceE8(1n) },
  }
}

/** A venue with an order, which takes events one by one. */
function placed(side: 'buy' | 'sell', terms: Partial<TradeTerms> = {}, agent = definition) {
  const venue = createPaperVenue(agent)
  const feed = createRowFeed([GOLD.id, CURVE])
  const logged = acceptUnsigned(order({ side, ...terms }))
  venue.place(logged)
  const onEvent = (event: MarketEvent): VenueOutcome['output'][] => {
    const row = feed.append(event)
    venue.onRow(feed.columns, row, event.instrument === GOLD.id ? 0 : -1)
    const outcomes = venue.outcomes.map(({ output }) => output)
    venue.clearOutcomes()
    return outcomes
  }
  return { venue, logged, onEvent }
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
    const [bought] = placed('buy').onEvent(bar(START_MS))
    const [sold] = placed('sell').onEvent(bar(START_MS))
    const price = 101n * E8 + 1n
    expect(bought).toEqual({
      kind: 'fill',
      order: 0,
      cause: 'order',
      side: 'buy',
      outcome: 'filled',
      reason: null,
      quantity: 3_333n,
      priceE8: price,
      // 3.333 × 101.00000001 × 0.001, rounded up.
      feeE8: (3_333n * price) / 1_000_000n + 1n,
    })
    expect(sold).toMatchObject({ side: 'sell', priceE8: 99n * E8 + 1n })
  })

  test('that opened before the order does not fill it', () => {
    const { onEvent } = placed('buy')
    expect(onEvent(bar(START_MS - 1))).toEqual([])
    expect(onEvent(bar(START_MS + MINUTE_MS, 2))).toHaveLength(1)
  })
})

describe('a swap', () => {
  test('after the order fills it at its price, half a spread worse, rounded against the trader', () => {
    const [bought] = placed('buy').onEvent(swap(START_MS + 1))
    const [sold] = placed('sell').onEvent(swap(START_MS + 1))
    // 100.00000001 × 1.0005 is 100.0500000100…, and × 0.9995 is 99.9500000099….
    expect(bought).toMatchObject({ priceE8: 10_005_000_002n })
    expect(sold).toMatchObject({ priceE8: 9_995_000_000n })
  })

  test('of the moment of the order does not fill it: it may be its cause', () => {
    expect(placed('buy').onEvent(swap(START_MS))).toEqual([])
  })
})

test('an order expires when the first usable price is too late', () => {
  const limit = START_MS + 10 * MINUTE_MS
  expect(placed('buy').onEvent(swap(limit))).toMatchObject([{ outcome: 'filled' }])
  const { onEvent } = placed('buy')
  expect(onEvent(swap(limit + 1))).toMatchObject([
    { outcome: 'ended', reason: 'priceAge', order: 0, quantity: 0n, priceE8: 0n, feeE8: 0n },
  ])
  expect(onEvent(swap(limit + 2, 2))).toEqual([])
})

test('only prices of the traded instrument fill', () => {
  const { onEvent } = placed('buy')
  expect(onEvent({ ...swap(START_MS + 1), instrument: CURVE })).toEqual([])
  expect(
    onEvent(eventAt({ type: 'clock' }, { validAt: START_MS + 2, knownAt: START_MS + 2, row: 3 })),
  ).toEqual([])
  expect(onEvent(swap(START_MS + 3, 4))).toHaveLength(1)
})

test('placing an order again changes nothing, before its fill and after', () => {
  const { venue, logged, onEvent } = placed('buy')
  venue.place(logged)
  expect(onEvent(swap(START_MS + 1))).toHaveLength(1)
  venue.place(logged)
  expect(onEvent(swap(START_MS + 2, 2))).toEqual([])
})

describe('what an agent’s venue may say', () => {
  const change = (venue: Partial<VenueSettings>) =>
    restlessAgent({ venue: { ...definition.venue, ...venue } })

  test('a maker’s fee is for what rested', () => {
    const agent = change({ makerFeePpm: ppm(0) })
    const limit = { kind: 'limit', limitE8: priceE8(101n * E8) } as const
    const rested = placed('buy', limit, agent).onEvent(
      eventAt(barValue(102n * E8, 100n * E8, START_MS + MINUTE_MS), {
        validAt: START_MS,
        knownAt: START_MS + MINUTE_MS,
        row: 1,
      }),
    )
    expect(rested).toMatchObject([{ outcome: 'filled', priceE8: 101n * E8, feeE8: 0n }])
  })

  test('a fixed fee and a spread on entry add to what is paid', () => {
    const agent = change({ fixedFeeE8: cashE8(E8), entrySpreadPpm: ppm(0.01), feePpm: ppm(0) })
    expect(placed('buy', {}, agent).onEvent(bar(START_MS))).toMatchObject([
      { priceE8: 10_201_000_002n, feeE8: E8 },
    ])
  })

  test('latency lets the bar pass that opens before the order arrives', () => {
    const { onEvent } = placed('buy', {}, change({ latencyMs: 100 }))
    expect(onEvent(bar(START_MS))).toEqual([])
    expect(onEvent(bar(START_MS + MINUTE_MS, 2))).toHaveLength(1)
  })

  test('at this close, an order fills at the price that it was decided on, and names it', () => {
    const venue = createPaperVenue(change({ marketOrders: 'thisClose' }))
    const feed = createRowFeed([GOLD.id])
    const row = feed.append(bar(START_MS - MINUTE_MS, 7))
    venue.onRow(feed.columns, row, 0)
    venue.place(acceptUnsigned(order({ side: 'buy' })))
    expect(venue.outcomes.map(({ output }) => output)).toMatchObject([
      { outcome: 'filled', priceE8: 106n * E8, pricedBy: { source: 'test:feed', block: 7 } },
    ])
  })

  test('an order beyond the margin ends, with the reason, at the next event', () => {
    const { onEvent } = placed('buy', { size: { units: quantity(100_000_000n) } }, change({}))
    expect(onEvent(bar(START_MS))).toMatchObject([{ outcome: 'ended', reason: 'margin', quantity: 0n }])
  })
})

test('the legs of a bracket fill in the name of their order', () => {
  const bracket = { stopLoss: { stopE8: priceE8(95n * E8) }, takeProfitE8: priceE8(104n * E8) }
  const { onEvent } = placed('buy', { bracket })
  expect(onEvent(bar(START_MS))).toMatchObject([
    { order: 0, cause: 'order', side: 'buy' },
    { order: 0, cause: 'takeProfit', side: 'sell', priceE8: 104n * E8 },
  ])
})

test('an order that is taken back ends, and fills no more', () => {
  const { venue, onEvent } = placed('buy')
  venue.place(acceptUnsigned({ ...order({ side: 'buy' }, 1), output: { kind: 'cancel', order: 0 } }))
  expect(venue.outcomes.map(({ output }) => output)).toMatchObject([{ order: 0, reason: 'cancelled' }])
  venue.clearOutcomes()
  expect(onEvent(bar(START_MS))).toEqual([])
})
