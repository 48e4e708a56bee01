import fc from 'fast-check'
import {
  type AgentDefinition,
  type AgentSource,
  DEFAULT_MIN_ORDER_DIVISOR,
  defineAgent,
  EVERY_DAY,
  type IssuerTerms,
  NO_FEE,
  PAPER_WALLET,
} from '../../agents/index.ts'
import {
  type Address,
  cashE8,
  DAY_MS,
  E8,
  HOUR_MS,
  type Instrument,
  instrumentId,
  type MarketEvent,
  type MarketValue,
  type OrderTerms,
  ppm,
  priceE8,
  quantity,
} from '../../core/index.ts'
import { defineStrategy } from '../../strategies/index.ts'
import { eventAt, START_MS, swapValue } from './syntheticMarket.ts'

const token = (symbol: string): Instrument => ({
  id: instrumentId(`test:${symbol}`),
  kind: 'navToken',
  symbol,
  decimals: 6,
  quote: 'USD',
})

/** A fund that deals once a day, and that a pool trades too. */
export const FUND = token('FUND')
/** A vault with a queue, and without a market. */
export const VAULT = token('VAULT')
export const CASH_TOKEN: Address = `0x${'dd'.repeat(20)}`
const OTHER: Address = `0x${'bb'.repeat(20)}`

const dealing = {
  days: { kind: 'daily' },
  cutOff: '12:00',
  noticeBusinessDays: 0,
  minimum: 1n,
  increment: 1n,
  fee: NO_FEE,
  settlement: { days: 1, basis: 'calendar', time: '18:00' },
  cancellable: true,
} as const

/** Dealt daily to 12:00 UTC without fee, settled the next day at 18:00; pays its yield out. */
export const FUND_ISSUER: IssuerTerms & { readonly kind: 'nav' } = {
  instrument: FUND.id,
  kind: 'nav',
  terms: {
    zone: 'UTC',
    calendar: EVERY_DAY,
    subscription: dealing,
    redemption: dealing,
    maxNavAgeMs: null,
    pendingEarns: true,
  },
  yields: {
    kind: 'distributed',
    cashToken: CASH_TOKEN,
    cashDecimals: 6,
    totalShares: quantity(10n ** 12n),
    includesHolder: false,
  },
  compliance: { verified: null, lockUpMs: 0, maxHolders: null, maxBalance: null },
}

const side = {
  minimum: 1n,
  increment: 1n,
  fee: NO_FEE,
  fulfilment: 'observed',
  minimumDelayMs: 0,
  typicalDelayMs: 6 * HOUR_MS,
  capacity: null,
  order: 'firstComeFirstServed',
  partialFulfilment: true,
  othersPending: 0n,
  claimDelayMs: HOUR_MS,
  cancellable: true,
} as const

/** Deposits at once, redemptions after six hours and a claim, or at once for 1 %. */
export const VAULT_ISSUER: IssuerTerms & { readonly kind: 'queue' } = {
  instrument: VAULT.id,
  kind: 'queue',
  terms: {
    deposit: { ...side, typicalDelayMs: 0, claimDelayMs: 0 },
    redemption: side,
    instant: {
      minimum: 1n,
      increment: 1n,
      fee: { ...NO_FEE, ppm: 10_000 },
      liquidityE8: cashE8(5_000n * E8),
      periodMs: DAY_MS,
    },
    assetDecimals: 6,
    rateFrom: 'nav',
    maxNavAgeMs: null,
    pendingEarns: true,
  },
}

/** The same terms with a fee of the issuer's on every request. */
export function chargedIssuers(feePpm: number): readonly IssuerTerms[] {
  const fee = { ...NO_FEE, ppm: feePpm }
  const { terms: fund } = FUND_ISSUER
  const { terms: vault } = VAULT_ISSUER
  const charged = { ...dealing, fee }
  return [
    { ...FUND_ISSUER, terms: { ...fund, subscription: charged, redemption: charged } },
    {
      ...VAULT_ISSUER,
      terms: {
        ...vault,
        deposit: { ...side, typicalDelayMs: 0, claimDelayMs: 0, fee },
        // Others share its capacity, and parts of a request are fulfilled alone.
        redemption: {
          ...side,
          fee,
          capacity: { assetsE8: cashE8(4_000n * E8), periodMs: DAY_MS },
          order: 'proRata',
        },
      },
    },
  ]
}

const capital = cashE8(100_000n * E8)

/** An agent of both instruments with wide limits. */
export function issuerAgent(changes: Partial<AgentSource> = {}): AgentDefinition {
  const most = cashE8(capital * 1_000n)
  return defineAgent({
    name: 'issuers',
    version: 1,
    instrument: FUND,
    alsoTrades: [VAULT],
    issuers: [FUND_ISSUER, VAULT_ISSUER],
    features: [],
    model: null,
    strategy: askingStrategy,
    everyMs: HOUR_MS,
    limits: {
      maxPositionE8: most,
      maxOrderE8: most,
      maxDailyLossE8: most,
      maxStalenessMs: 10_000 * DAY_MS,
    },
    capitalE8: capital,
    venue: { feePpm: ppm(0.001), halfSpreadPpm: ppm(0.0005), maxPriceAgeMs: 100 * DAY_MS },
    minOrderE8: cashE8(capital / DEFAULT_MIN_ORDER_DIVISOR),
    ...changes,
  })
}

/** Asks for something else each time, of everything that an issuer and a market offer. */
const askingStrategy = defineStrategy({
  name: 'asking',
  version: 1,
  params: {},
  decide({ nowMs, equityE8, cashE8: free, markets }) {
    const signal = { direction: 0, strength: ppm(0), confidence: ppm(0.5), horizonMs: HOUR_MS } as const
    return markets.map(({ instrument, quantity: held, openOrders, priceE8: price }, index) => {
      const choice = Number((BigInt(nowMs % 1_009) + equityE8 + held + price + BigInt(index) * 7n) % 9n)
      const part = (amount: bigint): bigint => (amount > 0n ? amount / BigInt(2 + (choice % 3)) : 0n) + 1n
      const [first] = openOrders
      const cancel = choice === 0 && first !== undefined ? [first.sequence] : []
      const orders: OrderTerms[] = []
      if (choice === 1 || choice === 2) orders.push({ kind: 'subscribe', amountE8: cashE8(part(free)) })
      if (choice === 3 || choice === 4) orders.push({ kind: 'redeem', shares: quantity(part(held)) })
      if (choice === 5) orders.push({ kind: 'redeem', shares: quantity(part(held)), instantly: true })
      if (choice === 6 && index === 0)
        orders.push({ kind: 'market', side: 'buy', size: { cashE8: cashE8(part(free)) } })
      if (choice === 7 && index === 0)
        orders.push({ kind: 'market', side: 'sell', size: { units: quantity(part(held)) } })
      return { instrument, signal, orders, cancel }
    })
  },
})

/** Does at given times what it is told; concludes nothing otherwise. */
export function scriptedAgent(
  script: Readonly<Record<number, { orders?: readonly OrderTerms[]; cancel?: readonly number[] }>>,
  changes: Partial<AgentSource> = {},
): AgentDefinition {
  const signal = { direction: 0, strength: ppm(0), confidence: ppm(0.5), horizonMs: HOUR_MS } as const
  return issuerAgent({
    alsoTrades: [],
    issuers: [FUND_ISSUER],
    everyMs: 1,
    minOrderE8: cashE8(0n),
    strategy: defineStrategy({
      name: 'scripted',
      version: 1,
      params: {},
      decide: ({ nowMs }) => (script[nowMs] === undefined ? null : { signal, ...script[nowMs] }),
    }),
    ...changes,
  })
}

/** A NAV that is known so long after the time that it describes. */
export const navValue = (nav: bigint): MarketValue => ({ type: 'nav', navE8: priceE8(nav) })

/**
 * Random streams of both instruments in the total order: NAVs published late, swaps of the fund, others' requests to
 * the vault, what an issuer does to a token, payments, and transfers from and to the wallet.
 */
export const issuerStreams = (maxLength = 80): fc.Arbitrary<MarketEvent[]> =>
  fc
    .array(
      fc.record({
        kind: fc.constantFrom(
          ...['navs', 'navs', 'navs', 'fundNav', 'vaultNav', 'swap', 'swap', 'asked', 'fulfilled'],
          ...['distribution', 'moved', 'frozen', 'free', 'clock'],
        ),
        gapMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2 * HOUR_MS }), fc.nat(20 * HOUR_MS)),
        lateMs: fc.oneof(fc.constant(0), fc.nat(30 * HOUR_MS)),
        movePpm: fc.integer({ min: -2_000, max: 3_000 }),
        amount: fc.nat(20_000),
      }),
      { maxLength, size: 'max' },
    )
    .map(rows => {
      let now = START_MS
      let nav = 100_000_000n
      const events: MarketEvent[] = []
      const add = (value: MarketValue, { id }: Instrument, lateMs = 0): void => {
        const place = { validAt: now - lateMs, knownAt: now, row: events.length }
        events.push(eventAt(value, place, id))
      }
      add(navValue(nav), FUND)
      add(navValue(nav), VAULT)
      for (const { kind, gapMs, lateMs, movePpm, amount } of rows) {
        now += gapMs
        const units = quantity(BigInt(amount) * 1_000_000n)
        if (kind.toLowerCase().includes('nav')) nav += (nav * BigInt(movePpm)) / 1_000_000n
        if (kind === 'navs' || kind === 'fundNav') add(navValue(nav), FUND, lateMs)
        if (kind === 'navs' || kind === 'vaultNav') add(navValue(nav), VAULT, lateMs)
        if (kind === 'swap') add(swapValue(nav + (nav * BigInt(movePpm)) / 500_000n), FUND)
        const request = { type: 'vaultRequest', controller: OTHER, requestId: 1n, shares: units } as const
        if (kind === 'asked') add({ ...request, stage: 'redeemRequested', assets: null }, VAULT)
        if (kind === 'fulfilled') add({ ...request, stage: 'redeemFulfilled', assets: units }, VAULT)
        if (kind === 'distribution') add({ type: 'distribution', token: CASH_TOKEN, amount: units }, FUND)
        if (kind === 'moved') {
          const [from, to] = amount % 2 === 0 ? [OTHER, PAPER_WALLET] : [PAPER_WALLET, OTHER]
          add({ type: 'transfer', from, to, amount: quantity(BigInt(amount)) }, FUND)
        }
        const control = {
          type: 'tokenControl',
          account: PAPER_WALLET,
          successor: null,
          amount: null,
        } as const
        if (kind === 'frozen') add({ ...control, action: 'walletFrozen' }, FUND)
        if (kind === 'free') add({ ...control, action: 'walletUnfrozen' }, FUND)
        if (kind === 'clock') add({ type: 'clock' }, VAULT)
      }
      return events
    })
