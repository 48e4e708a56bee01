import { expect, test } from 'vitest'
import { cashE8, DAY_MS, erc20InstrumentId, type Instrument, quantity, unixMs } from '../../core/index.ts'
import { cashBalance, shareBalance } from './holding/balance.ts'
import { createQueueVenue } from './queue/queueVenue.ts'
import { recordingSink } from './testing/recordingSink.conformance.ts'
import {
  at,
  FUND,
  fundEvent,
  holder,
  navAt,
  OTHER,
  shares,
  THIRD,
  usd,
  VAULT,
} from './testing/rwaMarket.conformance.ts'

const START = at('2024-01-01')

test('one sum of cash rotates between two vaults, and is never in both', () => {
  const cash = cashBalance(usd('1000'))
  const vaults = [OTHER, THIRD].map(token => {
    const instrument: Instrument = { ...FUND, id: erc20InstrumentId(1, token) }
    const sink = recordingSink()
    const venue = createQueueVenue({
      ...holder(),
      instrument,
      cash,
      shares: shareBalance(shares('0')),
      sink,
      terms: VAULT,
    })
    return { venue, instrument, sink }
  })
  const [first, second] = vaults
  if (first === undefined || second === undefined) throw new Error('Two vaults were opened.')
  const nav = (text: string, day: number) => {
    for (const { venue, instrument } of vaults)
      venue.onEvent({
        ...navAt(text, '2024-01-01'),
        validAt: unixMs(START + day * DAY_MS),
        knownAt: unixMs(START + day * DAY_MS),
        instrument: instrument.id,
      })
  }
  nav('1', 0)
  first.venue.submit({ kind: 'subscribe', amountE8: usd('1000') }, START)
  expect(second.venue.submit({ kind: 'subscribe', amountE8: usd('1') }, START)).toEqual({
    accepted: false,
    reason: 'insufficientCash',
    limit: 0n,
  })
  nav('1.1', 1)
  first.venue.submit({ kind: 'redeem', shares: shares('1000') }, unixMs(START + DAY_MS))
  expect(cash.amount).toBe(0n)
  // Fulfilled at the rate of the first day: that of the second is not known before it is due.
  nav('1.25', 2)
  expect(cash.amount).toBe(usd('1100'))
  second.venue.submit({ kind: 'subscribe', amountE8: cash.amount }, unixMs(START + 2 * DAY_MS))
  expect([first.venue.book.shares.amount, second.venue.book.shares.amount]).toEqual([0n, shares('880')])
})

test('what a market sells below NAV is redeemed at NAV: the discount is the profit', () => {
  const parts = holder('1000', '0')
  const venue = createQueueVenue({ ...parts, terms: VAULT })
  venue.onEvent(navAt('1', '2024-01-01'))
  // A market venue books 1,000 shares for 980 on the same balances.
  parts.cash.add(cashE8(-usd('980')))
  parts.shares.add(shares('1000'))
  venue.submit({ kind: 'redeem', shares: shares('1000') }, START)
  // Given up, they cannot be sold as well.
  expect(() => parts.shares.add(quantity(-1n))).toThrow('A balance of 0 cannot pay 1.')
  venue.onEvent(fundEvent({ type: 'clock' }, unixMs(START + DAY_MS)))
  expect(parts.cash.amount).toBe(usd('1020'))
})
