import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cashE8, DAY_MS, priceE8 } from '../core/index.ts'
import { computeStatistics } from './statistics.ts'
import { START } from './statisticsRun.fixture.ts'
import type { FillColumns, TradeColumns } from './statisticsTradeColumns.ts'
import { tradeStatistics } from './statisticsTrades.ts'

type Trip = {
  readonly size: number
  readonly gapMs: number
  readonly heldMs: number
  readonly entry: number
  readonly exit: number
  readonly pnl: number
  readonly risk: number
}

const trips: fc.Arbitrary<Trip[]> = fc.array(
  fc.record({
    size: fc.integer({ min: -(10 ** 6), max: 10 ** 6 }).filter(size => size !== 0),
    gapMs: fc.integer({ min: 0, max: DAY_MS }),
    heldMs: fc.integer({ min: 0, max: DAY_MS }),
    entry: fc.integer({ min: 1, max: 10 ** 9 }),
    exit: fc.integer({ min: 1, max: 10 ** 9 }),
    pnl: fc.integer({ min: -(10 ** 15), max: 10 ** 15 }),
    risk: fc.integer({ min: 1, max: 10 ** 6 }),
  }),
  { maxLength: 40 },
)

/** The same trips as objects and as columns, which have room for more. */
function bothForms(made: readonly Trip[], hasStops: boolean) {
  let timeMs: number = START
  const timed = made.map(trip => {
    const entryMs = timeMs + trip.gapMs
    timeMs = entryMs + trip.heldMs
    return { ...trip, entryMs, exitMs: timeMs }
  })
  const trades = timed.map(({ size, entryMs, exitMs, entry, exit, pnl, risk }) => ({
    direction: size > 0 ? ('long' as const) : ('short' as const),
    entryMs,
    exitMs,
    entryPriceE8: BigInt(entry),
    exitPriceE8: BigInt(exit),
    quantity: BigInt(Math.abs(size)),
    pnlE8: cashE8(BigInt(pnl)),
    ...(hasStops ? { riskE8: BigInt(risk) } : {}),
  }))
  const changes = timed.flatMap(({ size, entryMs, exitMs, entry, exit }) => [
    { timeMs: entryMs, size, price: entry, held: size },
    { timeMs: exitMs, size: -size, price: exit, held: 0 },
  ])
  const fills = changes.map(({ timeMs, size, price }) => ({
    timeMs,
    side: size > 0 ? ('buy' as const) : ('sell' as const),
    quantity: BigInt(Math.abs(size)),
    priceE8: priceE8(BigInt(price)),
  }))
  const column = <T>(rows: readonly T[], of: (row: T) => number) =>
    Float64Array.from([...rows.map(of), Number.NaN])
  const tradeColumns: TradeColumns = {
    count: timed.length,
    pnlE8: column(timed, ({ pnl }) => pnl),
    entryMs: column(timed, ({ entryMs }) => entryMs),
    exitMs: column(timed, ({ exitMs }) => exitMs),
    entryPriceE8: column(timed, ({ entry }) => entry),
    exitPriceE8: column(timed, ({ exit }) => exit),
    quantity: column(timed, ({ size }) => size),
    riskE8: hasStops ? column(timed, ({ risk }) => risk) : null,
  }
  const fillColumns: FillColumns = {
    count: changes.length,
    timeMs: column(changes, ({ timeMs }) => timeMs),
    priceE8: column(changes, ({ price }) => price),
    quantity: column(changes, ({ size }) => size),
    held: column(changes, ({ held }) => held),
  }
  return { objects: { trades, fills }, columns: { trades: tradeColumns, fills: fillColumns }, endMs: timeMs }
}

test('trades and fills give the same figures as columns and as objects', () =>
  fc.assert(
    fc.property(trips, fc.boolean(), fc.constantFrom(0, 3), (made, hasStops, decimals) => {
      const { objects, columns, endMs } = bothForms(made, hasStops)
      const equity = { timeMs: [START, endMs + 1], equityE8: [1e12, 1.1e12] }
      const prices = { timeMs: [START, endMs + 1], priceE8: [5, 7] }
      const run = { equity, finalEquityE8: cashE8(1_100_000_000_000n) }
      const expected = computeStatistics({ ...run, ...objects }, { decimals, prices })
      expect(computeStatistics({ ...run, ...columns }, { decimals, prices })).toEqual(expected)
    }),
  ))

describe('profits', () => {
  const { columns } = bothForms([{ size: 1, gapMs: 0, heldMs: 1, entry: 1, exit: 1, pnl: 1, risk: 1 }], false)

  test.each([0.5, 2 ** 53, Number.NaN])('of %s in a column are refused', pnl => {
    const trades = { ...columns.trades, pnlE8: Float64Array.of(pnl) }
    expect(() => tradeStatistics(trades, 0)).toThrow(
      `Trade 0 has a profit of ${pnl}, which is no whole number below 2⁵³.`,
    )
  })

  test('whose sum leaves the doubles stay exact', () => {
    const most = Number.MAX_SAFE_INTEGER
    const trades = { ...columns.trades, count: 3, pnlE8: Float64Array.of(most, most, most) }
    const { averageTradeE8 } = tradeStatistics(
      { ...trades, entryMs: new Float64Array(3), exitMs: new Float64Array(3) },
      null,
    )
    expect(averageTradeE8).toBe(BigInt(most))
  })
})
