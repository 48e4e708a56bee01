import {
  type DealingTerms,
  type NavTerms,
  NO_FEE,
  type QueueSideTerms,
  type QueueTerms,
  US_BUSINESS_DAYS,
  type YieldTerms,
} from '../../../agents/index.ts'
import {
  type Address,
  cashE8,
  type Instrument,
  instrumentId,
  type MarketEvent,
  type MarketValue,
  parseDecimal,
  parseInstant,
  priceE8,
  type Quantity,
  quantity,
  type UnixMs,
} from '../../../core/index.ts'
import { cashBalance, shareBalance } from '../holding/balance.ts'
import { recordingSink } from './recordingSink.conformance.ts'

/** A fund's share with six decimals. */
export const FUND: Instrument = {
  id: instrumentId('test:FUND'),
  kind: 'navToken',
  symbol: 'FUND',
  decimals: 6,
  quote: 'USD',
}

export const WALLET: Address = `0x${'aa'.repeat(20)}`
export const OTHER: Address = `0x${'bb'.repeat(20)}`
export const THIRD: Address = `0x${'cc'.repeat(20)}`
export const CASH_TOKEN: Address = `0x${'dd'.repeat(20)}`

/** Whole dollars and cents as text: `usd('1000.50')`. */
export const usd = (text: string) => cashE8(parseDecimal(text, 8) ?? 0n)
/** Whole shares as text. */
export const shares = (text: string): Quantity => quantity(parseDecimal(text, FUND.decimals) ?? 0n)
export const at = (text: string): UnixMs => parseInstant(text)

let row = 0

/** An event of the fund that is known so long after the time that it describes. */
export function fundEvent<V extends MarketValue>(
  value: V,
  validAt: UnixMs,
  knownAt = validAt,
): MarketEvent<V> {
  return {
    instrument: FUND.id,
    validAt,
    knownAt,
    lineage: { kind: 'feed', feed: 'test:fund', sequence: row++ },
    value,
  }
}

/** A NAV such as `navAt('1.05', '2024-01-05T21:00:00Z')`. */
export const navAt = (nav: string, validAt: string, knownAt = validAt): MarketEvent =>
  fundEvent({ type: 'nav', navE8: priceE8(parseDecimal(nav, 8) ?? 0n) }, at(validAt), at(knownAt))

/** Dealt on business days to 16:00 in New York, settled T+2 at 12:00, without fee. */
export const DAILY_DEALING: DealingTerms = {
  days: { kind: 'daily' },
  cutOff: '16:00',
  noticeBusinessDays: 0,
  minimum: 1n,
  increment: 1n,
  fee: NO_FEE,
  settlement: { days: 2, basis: 'business', time: '12:00' },
  cancellable: true,
}

export const DAILY_FUND: NavTerms = {
  zone: 'America/New_York',
  calendar: US_BUSINESS_DAYS,
  subscription: DAILY_DEALING,
  redemption: DAILY_DEALING,
  maxNavAgeMs: null,
  pendingEarns: true,
}

/** Redeemed after a day, in order, without limit, claimed at once. */
export const DAY_QUEUE: QueueSideTerms = {
  minimum: 1n,
  increment: 1n,
  fee: NO_FEE,
  fulfilment: 'modelled',
  minimumDelayMs: 0,
  typicalDelayMs: 86_400_000,
  capacity: null,
  order: 'firstComeFirstServed',
  partialFulfilment: false,
  othersPending: 0n,
  claimDelayMs: 0,
  cancellable: true,
}

/** Deposits at once, redemptions after a day. */
export const VAULT: QueueTerms = {
  deposit: { ...DAY_QUEUE, typicalDelayMs: 0 },
  redemption: DAY_QUEUE,
  instant: null,
  assetDecimals: 6,
  rateFrom: 'nav',
  maxNavAgeMs: null,
  pendingEarns: true,
}

/** What every venue of these tests is opened with. */
export function holder(cash = '1000000', held = '0') {
  const sink = recordingSink()
  return {
    instrument: FUND,
    wallet: WALLET,
    cash: cashBalance(usd(cash)),
    shares: shareBalance(shares(held)),
    yields: { kind: 'accrues' } as YieldTerms,
    compliance: null,
    hours: null,
    sink,
  }
}
