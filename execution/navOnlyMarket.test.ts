import { expect, test } from 'vitest'
import { MINUTE_MS, priceE8, unixMs } from '../core/index.ts'
import { AGENT, restlessAgent } from './test/restlessAgent.ts'
import { ofKind, runKernel } from './test/runKernel.ts'
import { eventAt, START_MS, swapValue } from './test/syntheticMarket.ts'

const { venue } = restlessAgent()
const definition = restlessAgent({ observes: [], venue: { ...venue, maxPriceAgeMs: 3 * MINUTE_MS } })
const options = { agent: AGENT, definition, inference: null, activeFromMs: unixMs(0), retainBlocks: 0 }

const nav = (row: number) =>
  eventAt(
    { type: 'nav', navE8: priceE8(2_000_00000000n + BigInt(row) * 1_00000n) },
    { validAt: START_MS + row * MINUTE_MS, knownAt: START_MS + row * MINUTE_MS, row },
  )
const swap = (row: number) =>
  eventAt(swapValue(2_000_00000000n + BigInt(row) * 1_00000n), {
    validAt: START_MS + row * MINUTE_MS,
    knownAt: START_MS + row * MINUTE_MS,
    row,
  })

test('an order at the market of what only NAVs price ends once a price would be too late: there is no market', () => {
  const decisions = runKernel(
    options,
    Array.from({ length: 60 }, (_, row) => nav(row)),
  )
  const orders = ofKind(decisions, 'order')
  const ends = ofKind(decisions, 'fill')
  expect(orders.length).toBeGreaterThan(5)
  const [last] = decisions.slice(-1)
  for (const { sequence, timeMs } of orders) {
    const end = ends.find(({ output }) => output.order === sequence)
    // Three minutes are not too late; the next NAV is.
    if (timeMs + 4 * MINUTE_MS > (last?.timeMs ?? 0)) continue
    expect(end?.output).toMatchObject({ outcome: 'ended', reason: 'noMarket', quantity: 0n })
    expect(end?.timeMs).toBe(timeMs + 4 * MINUTE_MS)
  }
  expect(ends.length).toBeGreaterThan(5)
})

test('it waits no longer or shorter than that: the first price of a market that opens in time fills it', () => {
  const first = runKernel(options, [nav(0), nav(1), nav(2), nav(3)])
  const [order] = ofKind(first, 'order')
  const row = ((order?.timeMs ?? 0) - START_MS) / MINUTE_MS
  const until = (rows: number) => Array.from({ length: row + rows }, (_, each) => nav(each))
  const filled = ofKind(runKernel(options, [...until(3), swap(row + 3)]), 'fill')
  expect(filled[0]?.output).toMatchObject({ order: order?.sequence, outcome: 'filled' })
})

test('from its first price on it has a market, and NAVs do not take that away', () => {
  const events = [
    nav(0),
    swap(1),
    ...Array.from({ length: 60 }, (_, k) => (k % 2 ? swap(k + 2) : nav(k + 2))),
  ]
  const fills = ofKind(runKernel(options, events), 'fill').filter(({ output }) => output.outcome === 'filled')
  expect(fills.length).toBeGreaterThan(10)
  const ends = ofKind(runKernel(options, events), 'fill').map(({ output }) => output.reason)
  expect(ends).not.toContain('noMarket')
})
