import { beforeAll, describe, expect, test } from 'vitest'
import type { YieldTerms } from '../../agents/index.ts'
import { readNavHistory, readYieldCurve } from '../../chain-ingest/index.ts'
import { hasRecordedData, recorded } from '../../chain-ingest/testing/recordedData.conformance.ts'
import {
  DAY_MS,
  formatDecimal,
  formatInstant,
  type MarketEvent,
  priceE8,
  quantity,
  type UnixMs,
  unixMs,
} from '../../core/index.ts'
import { netNavs } from './fees/netNavs.ts'
import { yieldNavs } from './fees/yieldNavs.ts'
import { accruedReturn, fractionToNumber, rebasedReturn } from './holding/totalReturn.ts'
import { createNavVenue } from './primary/navVenue.ts'
import { createQueueVenue } from './queue/queueVenue.ts'
import {
  CASH_TOKEN,
  DAILY_DEALING,
  DAILY_FUND,
  DAY_QUEUE,
  FUND,
  fundEvent,
  holder,
  shares,
  usd,
  VAULT,
} from './testing/rwaMarket.conformance.ts'

if (!hasRecordedData) console.log('Skipped: no recorded data (set TOUCHSTONE_DATA to its folder).')

/** A time that a wall clock in New York shows, by the machine's own zone data. */
function newYork(day: string, time: string): number {
  const guess = Date.parse(`${day}T${time}:00Z`)
  const zone = new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', timeZoneName: 'longOffset' })
  const name =
    zone.formatToParts(guess + 5 * 3_600_000).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  return Date.parse(`${day}T${time}:00${name.replace('GMT', '')}`)
}

/** The first Wednesday whose 16:00 in New York is not before a time: its cut-off, and the Friday noon after it. */
function wednesdayFrom(atMs: number): { cutOff: number; friday: number } {
  for (let day = Math.floor(atMs / DAY_MS) - 1; ; day++) {
    const date = new Date(day * DAY_MS)
    if (date.getUTCDay() !== 3) continue
    const cutOff = newYork(date.toISOString().slice(0, 10), '16:00')
    if (cutOff < atMs) continue
    return { cutOff, friday: newYork(new Date((day + 2) * DAY_MS).toISOString().slice(0, 10), '12:00') }
  }
}

describe.skipIf(!hasRecordedData)('WOUSD as recorded', () => {
  const navs: MarketEvent[] = []

  beforeAll(async () => {
    const options = { file: recorded('erc4626/share-prices.csv'), symbol: 'WOUSD', instrument: FUND }
    for await (const { event } of readNavHistory(options)) navs.push(event)
  })

  const navOf = ({ value }: MarketEvent): bigint => (value.type === 'nav' ? value.navE8 : 0n)
  const unit = 10n ** BigInt(FUND.decimals)

  test('subscribed and redeemed weekly with T+2, it returns what a calculation by hand gives', () => {
    const weekly = {
      ...DAILY_DEALING,
      days: { kind: 'weekly', weekday: 3 } as const,
      fee: { flatE8: usd('2'), ppm: 500, tiers: [] },
    }
    const parts = holder('1000000', '0')
    const venue = createNavVenue({
      ...parts,
      terms: {
        ...DAILY_FUND,
        calendar: { weekend: [6, 7], holidays: 'none', closedDays: [] },
        subscription: weekly,
        redemption: weekly,
      },
    })
    for (const nav of navs) {
      venue.onEvent(nav)
      if (venue.pending().length > 0) continue
      const { cash, shares: held } = venue.book
      if (held.amount > 0n) venue.submit({ kind: 'redeem', shares: held.amount }, nav.knownAt)
      else venue.submit({ kind: 'subscribe', amountE8: cash.amount }, nav.knownAt)
    }

    // The same, written out: in, a week later out, and in again.
    let cash = 100_000_000_000_000n
    let held = 0n
    let trips = 0
    let row = 0
    for (;;) {
      const asked = navs[row]
      if (asked === undefined) break
      const { cutOff, friday } = wednesdayFrom(asked.knownAt)
      const struck = navs.find(({ knownAt }) => knownAt > cutOff)
      if (struck === undefined) break
      const nav = navOf(struck)
      if (held === 0n) {
        const fee = 200_000_000n + (cash * 500n + 999_999n) / 1_000_000n
        held = ((cash - fee) * unit) / nav
        cash = 0n
      } else {
        const gross = (held * nav) / unit
        cash = gross - 200_000_000n - (gross * 500n + 999_999n) / 1_000_000n
        held = 0n
      }
      trips++
      const settled = Math.max(friday, struck.knownAt)
      row = navs.findIndex(({ knownAt }) => knownAt >= settled)
      if (row === -1) break
    }
    const last = navs.at(-1)
    if (last === undefined) throw new Error('No row was read.')
    const worth = venue.book.valueE8(priceE8(navOf(last)))
    console.log(`WOUSD: ${trips} requests, 1,000,000 became ${formatDecimal(worth, 8, 2)}`)
    expect(parts.sink.all.priced).toHaveLength(trips)
    expect(trips).toBeGreaterThan(150)
    expect(worth).toBe(cash + (held * navOf(last)) / unit)
    // It was out of the fund for half of the time, and paid for every way: less than who held it throughout.
    expect(worth * navOf(navs[0] ?? last)).toBeLessThan(100_000_000_000_000n * navOf(last))
  })

  test('every price was published after its cut-off, and at once after it', () => {
    const parts = holder('1000000', '0')
    const venue = createNavVenue({ ...parts, terms: DAILY_FUND })
    for (const nav of navs) {
      venue.onEvent(nav)
      venue.submit({ kind: 'subscribe', amountE8: usd('100') }, nav.knownAt)
    }
    const { accepted, priced } = parts.sink.all
    expect(priced.length).toBeGreaterThan(1_100)
    for (const { id, timeMs } of priced) {
      const { because } = accepted.find(request => request.id === id) ?? {}
      const cutOffMs = because?.kind === 'window' ? because.cutOffMs : Number.NaN
      expect(navs.find(({ knownAt }) => knownAt > cutOffMs)?.knownAt).toBe(timeMs)
    }
  })

  test('held through a queue of a day, it returns what its price does', () => {
    const parts = holder('1000000', '0')
    const venue = createQueueVenue({ ...parts, terms: VAULT })
    const [first, ...rest] = navs
    if (first === undefined) throw new Error('No row was read.')
    venue.onEvent(first)
    venue.submit({ kind: 'subscribe', amountE8: usd('1000000') }, first.knownAt)
    const asked = rest[rest.length - 10]
    for (const nav of rest) {
      venue.onEvent(nav)
      if (nav === asked) venue.submit({ kind: 'redeem', shares: venue.book.shares.amount }, nav.knownAt)
    }
    const paidAt = rest.filter(({ knownAt }) => knownAt < (asked?.knownAt ?? 0) + DAY_MS).at(-1) ?? first
    const growth = fractionToNumber(accruedReturn(priceE8(navOf(first)), priceE8(navOf(paidAt))))
    expect(Number(venue.book.cash.amount) / 1e14 - 1).toBeCloseTo(growth, 10)
    expect(venue.pending()).toEqual([])
  })
})

describe.skipIf(!hasRecordedData)('a Treasury-bill fund on recorded yields', () => {
  const FEES = {
    management: { ppmPerYear: 1_500, accrual: 'daily' },
    performance: null,
    yearDays: 365,
  } as const
  let yields: { timeMs: UnixMs; ppmPerYear: number }[] = []

  beforeAll(async () => {
    const file = (tenor: string): string => recorded(`treasury/DGS${tenor}.csv`)
    const files = {
      '1M': file('1MO'),
      '3M': file('3MO'),
      '1Y': file('1'),
      '2Y': file('2'),
      '10Y': file('10'),
    }
    yields = []
    for await (const { event } of readYieldCurve({ files, instrument: FUND }))
      if (event.value.type === 'yieldCurve') {
        const ppmPerYear = event.value.yieldsPpm['3M']
        // Two curves may be released at once, after a day without a release: the later one stands.
        if (yields.at(-1)?.timeMs === event.knownAt) yields.pop()
        if (ppmPerYear !== null) yields.push({ timeMs: event.knownAt, ppmPerYear })
      }
  })

  test('grows by its yields, and its fee costs what the fee is', () => {
    const gross = yieldNavs(yields, priceE8(100_000_000n))
    const net = netNavs(gross, FEES)
    let [grossByHand, netByHand] = [1, 1]
    for (const [index, { timeMs, ppmPerYear }] of yields.slice(0, -1).entries()) {
      const days = Math.floor((yields[index + 1]?.timeMs ?? 0) / DAY_MS) - Math.floor(timeMs / DAY_MS)
      const step = 1 + ((ppmPerYear / 1e6) * days) / 365
      grossByHand *= step
      netByHand *= step * (1 - (0.0015 * days) / 365)
    }
    const [first, last] = [gross[0], gross.at(-1)]
    console.log(
      `Treasury bills from ${formatInstant(first?.timeMs ?? unixMs(0))}: 1 became ${grossByHand.toFixed(6)}, ${netByHand.toFixed(6)} after fees`,
    )
    expect(gross.length).toBeGreaterThan(5_000)
    expect(Number(last?.navE8) / 1e8).toBeCloseTo(grossByHand, 7)
    expect(Number(net.at(-1)?.navE8) / 1e8).toBeCloseTo(netByHand, 7)
  })

  test('is worth the same whether its yield accrues, rebases or is paid out and put back', () => {
    // Before fees it never falls, so that all of its growth can be paid out.
    const navs = yieldNavs(yields, priceE8(100_000_000n))
    const run = (kind: YieldTerms, isConstant: boolean) => {
      const parts = holder('0', '1000000')
      const venue = createQueueVenue({
        ...parts,
        yields: kind,
        terms: { ...VAULT, deposit: { ...DAY_QUEUE, typicalDelayMs: 0 } },
      })
      let before = 100_000_000n
      for (const { timeMs, navE8 } of navs) {
        const nav = isConstant ? 100_000_000n : navE8
        venue.onEvent(fundEvent({ type: 'nav', navE8: priceE8(nav) }, timeMs))
        if (!isConstant) continue
        // The whole supply, the holder's shares with it, is paid the growth of the NAV.
        const supply = 10n ** 12n + venue.book.shares.amount
        const amount = ((navE8 - before) * supply) / before
        before = navE8
        if (amount > 0n) venue.onEvent(fundEvent({ type: 'distribution', token: CASH_TOKEN, amount }, timeMs))
        const { cash } = venue.book
        if (cash.amount > 0n) venue.submit({ kind: 'subscribe', amountE8: cash.amount }, timeMs)
      }
      return venue
    }
    const end = navs.at(-1)?.navE8 ?? priceE8(0n)
    const accrued = run({ kind: 'accrues' }, false)
    const expected = accrued.book.valueE8(end)
    expect(accrued.book.shares.amount).toBe(shares('1000000'))

    const rebased = run(
      { kind: 'rebases', priceE8: priceE8(100_000_000n), rounding: 'fromShares', precision: 10_000 },
      false,
    )
    const returns = [
      accruedReturn(priceE8(100_000_000n), end),
      rebasedReturn(
        { shares: quantity(10n ** 12n), priceE8: priceE8(1n) },
        { shares: rebased.book.shares.amount, priceE8: priceE8(1n) },
      ),
    ].map(fractionToNumber)
    expect(returns[1]).toBeCloseTo(returns[0] ?? Number.NaN, 10)

    const paid = run(
      {
        kind: 'distributed',
        cashToken: CASH_TOKEN,
        cashDecimals: 6,
        totalShares: quantity(10n ** 12n),
        includesHolder: false,
      },
      true,
    )
    const worth = paid.book.valueE8(priceE8(100_000_000n))
    console.log(
      `Treasury bills: accrued ${returns[0]}, rebased ${returns[1]}, paid out ${Number(worth) / 1e14 - 1}`,
    )
    // A payment and its purchase round down by a smallest unit of asset or share each, and what is lost grows on.
    expect(worth).toBeLessThanOrEqual(expected)
    expect(expected - worth).toBeLessThan(BigInt(navs.length) * 3n * 100n * 2n)
  })
})
