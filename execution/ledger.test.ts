import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cashE8, E8, type Fill, floorDivide, priceE8, quantity } from '../core/index.ts'
import { bookFill, equityOf, type Ledger, openLedger, positionIn } from './ledger.ts'

const UNIT = 1_000n
const CAPITAL = cashE8(10_000n * E8)

function fill(side: 'buy' | 'sell', amount: bigint, price: bigint, fee = 0n): Fill {
  return {
    kind: 'fill',
    order: 0,
    side,
    outcome: 'filled',
    quantity: quantity(amount),
    priceE8: priceE8(price),
    feeE8: cashE8(fee),
    pricedBy: { source: 'test:feed', block: 0, logIndex: 0 },
  }
}
const book = (...fills: Fill[]): Ledger =>
  fills.reduce((ledger, each) => bookFill(ledger, each, UNIT), openLedger(CAPITAL))

describe('bookFill, by hand', () => {
  test('buys, and sells half at a profit', () => {
    const ledger = book(fill('buy', 2_000n, 100n * E8, 5n), fill('sell', 1_000n, 130n * E8, 7n))
    expect(ledger).toEqual({
      cashE8: CAPITAL - 200n * E8 + 130n * E8 - 12n,
      quantity: 1_000n,
      costE8: 100n * E8,
      realisedE8: 30n * E8,
      feesE8: 12n,
    })
    expect(positionIn(ledger, UNIT)).toEqual({ quantity: 1_000n, entryPriceE8: 100n * E8 })
    expect(equityOf(ledger, priceE8(110n * E8), UNIT)).toBe(CAPITAL + 40n * E8 - 12n)
  })

  test('averages the price of two buys', () => {
    const ledger = book(fill('buy', 1_000n, 100n * E8), fill('buy', 3_000n, 200n * E8))
    expect(positionIn(ledger, UNIT)).toEqual({ quantity: 4_000n, entryPriceE8: 175n * E8 })
  })

  test('goes through zero: what is left opens the other side at the same price', () => {
    const ledger = book(fill('buy', 1_000n, 100n * E8), fill('sell', 3_000n, 90n * E8))
    expect(ledger).toMatchObject({ quantity: -2_000n, costE8: -180n * E8, realisedE8: -10n * E8 })
    expect(positionIn(ledger, UNIT).entryPriceE8).toBe(90n * E8)
  })

  test('pays what is owed rounded up, and receives rounded down', () => {
    expect(book(fill('buy', 1n, 1_001n)).cashE8).toBe(CAPITAL - 2n)
    expect(book(fill('sell', 1n, 1_001n)).cashE8).toBe(CAPITAL + 1n)
  })

  test('an expired order moves nothing', () => {
    const expired: Fill = { ...fill('buy', 0n, 0n), outcome: 'expired' }
    expect(book(expired)).toEqual(openLedger(CAPITAL))
  })
})

test('its accounts explain its cash and equity exactly, whatever is booked', () => {
  const fills = fc.array(
    fc.tuple(
      fc.constantFrom('buy' as const, 'sell' as const),
      fc.bigInt(1n, 100_000n),
      fc.bigInt(1n, 300_000_000_007n),
      fc.bigInt(0n, 1_000n),
    ),
    { maxLength: 30, size: 'max' },
  )
  fc.assert(
    fc.property(fills, fc.bigInt(1n, 300_000_000_007n), (rows, price) => {
      let ledger = openLedger(CAPITAL)
      for (const row of rows) {
        const before = ledger
        ledger = bookFill(ledger, fill(...row), UNIT)
        expect(ledger.cashE8).toBe(CAPITAL + ledger.realisedE8 - ledger.feesE8 - ledger.costE8)
        const unrealised = floorDivide(ledger.quantity * price, UNIT) - ledger.costE8
        expect(equityOf(ledger, priceE8(price), UNIT) - CAPITAL).toBe(
          ledger.realisedE8 + unrealised - ledger.feesE8,
        )
        if (ledger.quantity === 0n) expect(ledger.costE8).toBe(0n)
        // Opening or adding realises nothing.
        if (before.quantity === 0n) expect(ledger.realisedE8).toBe(before.realisedE8)
      }
    }),
  )
})
