import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cashE8, priceE8, quantity, unixMs } from '../core/index.ts'
import type { VenueOutcome } from '../execution/index.ts'
import { FillLog } from './fillLog.ts'
import { type BacktestFill, roundTrips } from './roundTrips.ts'
import { computeStatistics } from './statistics.ts'
import { tripColumns } from './tripColumns.ts'

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER)

const told = ({ market, timeMs, ...fill }: BacktestFill): VenueOutcome => ({
  market,
  timeMs,
  isDone: true,
  output: { kind: 'fill', cause: 'order', outcome: 'filled', reason: null, ...fill },
})

const logOf = (fills: readonly BacktestFill[]): FillLog => {
  const log = new FillLog()
  for (const fill of fills) log.add(told(fill))
  return log
}

const fill = fc.record({
  order: fc.option(fc.nat(1_000)),
  market: fc.nat(2),
  timeMs: fc.nat(2 ** 31).map(unixMs),
  side: fc.constantFrom('buy', 'sell'),
  quantity: fc.oneof(fc.bigInt(1n, 10n ** 9n), fc.bigInt(1n, 10n ** 24n)).map(quantity),
  priceE8: fc.bigInt(1n, LARGEST).map(priceE8),
  feeE8: fc.oneof(fc.bigInt(0n, 10n ** 9n), fc.bigInt(0n, 10n ** 24n)).map(cashE8),
})

test('a log gives back the fills that it was told of, past what doubles hold too', () => {
  fc.assert(
    fc.property(fc.array(fill, { maxLength: 200 }), fills => {
      const log = logOf(fills)
      expect(log.fills()).toEqual(fills)
      const most = [...fills.map(each => each.quantity), ...fills.map(each => each.feeE8)].every(
        value => value <= LARGEST,
      )
      expect(log.isExact).toBe(most)
    }),
  )
})

test('a log passes over what is no fill', () => {
  const log = logOf([])
  const { output, ...rest } = told({
    order: 1,
    market: 0,
    timeMs: unixMs(1),
    side: 'buy',
    quantity: quantity(1n),
    priceE8: priceE8(1n),
    feeE8: cashE8(0n),
  })
  if (output.kind !== 'fill') throw new Error('It is a fill.')
  log.add({ ...rest, output: { ...output, outcome: 'ended', reason: 'goodTill' } })
  expect(log.count).toBe(0)
})

/** Fills of trips of one fill in and one out; the last may be open. */
const trips = fc
  .tuple(
    fc.array(
      fc.record({
        isLong: fc.boolean(),
        size: fc.oneof(fc.bigInt(1n, 10n ** 4n), fc.bigInt(1n, 10n ** 12n)),
        entry: fc.bigInt(1n, 10n ** 11n),
        exit: fc.bigInt(1n, 10n ** 11n),
        fees: fc.tuple(fc.bigInt(0n, 10n ** 12n), fc.bigInt(0n, 10n ** 12n)),
      }),
      { maxLength: 100 },
    ),
    fc.boolean(),
  )
  .map(([made, isOpen]) => {
    const fills = made.flatMap(({ isLong, size, entry, exit, fees }, index): BacktestFill[] =>
      [entry, exit].map((price, leg) => ({
        order: index,
        market: 0,
        timeMs: unixMs(1_000 * (2 * index + leg)),
        side: isLong === (leg === 0) ? 'buy' : 'sell',
        quantity: quantity(size),
        priceE8: priceE8(price),
        feeE8: cashE8(fees[leg] ?? 0n),
      })),
    )
    return isOpen ? fills.slice(0, -1) : fills
  })

test('columns tell the trades that objects tell, to the last unit, or nothing', () => {
  fc.assert(
    fc.property(trips, fc.constantFrom(2, 8, 12, 15), (fills, decimals) => {
      const columns = tripColumns(logOf(fills), [decimals])
      const trades = roundTrips(fills, [decimals])
      // With so many decimals every value is below 2⁵³.
      if (decimals >= 8) expect(columns).not.toBeNull()
      if (columns === null) return
      const { count, pnlE8, entryMs, exitMs, entryPriceE8, exitPriceE8, quantity: size } = columns.trades
      const read = Array.from({ length: count }, (_, index) => ({
        market: 0,
        direction: (size[index] ?? 0) < 0 ? 'short' : 'long',
        entryMs: entryMs[index],
        exitMs: exitMs[index],
        entryPriceE8: BigInt(entryPriceE8[index] ?? 0),
        exitPriceE8: BigInt(exitPriceE8[index] ?? 0),
        quantity: BigInt(Math.abs(size[index] ?? 0)),
        pnlE8: BigInt(pnlE8[index] ?? 0),
      }))
      expect(read).toEqual(trades.map(({ feesE8: _, ...trade }) => trade))
      const equity = { timeMs: [0, 1_000_000], equityE8: [10 ** 15, 10 ** 15] }
      const run = { equity, finalEquityE8: cashE8(10n ** 15n) }
      expect(computeStatistics({ ...run, ...columns }, { decimals })).toEqual(
        computeStatistics({ ...run, trades, fills }, { decimals }),
      )
    }),
    { numRuns: 300 },
  )
})

test('trips of several fills, and several instruments, have no columns', () => {
  const [entry, more, exit] = ([3n, 2n, 5n] as const).map((size, index) => ({
    order: index,
    market: 0,
    timeMs: unixMs(index),
    side: index < 2 ? ('buy' as const) : ('sell' as const),
    quantity: quantity(size),
    priceE8: priceE8(10n ** 10n),
    feeE8: cashE8(0n),
  }))
  if (entry === undefined || more === undefined || exit === undefined) throw new Error('There are three.')
  expect(tripColumns(logOf([entry, more, exit]), [0])).toBeNull()
  expect(tripColumns(logOf([entry, { ...exit, quantity: entry.quantity }]), [0])).not.toBeNull()
  expect(tripColumns(logOf([entry, { ...exit, quantity: entry.quantity }]), [0, 0])).toBeNull()
  expect(tripColumns(logOf([{ ...entry, quantity: quantity(10n ** 20n) }]), [0])).toBeNull()
})
