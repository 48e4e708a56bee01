import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cashE8, PPM, type Ppm, priceE8, quantity, type UnixMs, unixMs } from '../../core/index.ts'
import {
  type AccountSink,
  type AccountTerms,
  type ClosedLot,
  createAccount,
  type MovedShares,
} from './index.ts'

const NOW = unixMs(1_000)
const SHARES = {
  decimals: 0,
  sizeStep: quantity(1n),
  minimumSize: quantity(0n),
  initialMarginPpm: PPM,
  maintenanceMarginPpm: 1 as Ppm,
}

function opened(changes: Partial<AccountTerms> = {}) {
  const closed: ClosedLot[] = []
  const cancelled: [number, string][] = []
  const sink: AccountSink = {
    filled() {},
    lotClosed: lot => closed.push(lot),
    cancelled: (id, _timeMs, reason) => cancelled.push([id, reason]),
    expired() {},
    rejected() {},
    liquidated() {},
    accountClosed() {},
  }
  const account = createAccount({
    instruments: [SHARES, SHARES],
    cashE8: cashE8(100_000n),
    mode: 'netting',
    sink,
    ...changes,
  })
  return { account, closed, cancelled, transfers: account.transfers }
}

/** Shares with their cost, opened at a time. */
const moved = (amount: bigint, cost: bigint, openedMs = 1): MovedShares => ({
  quantity: quantity(amount),
  entryPriceE8: priceE8(cost / amount),
  costE8: cashE8(cost),
  feesE8: cashE8(0n),
  openedMs: openedMs as UnixMs,
})

/** Buys, or sells short, at a price of one instrument. */
function trade(
  { account }: ReturnType<typeof opened>,
  side: 'buy' | 'sell',
  amount: bigint,
  price: number,
  atMs: number,
) {
  account.submit({ kind: 'market', side, size: { units: quantity(amount) }, instrument: 0 }, unixMs(atMs - 1))
  account.onPrice(0, atMs, price, price)
}

describe('shares', () => {
  test('come in at their place by age, and leave the oldest first with their part of the cost', () => {
    const { account, transfers } = opened()
    transfers.mark(0, priceE8(10n))
    transfers.deliver(0, moved(10n, 100n, 30), NOW)
    transfers.deliver(0, moved(3n, 20n, 10), NOW)
    const out = transfers.takeOut(0, 5n, NOW)
    expect(out.map(({ quantity: size, costE8, openedMs }) => [size, costE8, openedMs])).toEqual([
      [3n, 20n, 10],
      [2n, 20n, 30],
    ])
    expect(account.lots(0).map(({ quantity: size, costE8 }) => [size, costE8])).toEqual([[8n, 80n]])
    expect(account.equityE8()).toBe(100_000n + 80n)
  })

  test('that come of themselves make the newest lot larger, without cost', () => {
    const { account, transfers } = opened()
    transfers.mark(0, priceE8(10n))
    transfers.deliver(0, moved(10n, 100n), NOW)
    transfers.deliver(0, moved(2n, 0n, 50), NOW)
    expect(account.lots(0)).toMatchObject([{ quantity: 12n, costE8: 100n, openedMs: 1 }])
    transfers.takeOut(0, 12n, NOW)
    transfers.deliver(0, moved(1n, 0n, 60), NOW)
    expect(account.lots(0)).toMatchObject([{ quantity: 1n, costE8: 0n }])
  })

  test('are worth nothing while nothing prices them', () => {
    const { account, transfers } = opened()
    transfers.deliver(0, moved(10n, 100n), NOW)
    expect(account.equityE8()).toBe(100_000n)
    transfers.mark(0, priceE8(7n))
    expect(account.equityE8()).toBe(100_070n)
    account.onPrice(0, 5, 9, 9)
    transfers.mark(0, priceE8(7n))
    expect(account.equityE8()).toBe(100_090n)
  })

  test('cover what is short first in netting, and stand beside it in hedging', () => {
    const netting = opened()
    trade(netting, 'sell', 10n, 20, 10)
    netting.transfers.deliver(0, moved(15n, 150n, 11), NOW)
    expect(netting.account.netQuantity(0)).toBe(5n)
    expect(netting.account.lots(0)).toMatchObject([{ quantity: 5n, costE8: 50n }])
    // Sold for 200, covered by what cost 100.
    expect(netting.closed).toMatchObject([{ direction: 'short', quantity: 10n, realisedE8: 100n }])

    const hedging = opened({ mode: 'hedging' })
    trade(hedging, 'sell', 10n, 20, 10)
    hedging.transfers.deliver(0, moved(15n, 150n, 11), NOW)
    expect(hedging.account.lots(0).map(({ quantity: size }) => size)).toEqual([-10n, 15n])
    expect(hedging.closed).toEqual([])
  })

  test('that leave take the stop of their lot with them', () => {
    const { account, transfers, cancelled } = opened()
    const bracket = { stopLoss: { stopE8: priceE8(5n) } }
    account.submit(
      { kind: 'market', side: 'buy', size: { units: quantity(4n) }, bracket, instrument: 0 },
      unixMs(9),
    )
    account.onPrice(0, 10, 10, 10)
    transfers.takeOut(0, 1n, NOW)
    expect(account.openOrders(0)).toHaveLength(1)
    transfers.takeOut(0, 3n, NOW)
    expect(cancelled).toEqual([[1, 'positionClosed']])
    expect(account.openOrders(0)).toEqual([])
  })

  test('cannot leave beyond what is there', () => {
    const { transfers } = opened()
    transfers.deliver(0, moved(2n, 2n), NOW)
    expect(() => transfers.takeOut(0, 3n, NOW)).toThrow(RangeError)
  })

  test('and their cost are conserved through any transfers and trades', () => {
    const step = fc.record({
      kind: fc.constantFrom('deliver', 'takeOut', 'buy', 'sell', 'cash'),
      amount: fc.bigInt(1n, 50n),
      cost: fc.bigInt(1n, 5_000n),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const world = opened()
        const { account, transfers } = world
        account.onPrice(0, 1, 40, 40)
        let [cash, held, outside, cost] = [100_000n, 0n, 0n, 0n]
        steps.forEach(({ kind, amount, cost: paid }, at) => {
          const atMs = 10 + at
          if (kind === 'deliver') {
            transfers.deliver(0, moved(amount, paid, atMs), unixMs(atMs))
            held += amount
            outside += paid
          } else if (kind === 'takeOut' && amount <= account.netQuantity(0)) {
            const parts = transfers.takeOut(0, amount, unixMs(atMs))
            expect(parts.reduce((sum, part) => sum + part.quantity, 0n)).toBe(amount)
            held -= amount
            outside -= parts.reduce((sum, part) => sum + part.costE8, 0n)
          } else if (kind === 'cash') {
            transfers.moveCash(cashE8(paid))
            cash += paid
          } else if (kind === 'buy' || kind === 'sell') {
            const before = account.netQuantity(0)
            trade(world, kind, amount, 40, atMs)
            const change = account.netQuantity(0) - before
            held += change
            cash -= change * 40n
          }
          expect([account.cashE8, account.netQuantity(0)]).toEqual([cash, held])
          expect(account.cashNumber).toBe(Number(cash))
          // What lots cost is what came with a cost and what was paid, but for what was realised.
          cost = account.lots(0).reduce((sum, lot) => sum + lot.costE8, 0n)
          const realised = world.closed.reduce((sum, lot) => sum + lot.realisedE8, 0n)
          expect(cost).toBe(outside + (100_000n - cash + cashAdded(steps, at)) + realised)
        })
      }),
    )
  })
})

/** Cash that steps brought without a trade. */
const cashAdded = (steps: readonly { kind: string; cost: bigint }[], last: number): bigint =>
  steps.slice(0, last + 1).reduce((sum, { kind, cost }) => sum + (kind === 'cash' ? cost : 0n), 0n)

describe('cash', () => {
  test('that is free is what is there and no position needs', () => {
    const { account, transfers } = opened({
      instruments: [
        { ...SHARES, initialMarginPpm: 500_000 as Ppm, maintenanceMarginPpm: 100_000 as Ppm },
        SHARES,
      ],
    })
    account.submit(
      { kind: 'market', side: 'buy', size: { units: quantity(1_500n) }, instrument: 0 },
      unixMs(9),
    )
    account.onPrice(0, 10, 100, 100)
    // 150,000 of shares for 100,000 of cash: 50,000 are borrowed.
    expect(account.cashE8).toBe(-50_000n)
    expect(transfers.freeE8).toBe(0n)
    expect(transfers.canTakeOut(0, 500n)).toBe(true)
    expect(transfers.canTakeOut(0, 501n)).toBe(false)
  })

  test('that is owed keeps an account without any from being ruined', () => {
    for (const isOwed of [true, false]) {
      const { account, transfers } = opened()
      account.onPrice(0, 1, 10, 10)
      account.submit(
        { kind: 'limit', side: 'buy', limitE8: priceE8(5n), size: { units: quantity(1n) }, instrument: 0 },
        unixMs(9),
      )
      transfers.moveCash(cashE8(-100_000n))
      transfers.setOwed(isOwed)
      account.onPrice(0, 10, 4, 4)
      expect(account.isClosed).toBe(!isOwed)
    }
  })
})
