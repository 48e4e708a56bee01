import { describe, expect, test } from 'vitest'
import { NO_FEE, type QueueSideTerms, type QueueTerms } from '../../../agents/index.ts'
import {
  type Address,
  DAY_MS,
  HOUR_MS,
  type MarketEvent,
  type VaultRequestStage,
} from '../../../core/index.ts'
import {
  at,
  DAY_QUEUE,
  fundEvent,
  holder,
  navAt,
  OTHER,
  shares,
  THIRD,
  usd,
  VAULT,
  WALLET,
} from '../testing/rwaMarket.conformance.ts'
import { createQueueVenue } from './queueVenue.ts'

function vault(terms: Partial<QueueTerms> = {}) {
  const parts = holder('100000', '10000')
  const venue = createQueueVenue({ ...parts, terms: { ...VAULT, ...terms } })
  venue.onEvent(navAt('1', '2024-01-01T00:00:00Z'))
  return { venue, ...parts.sink }
}

const queue = (change: Partial<QueueSideTerms>): QueueSideTerms => ({ ...DAY_QUEUE, ...change })
const NOON = at('2024-01-01T12:00:00Z')

function requestEvent(
  stage: VaultRequestStage,
  controller: Address,
  amounts: { assets?: string; shares?: string },
  time: string,
): MarketEvent {
  return fundEvent(
    {
      type: 'vaultRequest',
      stage,
      controller,
      requestId: null,
      // The asset has six decimals, as the shares.
      assets: amounts.assets === undefined ? null : shares(amounts.assets),
      shares: amounts.shares === undefined ? null : shares(amounts.shares),
    },
    at(time),
  )
}

describe('a redemption', () => {
  test('is paid the rate of its fulfilment, not of its request', () => {
    const { venue, all, order } = vault()
    venue.submit({ kind: 'redeem', shares: shares('100') }, NOON)
    expect(venue.book.lockedShares).toBe(shares('100'))
    venue.onEvent(navAt('1.1', '2024-01-02T00:00:00Z'))
    venue.onTime(at('2024-01-02T11:59:59Z'))
    expect(all.priced).toEqual([])
    venue.onEvent(navAt('9', '2024-01-03T00:00:00Z'))
    // The NAV of the third day came after it was due.
    expect(all.priced).toMatchObject([
      { timeMs: NOON + DAY_MS, because: 'modelled', navE8: 110_000_000n, grossE8: usd('110'), isWhole: true },
    ])
    expect(venue.book.cash.amount).toBe(usd('100110'))
    expect(order).toEqual(['accepted 1', 'priced 1', 'settled 1'])
  })

  test('whose pending shares earn nothing is paid the lower rate', () => {
    const { venue, all } = vault({ pendingEarns: false })
    venue.submit({ kind: 'redeem', shares: shares('100') }, NOON)
    venue.onEvent(navAt('1.1', '2024-01-02T00:00:00Z'))
    venue.submit({ kind: 'redeem', shares: shares('100') }, at('2024-01-02T00:00:00Z'))
    venue.onEvent(navAt('1.05', '2024-01-02T06:00:00Z'))
    venue.onTime(at('2024-01-05'))
    expect(all.priced.map(({ navE8 }) => navE8)).toEqual([100_000_000n, 105_000_000n])
  })

  test('is claimed some time after', () => {
    const { venue, all } = vault({ redemption: queue({ claimDelayMs: HOUR_MS }) })
    venue.submit({ kind: 'redeem', shares: shares('100') }, NOON)
    venue.onTime(at('2024-01-02T12:30:00Z'))
    expect([venue.book.receivableE8, all.settled]).toEqual([usd('100'), []])
    expect(venue.dueMs).toBe(NOON + DAY_MS + HOUR_MS)
    venue.onTime(at('2024-01-02T13:00:00Z'))
    expect(all.settled).toEqual([{ id: 1, timeMs: NOON + DAY_MS + HOUR_MS, cashE8: usd('100'), shares: 0n }])
  })

  test('waits for a NAV that is fresh', () => {
    const { venue, all } = vault({ maxNavAgeMs: 20 * HOUR_MS })
    venue.submit({ kind: 'redeem', shares: shares('100') }, NOON)
    venue.onTime(at('2024-01-04'))
    expect(all.priced).toEqual([])
    venue.onEvent(navAt('1.2', '2024-01-04T00:00:00Z', '2024-01-04T09:00:00Z'))
    expect(all.priced).toMatchObject([{ timeMs: at('2024-01-04T09:00:00Z'), navE8: 120_000_000n }])
  })

  test('may be taken back until it is fulfilled', () => {
    const { venue } = vault()
    venue.submit({ kind: 'redeem', shares: shares('100') }, NOON)
    expect(venue.cancel(1, at('2024-01-02T11:00:00Z'))).toEqual({ cancelled: true })
    expect(venue.book.shares.amount).toBe(shares('10000'))
    venue.submit({ kind: 'redeem', shares: shares('100') }, at('2024-01-02T11:00:00Z'))
    expect(venue.cancel(2, at('2024-01-03T11:00:00Z'))).toEqual({ cancelled: false, reason: 'notPending' })
  })
})

test('what is due when it is reconciled is part of what should be held', () => {
  const { venue, all } = vault({ deposit: DAY_QUEUE })
  venue.submit({ kind: 'subscribe', amountE8: usd('50') }, NOON)
  venue.reconcile(shares('10050'), at('2024-01-03'))
  expect(all.positionChanged).toEqual([])
})

test('a deposit into a vault without delay is priced and delivered at once', () => {
  const { venue, order } = vault()
  venue.submit({ kind: 'subscribe', amountE8: usd('50') }, NOON)
  expect(order).toEqual(['accepted 1', 'priced 1', 'settled 1'])
  expect(venue.book.shares.amount).toBe(shares('10050'))
})

describe('capacity of 100 a day', () => {
  const capacity = { assetsE8: usd('100'), periodMs: DAY_MS }
  const paid = (all: ReturnType<typeof vault>['all']) =>
    all.priced.map(({ id, timeMs, shares: part, isWhole }) => [id, timeMs, part, isWhole])
  const [DAY2, DAY3, DAY4, DAY5] = ['02', '03', '04', '05'].map(day => at(`2024-01-${day}`))

  test('is used up first come, first served, in parts', () => {
    const { venue, all } = vault({
      redemption: queue({ capacity, partialFulfilment: true, typicalDelayMs: 6 * HOUR_MS }),
    })
    venue.submit({ kind: 'redeem', shares: shares('250') }, NOON)
    venue.submit({ kind: 'redeem', shares: shares('30') }, NOON)
    venue.onTime(at('2024-02-01'))
    expect(paid(all)).toEqual([
      [1, at('2024-01-01T18:00:00Z'), shares('100'), false],
      [1, DAY2, shares('100'), false],
      [1, DAY3, shares('50'), true],
      [2, DAY3, shares('30'), true],
    ])
  })

  test('serves what others had waiting before', () => {
    const { venue, all } = vault({
      redemption: queue({
        capacity,
        partialFulfilment: true,
        typicalDelayMs: 0,
        othersPending: shares('250'),
      }),
    })
    venue.submit({ kind: 'redeem', shares: shares('120') }, NOON)
    venue.onTime(at('2024-02-01'))
    expect(all.accepted[0]?.because).toEqual({ kind: 'queue', expectedMs: NOON, ahead: shares('250') })
    expect(paid(all)).toEqual([
      [1, DAY3, shares('50'), false],
      [1, DAY4, shares('70'), true],
    ])
  })

  test('is shared pro rata at the beginning of each day', () => {
    const { venue, all } = vault({
      redemption: queue({
        capacity,
        partialFulfilment: true,
        order: 'proRata',
        typicalDelayMs: 0,
        othersPending: shares('200'),
      }),
    })
    venue.submit({ kind: 'redeem', shares: shares('120') }, NOON)
    venue.submit({ kind: 'redeem', shares: shares('80') }, NOON)
    venue.onTime(at('2024-02-01'))
    // 400 wait for 100 a day: a quarter of each on the first day, all after four.
    expect(paid(all)).toEqual([
      [1, DAY2, shares('30'), false],
      [2, DAY2, shares('20'), false],
      [1, DAY3, shares('30'), false],
      [2, DAY3, shares('20'), false],
      [1, DAY4, shares('30'), false],
      [2, DAY4, shares('20'), false],
      [1, DAY5, shares('30'), true],
      [2, DAY5, shares('20'), true],
    ])
  })

  test('that lets no part through refuses what it never covers, and gives back what grew beyond it', () => {
    const { venue, all } = vault({ redemption: queue({ capacity }) })
    expect(venue.submit({ kind: 'redeem', shares: shares('101') }, NOON)).toEqual({
      accepted: false,
      reason: 'aboveCapacity',
      limit: usd('100'),
    })
    venue.submit({ kind: 'redeem', shares: shares('60') }, NOON)
    venue.submit({ kind: 'redeem', shares: shares('60') }, NOON)
    venue.submit({ kind: 'redeem', shares: shares('95') }, NOON)
    venue.onEvent(navAt('1.1', '2024-01-02T00:00:00Z'))
    venue.onTime(at('2024-02-01'))
    expect(paid(all)).toEqual([
      [1, NOON + DAY_MS, shares('60'), true],
      [2, DAY3, shares('60'), true],
    ])
    expect(all.rejected.at(-1)).toMatchObject({ id: 3, reason: 'aboveCapacity', timeMs: DAY4 })
    expect(venue.book.shares.amount).toBe(shares('9880'))
  })
})

describe('what is observed of others', () => {
  const observed = {
    redemption: queue({ fulfilment: 'observed', minimumDelayMs: HOUR_MS, typicalDelayMs: 3 * DAY_MS }),
  }

  test('decides: a request is reached when what waited before it has been fulfilled', () => {
    const { venue, all } = vault(observed)
    venue.onEvent(requestEvent('redeemRequested', OTHER, { shares: '500' }, '2024-01-01T01:00:00Z'))
    venue.onEvent(requestEvent('redeemRequested', THIRD, { shares: '300' }, '2024-01-01T02:00:00Z'))
    venue.onEvent(
      requestEvent('redeemFulfilled', OTHER, { shares: '100', assets: '100' }, '2024-01-01T03:00:00Z'),
    )
    venue.submit({ kind: 'redeem', shares: shares('10') }, NOON)
    expect(all.accepted[0]?.because).toMatchObject({ ahead: shares('700') })
    venue.onEvent(requestEvent('redeemRequested', THIRD, { shares: '9000' }, '2024-01-02T00:00:00Z'))
    venue.onEvent(
      requestEvent('redeemFulfilled', OTHER, { shares: '400', assets: '400' }, '2024-01-03T00:00:00Z'),
    )
    // The model would have fulfilled it by now; those before it still wait.
    venue.onEvent(navAt('1.3', '2024-01-09T00:00:00Z'))
    expect(all.priced).toEqual([])
    venue.onEvent(
      requestEvent('redeemFulfilled', THIRD, { shares: '300', assets: '390' }, '2024-01-10T00:00:00Z'),
    )
    expect(all.priced).toMatchObject([
      { id: 1, because: 'observed', timeMs: at('2024-01-10'), navE8: 130_000_000n },
    ])
  })

  test('is not waited for when nobody waits', () => {
    const { venue, all } = vault(observed)
    venue.submit({ kind: 'redeem', shares: shares('10') }, NOON)
    venue.onTime(at('2024-01-10'))
    expect(all.priced).toMatchObject([{ because: 'modelled', timeMs: NOON + 3 * DAY_MS }])
  })

  test('is not waited for where the stream has requests, but no fulfilment', () => {
    const { venue, all } = vault(observed)
    venue.onEvent(requestEvent('redeemRequested', OTHER, { shares: '500' }, '2024-01-01T01:00:00Z'))
    venue.submit({ kind: 'redeem', shares: shares('10') }, NOON)
    venue.onTime(at('2024-01-10'))
    expect(all.priced).toMatchObject([{ because: 'modelled', timeMs: NOON + 3 * DAY_MS }])
  })

  test('reaches no request that is too young', () => {
    const { venue, all } = vault(observed)
    venue.submit({ kind: 'redeem', shares: shares('10') }, NOON)
    venue.onEvent(requestEvent('redeemFulfilled', OTHER, { shares: '1' }, '2024-01-01T12:59:59Z'))
    expect(all.priced).toEqual([])
    venue.onEvent(requestEvent('redeemFulfilled', OTHER, { shares: '1' }, '2024-01-01T13:00:00Z'))
    expect(all.priced).toMatchObject([{ because: 'observed', timeMs: NOON + HOUR_MS }])
  })

  test('is shared in, pro rata: what part of the others is fulfilled, that part of ours is', () => {
    const { venue, all } = vault({
      redemption: queue({ fulfilment: 'observed', order: 'proRata', partialFulfilment: true }),
    })
    venue.onEvent(requestEvent('redeemRequested', OTHER, { shares: '400' }, '2024-01-01T01:00:00Z'))
    venue.submit({ kind: 'redeem', shares: shares('100') }, NOON)
    for (const [hour, amount] of [
      ['13', '100'],
      ['14', '150'],
      ['15', '150'],
    ])
      venue.onEvent(
        requestEvent('redeemClaimable', OTHER, { shares: amount ?? '' }, `2024-01-01T${hour}:00:00Z`),
      )
    expect(all.priced.map(({ shares: part, isWhole }) => [part, isWhole])).toEqual([
      [shares('25'), false],
      [shares('37.5'), false],
      [shares('37.5'), true],
    ])
  })

  test('gives the rate, where the terms take it from fulfilments', () => {
    const { venue, all } = vault({ ...observed, rateFrom: 'fulfilments' })
    venue.submit({ kind: 'redeem', shares: shares('10') }, NOON)
    // 104.321 assets for 100 shares.
    venue.onEvent(
      requestEvent('redeemFulfilled', OTHER, { shares: '100', assets: '104.321' }, '2024-01-02T00:00:00Z'),
    )
    expect(all.priced).toMatchObject([{ navE8: 104_321_000n, grossE8: usd('10.4321') }])
    expect(venue.nav?.navE8).toBe(104_321_000n)
  })

  test('leaves out what the wallet itself asked for on chain', () => {
    const { venue, all } = vault(observed)
    venue.onEvent(requestEvent('redeemRequested', WALLET, { shares: '500' }, '2024-01-01T01:00:00Z'))
    venue.submit({ kind: 'redeem', shares: shares('10') }, NOON)
    expect(all.accepted[0]?.because).toMatchObject({ ahead: 0n })
  })

  test('of deposits decides on deposits', () => {
    const { venue, all } = vault({ deposit: queue({ fulfilment: 'observed' }) })
    venue.onEvent(requestEvent('depositRequested', OTHER, { assets: '500' }, '2024-01-01T01:00:00Z'))
    venue.submit({ kind: 'subscribe', amountE8: usd('10') }, NOON)
    expect(all.accepted[0]?.because).toMatchObject({ ahead: usd('500') })
    venue.onEvent(requestEvent('depositClaimable', OTHER, { assets: '500' }, '2024-01-01T13:00:00Z'))
    expect(all.settled).toMatchObject([{ shares: shares('10') }])
  })
})

describe('a redemption at once', () => {
  const instant = {
    minimum: shares('1'),
    increment: 1n,
    fee: { ...NO_FEE, ppm: 5_000 },
    liquidityE8: usd('300'),
    periodMs: DAY_MS,
  }
  const atOnce = (amount: string) => ({ kind: 'redeem', shares: shares(amount), instantly: true }) as const

  test('costs a fee and is capped by what liquidity others left', () => {
    const { venue, all, order } = vault({ instant })
    expect(venue.submit(atOnce('200'), NOON)).toEqual({ accepted: true, id: 1 })
    expect(order).toEqual(['accepted 1', 'priced 1', 'settled 1'])
    expect(all.priced[0]).toMatchObject({ because: 'instant', grossE8: usd('200'), feeE8: usd('1') })
    expect(venue.book.cash.amount).toBe(usd('100199'))
    venue.onEvent(
      requestEvent('redeemedInstantly', OTHER, { shares: '40', assets: '40' }, '2024-01-01T13:00:00Z'),
    )
    expect(venue.submit(atOnce('61'), at('2024-01-01T14:00:00Z'))).toEqual({
      accepted: false,
      reason: 'noLiquidity',
      limit: usd('60'),
    })
    expect(venue.submit(atOnce('60'), at('2024-01-01T14:00:00Z'))).toMatchObject({ accepted: true })
    expect(venue.submit(atOnce('300'), at('2024-01-02T00:00:00Z'))).toMatchObject({ accepted: true })
  })

  test('is refused without a NAV, or where there is none', () => {
    const parts = holder('0', '10')
    const venue = createQueueVenue({ ...parts, terms: { ...VAULT, instant } })
    expect(venue.submit(atOnce('5'), NOON)).toMatchObject({ reason: 'noNav' })
    expect(vault().venue.submit(atOnce('5'), NOON)).toMatchObject({ reason: 'notOffered' })
    expect(vault({ instant }).venue.submit(atOnce('0.5'), NOON)).toMatchObject({ reason: 'belowMinimum' })
  })
})

test.each<[string, Partial<QueueTerms>, string]>([
  [
    'no capacity',
    { redemption: queue({ capacity: { assetsE8: usd('0'), periodMs: DAY_MS } }) },
    'redemption.capacity gives 0 a period.',
  ],
  [
    'a typical delay below the least',
    { redemption: queue({ minimumDelayMs: 2 * DAY_MS }) },
    'redemption.minimumDelayMs is above its typicalDelayMs.',
  ],
  [
    'pro rata without parts',
    { redemption: queue({ order: 'proRata' }) },
    'redemption is shared pro rata, but lets no part be fulfilled.',
  ],
  [
    'a flat fee on parts',
    { deposit: queue({ partialFulfilment: true, fee: { ...NO_FEE, flatE8: usd('1') } }) },
    'deposit has a flat fee, but lets parts be fulfilled.',
  ],
])('terms with %s are refused', (_name, terms, message) => {
  expect(() => vault(terms)).toThrow(message)
})
