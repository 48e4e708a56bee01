import fc from 'fast-check'
import type {
  DealingDays,
  DealingTerms,
  NavTerms,
  QueueSideTerms,
  QueueTerms,
  YieldTerms,
} from '../../../agents/index.ts'
import {
  cashE8,
  DAY_MS,
  HOUR_MS,
  type MarketValue,
  priceE8,
  quantity,
  type UnixMs,
  unixMs,
} from '../../../core/index.ts'
import type { RwaVenue } from '../rwaVenue.ts'
import type { RecordingSink } from './recordingSink.conformance.ts'
import { at, CASH_TOKEN, FUND, fundEvent, holder, OTHER, WALLET } from './rwaMarket.conformance.ts'

/** Where every script begins. */
export const START = at('2024-01-01')
/** What a holder begins with. */
export const START_CASH = 10n ** 14n
export const START_SHARES = 10n ** 12n
/** Smallest units in one share. */
export const UNIT = 10n ** BigInt(FUND.decimals)

/** What a script does, each step so long after the one before. */
export type Step = { readonly afterMs: number } & (
  | { readonly act: 'subscribe' | 'redeem' | 'redeemInstantly'; readonly size: number }
  | { readonly act: 'cancel'; readonly id: number }
  | { readonly act: 'trade'; readonly shares: number; readonly cash: number }
  | { readonly act: 'event'; readonly value: MarketValue; readonly agoMs: number }
  | { readonly act: 'reconcile'; readonly by: number }
  | { readonly act: 'wait' }
)

const after = fc.oneof(fc.nat(10 * HOUR_MS), fc.nat(3 * DAY_MS), fc.constant(0))
const amount = fc.integer({ min: 1, max: 4 * 10 ** 11 })
const nav: fc.Arbitrary<MarketValue> = fc
  .integer({ min: 50_000_000, max: 300_000_000 })
  .map(value => ({ type: 'nav', navE8: priceE8(BigInt(value)) }))
const others: fc.Arbitrary<MarketValue> = fc.oneof(
  fc.record({
    type: fc.constant('vaultRequest' as const),
    stage: fc.constantFrom(
      'redeemRequested' as const,
      'redeemFulfilled' as const,
      'depositRequested' as const,
      'depositClaimable' as const,
      'redeemedInstantly' as const,
    ),
    controller: fc.constantFrom(OTHER, WALLET),
    requestId: fc.constant(null),
    assets: amount.map(BigInt),
    shares: amount.map(value => quantity(BigInt(value))),
  }),
  fc.record({
    type: fc.constant('tokenControl' as const),
    action: fc.constantFrom(
      'paused' as const,
      'unpaused' as const,
      'unpaused' as const,
      'walletFrozen' as const,
      'walletUnfrozen' as const,
      'walletRecovered' as const,
    ),
    account: fc.constant(WALLET),
    successor: fc.constant(WALLET),
    amount: fc.constant(null),
  }),
  fc.record({
    type: fc.constant('transfer' as const),
    from: fc.constantFrom(OTHER, WALLET),
    to: fc.constantFrom(OTHER, WALLET),
    amount: amount.map(value => quantity(BigInt(value))),
  }),
  fc.record({
    type: fc.constant('distribution' as const),
    token: fc.constantFrom(CASH_TOKEN, OTHER),
    amount: amount.map(BigInt),
  }),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant('subscribe' as const), size: amount, afterMs: after }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('redeem' as const), size: amount, afterMs: after }) },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant('redeemInstantly' as const), size: amount, afterMs: after }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('cancel' as const),
      id: fc.integer({ min: 1, max: 12 }),
      afterMs: after,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('trade' as const),
      shares: fc.integer({ min: -(10 ** 9), max: 10 ** 9 }),
      cash: fc.integer({ min: -(10 ** 9), max: 10 ** 9 }),
      afterMs: after,
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      act: fc.constant('event' as const),
      value: nav,
      agoMs: fc.constantFrom(0, HOUR_MS, 6 * HOUR_MS),
      afterMs: after,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('event' as const),
      value: others,
      agoMs: fc.constant(0),
      afterMs: after,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('reconcile' as const),
      by: fc.integer({ min: -(10 ** 6), max: 10 ** 6 }),
      afterMs: after,
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('wait' as const), afterMs: after }) },
)
/** What may happen to a venue, in any order. */
export const script = fc.array(step, { minLength: 20, maxLength: 80, size: 'max' })

const fee = fc.record({
  flatE8: fc.bigInt({ min: 0n, max: 10n ** 9n }).map(cashE8),
  ppm: fc.integer({ min: 0, max: 50_000 }),
  tiers: fc.constantFrom([], [{ fromE8: cashE8(10n ** 11n), ppm: 100 }]),
})
/** Every way that yield reaches a holder. */
export const yields = fc.constantFrom<YieldTerms>(
  { kind: 'accrues' },
  { kind: 'rebases', priceE8: priceE8(100_000_000n), rounding: 'fromShares', precision: 10_000 },
  { kind: 'rebases', priceE8: priceE8(100_000_000n), rounding: 'eachRebase', precision: 1 },
  {
    kind: 'distributed',
    cashToken: CASH_TOKEN,
    cashDecimals: 6,
    totalShares: quantity(10n ** 13n),
    includesHolder: false,
  },
)
const dealing: fc.Arbitrary<DealingTerms> = fc.record({
  days: fc.constantFrom<DealingDays>(
    { kind: 'daily' },
    { kind: 'weekly', weekday: 3 },
    { kind: 'monthly', businessDay: -1, months: [] },
  ),
  cutOff: fc.constantFrom('00:00', '16:00', '24:00'),
  noticeBusinessDays: fc.integer({ min: 0, max: 3 }),
  minimum: fc.constantFrom(1n, 10n ** 8n),
  increment: fc.constantFrom(1n, 1n, 7n),
  fee,
  settlement: fc.record({
    days: fc.integer({ min: 0, max: 4 }),
    basis: fc.constantFrom('business' as const, 'calendar' as const),
    time: fc.constant('12:00'),
  }),
  cancellable: fc.boolean(),
})
/** Terms of a fund, of every kind. */
export const navTerms: fc.Arbitrary<NavTerms> = fc.record({
  zone: fc.constantFrom('America/New_York' as const, '+08:00' as const),
  calendar: fc.constant({ weekend: [6, 7] as const, holidays: 'usFederalReserve' as const, closedDays: [] }),
  subscription: dealing,
  redemption: dealing,
  maxNavAgeMs: fc.constantFrom(null, 5 * DAY_MS),
  pendingEarns: fc.boolean(),
})
const queueSide: fc.Arbitrary<QueueSideTerms> = fc
  .record({
    minimum: fc.constant(1n),
    increment: fc.constant(1n),
    fee,
    fulfilment: fc.constantFrom('modelled' as const, 'observed' as const),
    minimumDelayMs: fc.constantFrom(0, HOUR_MS),
    typicalDelayMs: fc.constantFrom(HOUR_MS, DAY_MS),
    capacity: fc.constantFrom(null, { assetsE8: cashE8(10n ** 11n), periodMs: DAY_MS }),
    order: fc.constantFrom('firstComeFirstServed' as const, 'proRata' as const),
    partialFulfilment: fc.boolean(),
    othersPending: fc.constantFrom(0n, 10n ** 10n),
    claimDelayMs: fc.constantFrom(0, HOUR_MS),
    cancellable: fc.boolean(),
  })
  .map(side => {
    const partialFulfilment = side.partialFulfilment || side.order === 'proRata'
    return {
      ...side,
      partialFulfilment,
      fee: partialFulfilment ? { ...side.fee, flatE8: cashE8(0n) } : side.fee,
    }
  })
/** Terms of a vault, of every kind. */
export const queueTerms: fc.Arbitrary<QueueTerms> = fc.record({
  deposit: queueSide,
  redemption: queueSide,
  instant: fc.option(
    fc.record({
      minimum: fc.constant(1n),
      increment: fc.constant(1n),
      fee,
      liquidityE8: fc.constant(cashE8(10n ** 12n)),
      periodMs: fc.constant(DAY_MS),
    }),
  ),
  assetDecimals: fc.constant(6),
  rateFrom: fc.constantFrom('nav' as const, 'nav' as const, 'fulfilments' as const),
  maxNavAgeMs: fc.constantFrom(null, 5 * DAY_MS),
  pendingEarns: fc.boolean(),
})

/** Opens a venue in a world of its own. */
export function world(open: (parts: ReturnType<typeof holder>) => RwaVenue, kind: YieldTerms): World {
  const parts = holder()
  parts.cash.add(cashE8(START_CASH - parts.cash.amount))
  parts.shares.add(quantity(START_SHARES))
  return { venue: open({ ...parts, yields: kind }), sink: parts.sink, tradedCash: 0n, tradedShares: 0n }
}

/** A venue, what it said, and what a market traded beside it. */
export type World = {
  readonly venue: RwaVenue
  readonly sink: RecordingSink
  tradedCash: bigint
  tradedShares: bigint
}

/** Plays one step of a script. */
export function play(step: Step, nowMs: UnixMs, world: World): void {
  const { venue } = world
  switch (step.act) {
    case 'subscribe':
      venue.submit({ kind: 'subscribe', amountE8: cashE8(BigInt(step.size) * 100n) }, nowMs)
      break
    case 'redeem':
    case 'redeemInstantly':
      venue.submit(
        { kind: 'redeem', shares: quantity(BigInt(step.size)), instantly: step.act === 'redeemInstantly' },
        nowMs,
      )
      break
    case 'cancel':
      venue.cancel(step.id, nowMs)
      break
    case 'trade': {
      // A market that draws on the same balances.
      venue.onTime(nowMs)
      const { cash, shares } = venue.book
      const [byCash, byShares] = [BigInt(step.cash), BigInt(step.shares)]
      if (cash.amount + byCash < 0n || shares.amount + byShares < 0n) break
      cash.add(cashE8(byCash))
      shares.add(quantity(byShares))
      world.tradedCash += byCash
      world.tradedShares += byShares
      break
    }
    case 'event':
      venue.onEvent(fundEvent(step.value, unixMs(nowMs - step.agoMs), nowMs))
      break
    case 'reconcile': {
      venue.onTime(nowMs)
      const held = venue.book.shares.amount + BigInt(step.by)
      venue.reconcile(quantity(held > 0n ? held : 0n), nowMs)
      break
    }
    case 'wait':
      venue.onTime(nowMs)
  }
}
