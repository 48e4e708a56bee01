import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { QueueTerms } from '../../agents/index.ts'
import { cashE8, DAY_MS, HOUR_MS, priceE8, quantity, type UnixMs, unixMs } from '../../core/index.ts'
import { createNavVenue } from './primary/navVenue.ts'
import { createQueueVenue } from './queue/queueVenue.ts'
import { DAY_QUEUE, fundEvent, holder, WALLET } from './testing/rwaMarket.conformance.ts'
import {
  navTerms,
  play,
  queueTerms,
  START,
  START_CASH,
  START_SHARES,
  type Step,
  script,
  UNIT,
  type World,
  world,
  yields,
} from './testing/rwaScripts.conformance.ts'

const sum = <T>(items: readonly T[], of: (item: T) => bigint): bigint =>
  items.reduce((total, item) => total + of(item), 0n)

/** Everything that must hold after every step. */
function expectConserved({ venue, sink, tradedCash, tradedShares }: World): void {
  const { book } = venue
  const { totals } = book
  for (const part of [
    book.cash.amount,
    book.shares.amount,
    book.pendingE8,
    book.receivableE8,
    book.lockedShares,
    book.incomingShares,
  ])
    expect(part).toBeGreaterThanOrEqual(0n)
  expect(book.cash.amount + book.pendingE8 + book.receivableE8).toBe(
    START_CASH + tradedCash - totals.investedE8 + totals.redeemedE8 - totals.feesE8 + totals.distributedE8,
  )
  expect(book.shares.amount + book.lockedShares + book.incomingShares).toBe(
    START_SHARES + tradedShares + totals.sharesIssued - totals.sharesRedeemed + totals.sharesAdjusted,
  )
  // What is pending explains what is set aside.
  const pending = venue.pending()
  expect(sum(pending, ({ amountE8 }) => amountE8)).toBe(book.pendingE8)
  expect(sum(pending, ({ shares }) => shares)).toBe(book.lockedShares)
  // What was told explains what moved.
  const { priced, settled, paid } = sink.all
  const isSubscription = new Map(
    sink.all.accepted.map(({ id, request }) => [id, request.kind === 'subscribe']),
  )
  const bought = priced.filter(({ id }) => isSubscription.get(id))
  const sold = priced.filter(({ id }) => !isSubscription.get(id))
  expect(totals.feesE8).toBe(sum(priced, ({ feeE8 }) => feeE8))
  expect(totals.investedE8).toBe(sum(bought, ({ grossE8, feeE8 }) => grossE8 - feeE8))
  expect(totals.redeemedE8).toBe(sum(sold, ({ grossE8 }) => grossE8))
  expect(totals.distributedE8).toBe(sum(paid, ({ cashE8 }) => cashE8))
  expect(book.receivableE8).toBe(
    totals.redeemedE8 - sum(sold, ({ feeE8 }) => feeE8) - sum(settled, ({ cashE8 }) => cashE8),
  )
}

/** No price is better than its NAV: the fund never gives more than it gets, nor less by more than a unit. */
function expectFairPrices({ sink }: World): void {
  const isSubscription = new Map(
    sink.all.accepted.map(({ id, request }) => [id, request.kind === 'subscribe']),
  )
  for (const { id, navE8, grossE8, feeE8, shares } of sink.all.priced) {
    if (isSubscription.get(id)) {
      const invested = (grossE8 - feeE8) * UNIT
      expect(shares * navE8).toBeLessThanOrEqual(invested)
      expect((shares + 1n) * navE8).toBeGreaterThan(invested)
    } else {
      expect(grossE8 * UNIT).toBeLessThanOrEqual(shares * navE8)
      expect((grossE8 + 1n) * UNIT).toBeGreaterThan(shares * navE8)
    }
  }
}

function run(world: World, steps: readonly Step[]): void {
  let nowMs = START
  for (const one of steps) {
    nowMs = unixMs(nowMs + one.afterMs)
    play(one, nowMs, world)
    expectConserved(world)
  }
  expectFairPrices(world)
}

describe('nothing is created or lost, whatever happens', () => {
  /** What the scripts led to: they are no test where nothing happens. */
  const seen = { priced: 0, settled: 0, deferred: 0, rejected: 0, paid: 0, positionChanged: 0 }
  const count = ({ sink }: World): void => {
    for (const kind of Object.keys(seen) as (keyof typeof seen)[]) seen[kind] += sink.all[kind].length
  }
  afterAll(() => {
    console.log(seen)
    for (const [kind, events] of Object.entries(seen)) expect([kind, events > 20]).toEqual([kind, true])
  })

  test('in a fund that deals at NAV', () => {
    fc.assert(
      fc.property(navTerms, yields, fc.boolean(), script, (terms, kind, isPermissioned, steps) => {
        const compliance = isPermissioned
          ? { verified: [WALLET], lockUpMs: HOUR_MS, maxHolders: null, maxBalance: null }
          : null
        const here = world(parts => createNavVenue({ ...parts, compliance, terms }), kind)
        run(here, steps)
        count(here)
      }),
      { numRuns: 250 },
    )
  })

  test('in an asynchronous vault', () => {
    fc.assert(
      fc.property(queueTerms, yields, fc.boolean(), script, (terms, kind, isPermissioned, steps) => {
        const compliance = isPermissioned
          ? { verified: [WALLET], lockUpMs: HOUR_MS, maxHolders: null, maxBalance: null }
          : null
        const here = world(parts => createQueueVenue({ ...parts, compliance, terms }), kind)
        run(here, steps)
        count(here)
      }),
      { numRuns: 250 },
    )
  })
})

test('no request is priced by a NAV that was known when it was made', () => {
  fc.assert(
    fc.property(navTerms, script, (terms, steps) => {
      const here = world(parts => createNavVenue({ ...parts, terms: { ...terms, pendingEarns: true } }), {
        kind: 'accrues',
      })
      let nowMs = START
      const published = new Map<bigint, UnixMs[]>()
      for (const one of steps) {
        nowMs = unixMs(nowMs + one.afterMs)
        if (one.act === 'event' && one.value.type === 'nav')
          published.set(one.value.navE8, [...(published.get(one.value.navE8) ?? []), nowMs])
        play(one, nowMs, here)
      }
      for (const { id, navE8, timeMs } of here.sink.all.priced) {
        const submitted = here.sink.all.accepted.find(accepted => accepted.id === id)?.timeMs ?? 0
        expect(published.get(navE8)).toContain(timeMs)
        expect(timeMs).toBeGreaterThan(submitted)
      }
    }),
  )
})

test('a vault pays no more than its capacity in any period', () => {
  const assetsE8 = cashE8(10n ** 11n)
  fc.assert(
    fc.property(queueTerms, script, (terms, steps) => {
      const redemption = {
        ...terms.redemption,
        fulfilment: 'modelled',
        capacity: { assetsE8, periodMs: DAY_MS },
      }
      const here = world(
        parts => createQueueVenue({ ...parts, terms: { ...terms, redemption, instant: null } as QueueTerms }),
        { kind: 'accrues' },
      )
      run(here, steps)
      const perDay = new Map<number, bigint>()
      const redeemed = new Set(
        here.sink.all.accepted.filter(({ request }) => request.kind === 'redeem').map(({ id }) => id),
      )
      for (const { id, timeMs, grossE8 } of here.sink.all.priced)
        if (redeemed.has(id))
          perDay.set(Math.floor(timeMs / DAY_MS), (perDay.get(Math.floor(timeMs / DAY_MS)) ?? 0n) + grossE8)
      for (const paid of perDay.values()) expect(paid).toBeLessThanOrEqual(assetsE8)
    }),
  )
})

test('time asked about in small steps or in one changes nothing', () => {
  fc.assert(
    fc.property(queueTerms, yields, script, fc.integer({ min: 2, max: 9 }), (terms, kind, steps, parts) => {
      const [coarse, fine] = [0, 1].map(() => world(all => createQueueVenue({ ...all, terms }), kind))
      if (coarse === undefined || fine === undefined) return
      let nowMs = START
      for (const one of steps) {
        for (let part = 1; part < parts; part++)
          fine.venue.onTime(unixMs(nowMs + Math.floor((one.afterMs * part) / parts)))
        nowMs = unixMs(nowMs + one.afterMs)
        play(one, nowMs, coarse)
        play(one, nowMs, fine)
      }
      expect(fine.sink.all).toEqual(coarse.sink.all)
    }),
  )
})

test('with a constant NAV and no fee, a way there and back costs less than a unit of each', () => {
  const held = 10n ** 9n
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 10n ** 13n }),
      fc.bigInt({ min: 1n, max: 10n ** 12n }),
      (sumE8, navE8) => {
        const parts = holder('100000', '1000')
        const side = { ...DAY_QUEUE, typicalDelayMs: 0 }
        const venue = createQueueVenue({
          ...parts,
          terms: {
            deposit: side,
            redemption: side,
            instant: null,
            assetDecimals: 6,
            rateFrom: 'nav',
            maxNavAgeMs: null,
            pendingEarns: true,
          },
        })
        venue.onEvent(fundEvent({ type: 'nav', navE8: priceE8(navE8) }, START))
        const before = venue.book.cash.amount
        venue.submit({ kind: 'subscribe', amountE8: cashE8(sumE8) }, START)
        const bought = venue.book.shares.amount - held
        if (bought > 0n) venue.submit({ kind: 'redeem', shares: quantity(bought) }, START)
        const lost = before - venue.book.cash.amount
        expect(lost).toBeGreaterThanOrEqual(0n)
        expect(lost * UNIT).toBeLessThan(navE8 + UNIT)
      },
    ),
  )
})
