import { describe, expect, test } from 'vitest'
import {
  type DealingTerms,
  dailySessions,
  type NavTerms,
  NO_FEE,
  US_BUSINESS_DAYS,
} from '../../../agents/index.ts'
import { canonicalJson, cashE8, DAY_MS, parseCanonicalJson } from '../../../core/index.ts'
import {
  at,
  DAILY_DEALING,
  DAILY_FUND,
  fundEvent,
  holder,
  navAt,
  shares,
  usd,
  WALLET,
} from '../testing/rwaMarket.conformance.ts'
import { createNavVenue } from './navVenue.ts'

function fund(terms: Partial<NavTerms> = {}, options: Partial<Parameters<typeof createNavVenue>[0]> = {}) {
  const parts = holder('100000', '1000')
  const venue = createNavVenue({ ...parts, terms: { ...DAILY_FUND, ...terms }, ...options })
  return { venue, ...parts.sink }
}

const dealing = (change: Partial<DealingTerms>): DealingTerms => ({ ...DAILY_DEALING, ...change })

describe('a request', () => {
  test('is accepted for a window, priced by the first NAV after its cut-off, and settled T+2', () => {
    const { venue, all, order } = fund()
    venue.onEvent(navAt('2', '2024-07-02T20:00:00Z'))
    // Wednesday, before 16:00 in New York; Thursday is a holiday.
    expect(venue.submit({ kind: 'subscribe', amountE8: usd('1000') }, at('2024-07-03T14:00:00Z'))).toEqual({
      accepted: true,
      id: 1,
    })
    expect(all.accepted[0]?.because).toEqual({
      kind: 'window',
      cutOffMs: at('2024-07-03T20:00:00Z'),
      dealingDay: '2024-07-03',
      settlesMs: at('2024-07-08T16:00:00Z'),
    })
    expect([venue.book.cash.amount, venue.book.pendingE8]).toEqual([usd('99000'), usd('1000')])
    // Struck before the cut-off.
    venue.onEvent(navAt('2.1', '2024-07-03T19:59:59Z'))
    expect(all.priced).toEqual([])
    // Of the morning, though published after it.
    venue.onEvent(navAt('2.2', '2024-07-03T12:00:00Z', '2024-07-03T21:00:00Z'))
    expect(all.priced).toEqual([])
    // Struck at it, published in the evening.
    venue.onEvent(navAt('2.5', '2024-07-03T20:00:00Z', '2024-07-03T23:00:00Z'))
    expect(all.priced).toEqual([
      {
        id: 1,
        timeMs: at('2024-07-03T23:00:00Z'),
        because: 'struckAfterCutOff',
        isWhole: true,
        navE8: 250_000_000n,
        grossE8: usd('1000'),
        feeE8: 0n,
        shares: shares('400'),
        settlesMs: at('2024-07-08T16:00:00Z'),
      },
    ])
    expect([venue.book.shares.amount, venue.book.incomingShares]).toEqual([shares('1000'), shares('400')])
    expect(venue.dueMs).toBe(at('2024-07-08T16:00:00Z'))
    venue.onTime(at('2024-07-08T15:59:59Z'))
    expect(all.settled).toEqual([])
    venue.onTime(at('2024-07-09T00:00:00Z'))
    expect(all.settled).toEqual([
      { id: 1, timeMs: at('2024-07-08T16:00:00Z'), cashE8: 0n, shares: shares('400') },
    ])
    expect(venue.book.shares.amount).toBe(shares('1400'))
    expect(order).toEqual(['accepted 1', 'priced 1', 'settled 1'])
    expect(venue.pending()).toEqual([])
  })

  test('to redeem is paid the NAV of its window, less the fee', () => {
    const { venue, all } = fund({
      redemption: dealing({ fee: { flatE8: usd('5'), ppm: 1_000, tiers: [] } }),
    })
    venue.submit({ kind: 'redeem', shares: shares('100') }, at('2024-07-08T14:00:00Z'))
    expect([venue.book.shares.amount, venue.book.lockedShares]).toEqual([shares('900'), shares('100')])
    venue.onEvent(navAt('2', '2024-07-08T20:00:00Z', '2024-07-08T22:00:00Z'))
    // 100 shares at 2 are 200; the fee is 5 and 0.1 % of 200.
    expect(all.priced[0]).toMatchObject({ grossE8: usd('200'), feeE8: usd('5.2'), shares: shares('100') })
    expect(venue.book.receivableE8).toBe(usd('194.8'))
    venue.onTime(at('2024-07-10T16:00:00Z'))
    expect(venue.book.cash.amount).toBe(usd('100194.8'))
  })

  test('at the cut-off makes the window, one a millisecond later the next', () => {
    const { venue, all } = fund()
    venue.submit({ kind: 'subscribe', amountE8: usd('10') }, at('2024-07-08T20:00:00Z'))
    venue.submit({ kind: 'subscribe', amountE8: usd('10') }, at('2024-07-08T20:00:00.001Z'))
    expect(all.accepted.map(({ because }) => because.kind === 'window' && because.dealingDay)).toEqual([
      '2024-07-08',
      '2024-07-09',
    ])
  })

  test('at the cut-off is not priced by a NAV that is published at that very time', () => {
    const { venue, all } = fund()
    venue.submit({ kind: 'subscribe', amountE8: usd('10') }, at('2024-07-08T20:00:00Z'))
    venue.onEvent(navAt('2', '2024-07-08T20:00:00Z'))
    expect(all.priced).toEqual([])
    venue.onEvent(navAt('3', '2024-07-08T20:00:00.001Z'))
    expect(all.priced[0]?.navE8).toBe(300_000_000n)
  })

  test('whose price comes after T+n is settled when it is priced', () => {
    const { venue, all } = fund()
    venue.submit({ kind: 'subscribe', amountE8: usd('10') }, at('2024-07-08T14:00:00Z'))
    venue.onEvent(navAt('2', '2024-07-08T20:00:00Z', '2024-07-15T22:00:00Z'))
    expect(all.settled[0]).toMatchObject({ id: 1, timeMs: at('2024-07-15T22:00:00Z') })
  })

  test('may be taken back until its cut-off', () => {
    const { venue, all } = fund()
    venue.submit({ kind: 'redeem', shares: shares('10') }, at('2024-07-08T14:00:00Z'))
    venue.submit({ kind: 'subscribe', amountE8: usd('10') }, at('2024-07-08T14:00:00Z'))
    expect(venue.cancel(1, at('2024-07-08T20:00:00Z'))).toEqual({ cancelled: true })
    expect(venue.cancel(1, at('2024-07-08T20:00:00Z'))).toEqual({ cancelled: false, reason: 'notPending' })
    expect(venue.cancel(2, at('2024-07-08T20:00:01Z'))).toEqual({ cancelled: false, reason: 'afterCutOff' })
    expect(venue.book.shares.amount).toBe(shares('1000'))
    expect(all.rejected).toMatchObject([{ id: 1, reason: 'cancelled' }])
    expect(venue.pending().map(({ id, stage }) => [id, stage])).toEqual([[2, 'accepted']])
  })

  test('that buys less than a smallest unit is given back', () => {
    const { venue, all } = fund()
    venue.submit({ kind: 'subscribe', amountE8: usd('0.000001') }, at('2024-07-08T14:00:00Z'))
    venue.onEvent(navAt('2', '2024-07-08T20:00:00Z', '2024-07-08T22:00:00Z'))
    expect(all.rejected).toMatchObject([{ id: 1, reason: 'nothingLeft' }])
    expect(venue.book.cash.amount).toBe(usd('100000'))
  })
})

describe('shares that are given up', () => {
  const rise = (pendingEarns: boolean, struck: string) => {
    const { venue, all } = fund({ pendingEarns })
    venue.onEvent(navAt('2', '2024-07-05T20:00:00Z'))
    venue.submit({ kind: 'redeem', shares: shares('100') }, at('2024-07-08T14:00:00Z'))
    venue.onEvent(navAt(struck, '2024-07-08T20:00:00Z', '2024-07-08T22:00:00Z'))
    return all.priced[0]?.navE8
  }

  test.each([
    [true, '2.1', 210_000_000n],
    [false, '2.1', 200_000_000n],
    // What earns nothing may still lose.
    [false, '1.9', 190_000_000n],
  ])('when pending earns is %s, struck at %s after 2, are priced at %i', (pendingEarns, struck, expected) => {
    expect(rise(pendingEarns, struck)).toBe(expected)
  })
})

describe('a request is refused', () => {
  const NOW = at('2024-07-08T14:00:00Z')
  const side = dealing({ minimum: 10_000_000_000n, increment: 1_000_000_000n })
  test.each<[string, Partial<NavTerms>, bigint, object]>([
    ['below the minimum', { subscription: side }, usd('99'), { reason: 'belowMinimum', limit: usd('100') }],
    ['between increments', { subscription: side }, usd('105'), { reason: 'offIncrement', limit: usd('10') }],
    ['beyond the cash', {}, usd('100001'), { reason: 'insufficientCash', limit: usd('100000') }],
    ['where none is taken', { subscription: null }, usd('100'), { reason: 'notOffered', limit: null }],
    [
      'after the last window',
      { subscription: dealing({ days: { kind: 'list', days: ['2024-06-28'] } }) },
      usd('100'),
      { reason: 'closed', limit: null },
    ],
    [
      'before the first NAV, where its age matters',
      { maxNavAgeMs: DAY_MS },
      usd('100'),
      { reason: 'noNav', limit: null },
    ],
    [
      'when the fee takes it all',
      { subscription: dealing({ fee: { ...NO_FEE, flatE8: usd('100') } }) },
      usd('100'),
      { reason: 'nothingLeft', limit: usd('100') },
    ],
  ])('%s', (_name, terms, amount, refusal) => {
    const { venue, all } = fund(terms)
    expect(venue.submit({ kind: 'subscribe', amountE8: cashE8(amount) }, NOW)).toEqual({
      accepted: false,
      ...refusal,
    })
    expect(all.rejected).toMatchObject([{ id: null, timeMs: NOW }])
    expect(venue.book.cash.amount).toBe(usd('100000'))
    expect(venue.pending()).toEqual([])
  })

  test('on a NAV that is too old, and taken again on a fresh one', () => {
    const { venue } = fund({ maxNavAgeMs: 3 * DAY_MS })
    // Published late, it is as old as what it describes.
    venue.onEvent(navAt('2', '2024-07-05T13:59:59Z', '2024-07-07T20:00:00Z'))
    const request = { kind: 'subscribe', amountE8: usd('10') } as const
    expect(venue.submit(request, NOW)).toEqual({ accepted: false, reason: 'staleNav', limit: 3 * DAY_MS })
    venue.onEvent(navAt('2', '2024-07-08T13:00:00Z', '2024-07-08T14:00:00Z'))
    expect(venue.submit(request, NOW)).toMatchObject({ accepted: true })
  })

  test('while the market is shut, with the time that it opens', () => {
    const hours = dailySessions('America/New_York', '09:30', '16:00', US_BUSINESS_DAYS)
    const { venue } = fund({}, { hours })
    expect(venue.submit({ kind: 'redeem', shares: shares('1') }, at('2024-07-04T15:00:00Z'))).toEqual({
      accepted: false,
      reason: 'closed',
      limit: at('2024-07-05T13:30:00Z'),
    })
  })

  test('beyond the free shares: those given up already count no more', () => {
    const { venue } = fund()
    venue.submit({ kind: 'redeem', shares: shares('600') }, NOW)
    expect(venue.submit({ kind: 'redeem', shares: shares('401') }, NOW)).toEqual({
      accepted: false,
      reason: 'insufficientShares',
      limit: shares('400'),
    })
  })
})

describe('a permissioned token', () => {
  const compliance = { verified: [WALLET], lockUpMs: 0, maxHolders: null, maxBalance: null }
  const control = (action: 'paused' | 'unpaused' | 'walletFrozen' | 'walletUnfrozen', time: string) =>
    fundEvent(
      {
        type: 'tokenControl',
        action,
        account: action.startsWith('wallet') ? WALLET : null,
        successor: null,
        amount: null,
      },
      at(time),
    )

  test('that is paused refuses requests, and lets them through again', () => {
    const { venue } = fund({}, { compliance })
    venue.onEvent(control('paused', '2024-07-08T10:00:00Z'))
    const request = { kind: 'redeem', shares: shares('1') } as const
    expect(venue.submit(request, at('2024-07-08T14:00:00Z'))).toMatchObject({
      accepted: false,
      reason: 'paused',
    })
    venue.onEvent(control('unpaused', '2024-07-08T15:00:00Z'))
    expect(venue.submit(request, at('2024-07-08T15:00:00Z'))).toMatchObject({ accepted: true })
  })

  test('refuses a wallet that is not verified', () => {
    const { venue } = fund({}, { compliance: { ...compliance, verified: [] } })
    expect(venue.submit({ kind: 'subscribe', amountE8: usd('1') }, at('2024-07-08T14:00:00Z'))).toMatchObject(
      {
        reason: 'unverifiedReceiver',
      },
    )
  })

  test('holds shares back from a frozen wallet, and delivers them once it is free', () => {
    const { venue, all, order } = fund({}, { compliance })
    venue.submit({ kind: 'subscribe', amountE8: usd('100') }, at('2024-07-08T14:00:00Z'))
    venue.onEvent(navAt('2', '2024-07-08T20:00:00Z', '2024-07-08T22:00:00Z'))
    venue.onEvent(control('walletFrozen', '2024-07-09T10:00:00Z'))
    venue.onTime(at('2024-07-11T00:00:00Z'))
    expect(all.deferred).toEqual([{ id: 1, timeMs: at('2024-07-10T16:00:00Z'), reason: 'receiverFrozen' }])
    expect(venue.pending()).toMatchObject([{ id: 1, stage: 'priced' }])
    venue.onEvent(control('walletUnfrozen', '2024-07-12T10:00:00Z'))
    expect(order).toEqual(['accepted 1', 'priced 1', 'deferred 1', 'settled 1'])
    expect(all.settled[0]?.timeMs).toBe(at('2024-07-12T10:00:00Z'))
    expect(venue.book.shares.amount).toBe(shares('1050'))
  })

  test('that is moved by its issuer changes the position; what is truly held is reconciled', () => {
    const { venue, all } = fund({}, { compliance })
    const move = (from: typeof WALLET, to: typeof WALLET, amount: string) =>
      fundEvent({ type: 'transfer', from, to, amount: shares(amount) }, at('2024-07-08T10:00:00Z'))
    venue.onEvent(move(WALLET, `0x${'ee'.repeat(20)}`, '300'))
    venue.onEvent(move(`0x${'ee'.repeat(20)}`, WALLET, '50'))
    // More than is there.
    venue.onEvent(move(WALLET, `0x${'ee'.repeat(20)}`, '5000'))
    venue.reconcile(shares('7'), at('2024-07-08T11:00:00Z'))
    venue.reconcile(shares('7'), at('2024-07-08T12:00:00Z'))
    expect(all.positionChanged.map(({ reason, shares: by, heldAfter }) => [reason, by, heldAfter])).toEqual([
      ['forcedTransfer', -shares('300'), shares('700')],
      ['forcedTransfer', shares('50'), shares('750')],
      ['forcedTransfer', -shares('750'), 0n],
      ['reconciled', shares('7'), shares('7')],
    ])
    expect(venue.book.totals.sharesAdjusted).toBe(shares('7') - shares('1000'))
  })
})

test('what is due when it is reconciled is part of what should be held', () => {
  const { venue, all } = fund()
  venue.submit({ kind: 'subscribe', amountE8: usd('100') }, at('2024-07-08T14:00:00Z'))
  venue.onEvent(navAt('2', '2024-07-08T20:00:00Z', '2024-07-08T22:00:00Z'))
  venue.reconcile(shares('1050'), at('2024-07-11'))
  expect(all.positionChanged).toEqual([])
})

test('terms are plain data: written and read again, they deal alike', () => {
  expect(parseCanonicalJson(canonicalJson(DAILY_FUND))).toEqual(DAILY_FUND)
})

test.each<[string, Partial<DealingTerms>, string]>([
  ['an increment of nothing', { increment: 0n }, 'subscription.increment is 0.'],
  [
    'a month without such a day',
    { days: { kind: 'monthly', businessDay: 22, months: [] } },
    'subscription.days.businessDay is 22.',
  ],
  [
    'days out of order',
    { days: { kind: 'list', days: ['2024-02-01', '2024-01-01'] } },
    'subscription.days do not rise.',
  ],
  [
    'half a day',
    { settlement: { days: 0.5, basis: 'calendar', time: '12:00' } },
    'subscription.settlement.days is 0.5.',
  ],
  [
    'a fee above all',
    { fee: { ...NO_FEE, ppm: 1_000_001 } },
    'The fee subscription.fee cannot be charged: ppm is 1000001.',
  ],
  ['a time that is none', { cutOff: '4 pm' }, '"4 pm" is not a time of day.'],
])('terms with %s are refused', (_name, change, message) => {
  expect(() => fund({ subscription: dealing(change) })).toThrow(message)
})
