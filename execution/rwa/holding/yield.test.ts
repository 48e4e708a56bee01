import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { YieldTerms } from '../../../agents/index.ts'
import { type Address, priceE8, quantity, ZERO_ADDRESS } from '../../../core/index.ts'
import { createNavVenue } from '../primary/navVenue.ts'
import {
  at,
  CASH_TOKEN,
  DAILY_FUND,
  fundEvent,
  holder,
  navAt,
  OTHER,
  shares,
  usd,
} from '../testing/rwaMarket.conformance.ts'
import { createRebasingBalance } from './rebasing.ts'
import { accruedReturn, distributedReturn, fractionToNumber, rebasedReturn } from './totalReturn.ts'

const REBASES: YieldTerms = {
  kind: 'rebases',
  priceE8: priceE8(100_000_000n),
  rounding: 'fromShares',
  precision: 10_000,
}
const PAYS: YieldTerms = {
  kind: 'distributed',
  cashToken: CASH_TOKEN,
  cashDecimals: 6,
  totalShares: shares('9000'),
  includesHolder: false,
}

function fund(yields: YieldTerms, pendingEarns = true) {
  const parts = holder('10000', '1000')
  const venue = createNavVenue({ ...parts, yields, terms: { ...DAILY_FUND, pendingEarns } })
  return { venue, ...parts.sink, shares: parts.shares }
}

const payment = (amount: string, token: Address, recordTime: string, knownAt = recordTime) =>
  fundEvent({ type: 'distribution', token, amount: shares(amount) }, at(recordTime), at(knownAt))

describe('a rebasing token', () => {
  test('grows in quantity as its index does, and its price stays', () => {
    const { venue, all } = fund(REBASES)
    venue.onEvent(navAt('1.02', '2024-01-02T21:00:00Z'))
    expect([venue.book.shares.amount, all.positionChanged]).toEqual([shares('1000'), []])
    venue.onEvent(navAt('1.0302', '2024-01-03T21:00:00Z'))
    // 1000 × 1.0302 ÷ 1.02 = 1010; 1000 ÷ 1.02 leaves a rest, which costs one smallest unit, as with the token.
    expect(all.positionChanged).toMatchObject([{ reason: 'rebased', shares: shares('9.999999') }])
    expect([venue.priceE8, venue.book.shares.amount]).toEqual([100_000_000n, shares('1009.999999')])
  })

  test('lets what is under way grow too, where pending earns', () => {
    for (const pendingEarns of [true, false]) {
      const { venue, all } = fund(REBASES, pendingEarns)
      venue.onEvent(navAt('1', '2024-01-02T21:00:00Z'))
      venue.submit({ kind: 'redeem', shares: shares('100') }, at('2024-01-03T12:00:00Z'))
      venue.submit({ kind: 'subscribe', amountE8: usd('500') }, at('2024-01-03T12:00:00Z'))
      // Struck before the cut-off: rebases, but prices nothing.
      venue.onEvent(navAt('1.1', '2024-01-03T20:00:00Z'))
      venue.onEvent(navAt('1.1', '2024-01-03T21:00:00Z', '2024-01-03T22:00:00Z'))
      expect(all.priced.map(({ shares: part, grossE8 }) => [part, grossE8])).toEqual(
        pendingEarns
          ? [
              [shares('110'), usd('110')],
              [shares('500'), usd('500')],
            ]
          : [
              [shares('100'), usd('100')],
              [shares('500'), usd('500')],
            ],
      )
      venue.onEvent(navAt('1.21', '2024-01-04T21:00:00Z', '2024-01-04T22:00:00Z'))
      venue.onTime(at('2024-02-01'))
      expect(venue.book.shares.amount).toBe(shares(pendingEarns ? '1639' : '1589'))
    }
  })

  test('counts what a market traded since at the index of that time', () => {
    const { venue, shares: balance } = fund(REBASES)
    venue.onEvent(navAt('1', '2024-01-02T21:00:00Z'))
    balance.add(shares('-500'))
    venue.onEvent(navAt('1.2', '2024-01-03T21:00:00Z'))
    expect(venue.book.shares.amount).toBe(shares('600'))
    balance.add(shares('600'))
    venue.onEvent(navAt('1.8', '2024-01-04T21:00:00Z'))
    expect(venue.book.shares.amount).toBe(shares('1800'))
  })

  test('never rounds for the holder: a way there and back through any indices gains nothing', () => {
    const step = fc.record({
      index: fc.integer({ min: 1, max: 10 ** 9 }),
      trade: fc.integer({ min: -1_000, max: 1_000 }),
    })
    fc.assert(
      fc.property(
        fc.constantFrom('fromShares' as const, 'eachRebase' as const),
        fc.constantFrom(1, 10_000),
        fc.array(step, { minLength: 1, maxLength: 30 }),
        (rounding, precision, steps) => {
          const balance = createRebasingBalance({ rounding, precision })
          let held = balance.rebase(quantity(1_000_000n), priceE8(100_000_000n))
          // What it would be without any rounding, as a fraction.
          let [numerator, denominator] = [1_000_000n, 1n]
          let index = 100_000_000n
          for (const { index: next, trade } of steps) {
            const traded = held + BigInt(trade) > 0n ? BigInt(trade) : -held
            held = quantity(held + traded)
            numerator = (numerator + traded * denominator) * BigInt(next)
            denominator *= index
            index = BigInt(next)
            held = balance.rebase(held, priceE8(index))
            expect(held * denominator).toBeLessThanOrEqual(numerator)
          }
        },
      ),
    )
  })

  test('that keeps shares loses nothing by a fall that is made good, one that rounds each time may', () => {
    const there = (rounding: 'fromShares' | 'eachRebase') => {
      const balance = createRebasingBalance({ rounding, precision: 10_000 })
      let held = quantity(999n)
      for (const index of [100_000_000n, 33_333_333n, 100_000_000n])
        held = balance.rebase(held, priceE8(index))
      return held
    }
    expect(there('fromShares')).toBe(999n)
    expect(there('eachRebase')).toBe(996n)
  })
})

describe('a payment of yield', () => {
  test('in cash is booked pro rata to what was held at its record time', () => {
    const { venue, all } = fund(PAYS)
    venue.onTime(at('2024-01-02'))
    // 1,000 on top of 9,000 others: a tenth.
    venue.onEvent(payment('500', CASH_TOKEN, '2024-01-03T00:00:00Z'))
    expect(all.paid).toMatchObject([
      { heldAtRecord: shares('1000'), amount: shares('50'), cashE8: usd('50') },
    ])
    expect(venue.book.cash.amount).toBe(usd('10050'))
    expect(venue.book.totals.distributedE8).toBe(usd('50'))
  })

  test('goes by the record time, not by the time that it is known', () => {
    const { venue, all, shares: balance } = fund(PAYS)
    venue.onTime(at('2024-01-02'))
    balance.add(shares('8000'))
    venue.onTime(at('2024-01-04'))
    venue.onEvent(payment('500', CASH_TOKEN, '2024-01-03T00:00:00Z', '2024-01-05T00:00:00Z'))
    venue.onEvent(payment('500', CASH_TOKEN, '2024-01-01T00:00:00Z', '2024-01-05T00:00:00Z'))
    venue.onEvent(payment('500', CASH_TOKEN, '2024-01-04T00:00:00Z', '2024-01-05T00:00:00Z'))
    expect(all.paid.map(({ heldAtRecord, cashE8 }) => [heldAtRecord, cashE8])).toEqual([
      [shares('1000'), usd('50')],
      [shares('9000'), usd('250')],
    ])
  })

  test('in another token is told, and is no cash', () => {
    const { venue, all } = fund(PAYS)
    venue.onTime(at('2024-01-02'))
    venue.onEvent(payment('500', OTHER, '2024-01-03T00:00:00Z'))
    expect(all.paid).toMatchObject([{ token: OTHER, amount: shares('50'), cashE8: 0n }])
    expect(venue.book.cash.amount).toBe(usd('10000'))
  })

  test('follows the supply that mints and burns leave', () => {
    const { venue, all } = fund({ ...PAYS, includesHolder: true })
    const transfer = (from: Address, to: Address, amount: string) =>
      fundEvent({ type: 'transfer', from, to, amount: shares(amount) }, at('2024-01-02'))
    venue.onEvent(transfer(ZERO_ADDRESS, OTHER, '2000'))
    venue.onEvent(transfer(OTHER, ZERO_ADDRESS, '6000'))
    venue.onEvent(payment('500', CASH_TOKEN, '2024-01-03T00:00:00Z'))
    // 1,000 of 5,000.
    expect(all.paid[0]?.cashE8).toBe(usd('100'))
  })

  test('leaves out what is given up, where pending earns nothing', () => {
    for (const [pendingEarns, cash] of [
      [true, '50'],
      [false, '25'],
    ] as const) {
      const { venue, all } = fund({ ...PAYS, totalShares: shares('9000') }, pendingEarns)
      venue.submit({ kind: 'redeem', shares: shares('525') }, at('2024-01-02T12:00:00Z'))
      venue.onEvent(payment('500', CASH_TOKEN, '2024-01-03T00:00:00Z'))
      // 475 of 9,475.
      expect(all.paid[0]?.cashE8).toBe(
        pendingEarns ? usd(cash) : ((shares('500') * shares('475')) / shares('9475')) * 100n,
      )
    }
  })
})

describe('total return', () => {
  test('by hand', () => {
    expect(accruedReturn(priceE8(100n), priceE8(110n))).toEqual({ numerator: 1n, denominator: 10n })
    expect(
      rebasedReturn(
        { shares: shares('100'), priceE8: priceE8(100n) },
        { shares: shares('105'), priceE8: priceE8(98n) },
      ),
    ).toEqual({ numerator: 29n, denominator: 1_000n })
    // 1.02 and 1.03, in one payment of 2 on 100 and one of 3 on 100.
    const paid = [
      { perShareE8: usd('2'), navAfterE8: priceE8(10_000_000_000n) },
      { perShareE8: usd('3'), navAfterE8: priceE8(10_000_000_000n) },
    ]
    expect(distributedReturn(priceE8(10_000_000_000n), paid, priceE8(10_000_000_000n))).toEqual({
      numerator: 253n,
      denominator: 5_000n,
    })
    expect(fractionToNumber({ numerator: -1n, denominator: 8n })).toBe(-0.125)
  })

  test('is the same, exactly, whichever way one yield reaches the holder', () => {
    const growth = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 25 })
    fc.assert(
      fc.property(growth, percents => {
        const start = 100n ** 26n
        let nav = start
        for (const percent of percents) nav = (nav * BigInt(100 + percent)) / 100n
        const accrued = accruedReturn(priceE8(start), priceE8(nav))
        const rebased = rebasedReturn(
          { shares: quantity(start), priceE8: priceE8(1n) },
          { shares: quantity(nav), priceE8: priceE8(1n) },
        )
        const paid = percents.map(percent => ({
          perShareE8: usd(`${percent}`),
          navAfterE8: priceE8(10_000_000_000n),
        }))
        expect(rebased).toEqual(accrued)
        expect(distributedReturn(priceE8(10_000_000_000n), paid, priceE8(10_000_000_000n))).toEqual(accrued)
      }),
    )
  })

  test('of a start of nothing has no meaning', () => {
    expect(() => accruedReturn(priceE8(0n), priceE8(1n))).toThrow(
      'A return has no meaning from a start of nothing.',
    )
  })
})

test('a late correction of an older day moves no price', () => {
  const { venue } = fund({ kind: 'accrues' })
  venue.onEvent(navAt('2', '2024-01-03T21:00:00Z'))
  venue.onEvent(navAt('1', '2024-01-02T21:00:00Z', '2024-01-04T21:00:00Z'))
  expect(venue.nav).toEqual({
    navE8: 200_000_000n,
    validAt: at('2024-01-03T21:00:00Z'),
    knownAt: at('2024-01-03T21:00:00Z'),
  })
})
