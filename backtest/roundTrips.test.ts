import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cashE8, E8, floorDivide, priceE8, quantity, unixMs } from '../core/index.ts'
import { type BacktestFill, roundTrips } from './roundTrips.ts'

const fill = (
  timeMs: number,
  side: 'buy' | 'sell',
  amount: bigint,
  price: bigint,
  fee = 0n,
  market = 0,
): BacktestFill => ({
  order: timeMs,
  market,
  timeMs: unixMs(timeMs),
  side,
  quantity: quantity(amount),
  priceE8: priceE8(price),
  feeE8: cashE8(fee),
})

test('a trip runs from flat to flat, at average prices', () => {
  const trades = roundTrips(
    [
      fill(1, 'buy', 1_000n, 100n * E8, 3n),
      fill(2, 'buy', 1_000n, 200n * E8, 3n),
      fill(3, 'sell', 500n, 180n * E8, 2n),
      fill(4, 'sell', 1_500n, 160n * E8, 2n),
      fill(5, 'buy', 1n, 100n * E8, 1n),
    ],
    [3],
  )
  expect(trades).toEqual([
    {
      market: 0,
      direction: 'long',
      entryMs: 1,
      exitMs: 4,
      entryPriceE8: 150n * E8,
      exitPriceE8: 165n * E8,
      quantity: 2_000n,
      pnlE8: 30n * E8 - 10n,
      feesE8: 10n,
    },
  ])
})

test('a fill through zero ends one trip and begins the other', () => {
  const trades = roundTrips(
    [
      fill(1, 'buy', 1_000n, 100n * E8),
      fill(2, 'sell', 3_000n, 90n * E8, 30n),
      fill(3, 'buy', 2_000n, 95n * E8),
    ],
    [3],
  )
  expect(trades).toMatchObject([
    { direction: 'long', entryMs: 1, exitMs: 2, quantity: 1_000n, pnlE8: -10n * E8 - 10n, feesE8: 10n },
    { direction: 'short', entryMs: 2, exitMs: 3, quantity: 2_000n, pnlE8: -10n * E8 - 20n, feesE8: 20n },
  ])
})

test('when flat, the trips together made what the fills moved', () => {
  const fills = fc.array(
    fc.tuple(
      fc.constantFrom('buy' as const, 'sell' as const),
      fc.bigInt(1n, 9_999n),
      fc.bigInt(1n, 10n ** 12n),
      fc.bigInt(0n, 999n),
    ),
    { minLength: 1, maxLength: 30, size: 'max' },
  )
  fc.assert(
    fc.property(fills, rows => {
      const all = rows.map((row, index) => fill(index, ...row))
      const held = all.reduce((sum, { side, quantity: q }) => sum + (side === 'buy' ? q : -q), 0n)
      if (held !== 0n)
        all.push(fill(all.length, held > 0n ? 'sell' : 'buy', held > 0n ? held : -held, 12_345_678n, 1n))
      const cash = all.reduce(
        (sum, { side, quantity: q, priceE8: p, feeE8 }) =>
          sum + floorDivide((side === 'buy' ? -q : q) * p, 1_000n) - feeE8,
        0n,
      )
      const trades = roundTrips(all, [3])
      expect(trades.reduce((sum, { pnlE8 }) => sum + pnlE8, 0n)).toBe(cash)
    }),
  )
})

test('each instrument has trips of its own, in the order of their exits', () => {
  const trades = roundTrips(
    [
      fill(1, 'buy', 1_000n, 100n * E8),
      fill(2, 'sell', 10n, 100n * E8, 0n, 1),
      fill(3, 'buy', 10n, 90n * E8, 0n, 1),
      fill(4, 'sell', 1_000n, 101n * E8),
    ],
    [3, 1],
  )
  expect(trades.map(({ market, direction, pnlE8 }) => [market, direction, pnlE8])).toEqual([
    [1, 'short', 10n * E8],
    [0, 'long', 1n * E8],
  ])
})
