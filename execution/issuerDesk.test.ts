import { describe, expect, test } from 'vitest'
import { type AgentDefinition, agentDefinitionHash, PAPER_WALLET } from '../agents/index.ts'
import {
  cashE8,
  DAY_MS,
  E8,
  HOUR_MS,
  type MarketEvent,
  type MarketValue,
  ppm,
  priceE8,
  quantity,
  unixMs,
} from '../core/index.ts'
import { currentEquity } from './index.ts'
import {
  CASH_TOKEN,
  chargedIssuers,
  FUND,
  FUND_ISSUER,
  issuerAgent,
  navValue,
  scriptedAgent,
  VAULT,
  VAULT_ISSUER,
} from './test/issuerMarket.ts'
import { AGENT } from './test/restlessAgent.ts'
import { ofKind, runKernel } from './test/runKernel.ts'
import { eventAt, START_MS, swapValue } from './test/syntheticMarket.ts'

const optionsOf = (definition: AgentDefinition) => ({
  agent: AGENT,
  definition,
  inference: null,
  activeFromMs: unixMs(START_MS - 1),
})

/** Events of the fund at times from the start; NAVs are known an hour after they are struck. */
const at = (hours: number) => START_MS + hours * HOUR_MS
let rows = 0
const fundEvent = (hours: number, value: MarketValue, lateHours = 0): MarketEvent =>
  eventAt(value, { validAt: at(hours - lateHours), knownAt: at(hours), row: rows++ }, FUND.id)
const nav = (hours: number, price = E8) => fundEvent(hours, navValue(price), 1)
const usd = (whole: bigint) => cashE8(whole * E8)
const shares = (whole: bigint) => quantity(whole * 1_000_000n)

/** At 05:00, 07:00 and on, to the fourth day. An agent decides from its second event on. */
const constant = Array.from({ length: 49 }, (_, index) => nav(5 + 2 * index))

describe('equity', () => {
  const script = {
    [at(7)]: { orders: [{ kind: 'subscribe', amountE8: usd(60_000n) }] },
    // Priced at 14:00 by the NAV of 13:00, delivered the day after at 18:00.
    [at(9)]: { orders: [{ kind: 'subscribe', amountE8: usd(20_000n) }] },
    [at(45)]: { orders: [{ kind: 'redeem', shares: shares(50_000n) }] },
  } as const

  test('never moves at a constant NAV without fees', () => {
    const seen: bigint[] = []
    const decisions = runKernel(optionsOf(scriptedAgent(script)), constant, kernel => {
      seen.push(currentEquity(kernel))
      expect(kernel.estimate.equityE8).toBe(Number(currentEquity(kernel)))
    })
    expect(new Set(seen)).toEqual(new Set([100_000n * E8]))
    expect(ofKind(decisions, 'settlement').map(({ output }) => output)).toMatchObject([
      { quantity: 60_000_000_000n, cashE8: 0n },
      { quantity: 20_000_000_000n, cashE8: 0n },
      { quantity: 0n, cashE8: 50_000n * E8 },
    ])
  })

  test('moves by each fee once, when it is priced', () => {
    const definition = scriptedAgent(script, { issuers: [chargedIssuers(1_000)[0]!] })
    const moves: [number, bigint][] = []
    let before = 100_000n * E8
    runKernel(optionsOf(definition), constant, (kernel, { knownAt }) => {
      const equity = currentEquity(kernel)
      if (equity !== before) moves.push([(knownAt - START_MS) / HOUR_MS, equity - before])
      before = equity
    })
    // 0.1 % of 60,000 and 20,000 at the first NAV struck after 12:00, and of 50,000 two days later.
    expect(moves).toEqual([
      [13, -80n * E8],
      [61, -50n * E8],
    ])
  })

  test('counts what is under way: cash set aside is cash but not free, shares on their way are held', () => {
    const stages: unknown[] = []
    const definition = scriptedAgent({ [at(7)]: { orders: [{ kind: 'subscribe', amountE8: usd(60_000n) }] } })
    runKernel(optionsOf(definition), constant, ({ venue: { holdings } }, { knownAt }) => {
      if ([at(7), at(13), at(43)].includes(knownAt))
        stages.push([holdings.cashE8 / E8, holdings.freeE8 / E8, holdings.quantity(0) / 1_000_000n])
    })
    expect(stages).toEqual([
      [100_000n, 40_000n, 0n],
      [40_000n, 40_000n, 60_000n],
      [40_000n, 40_000n, 60_000n],
    ])
  })
})

describe('an account and its issuer share cash and shares', () => {
  test('what is not delivered cannot be sold; what is has its cost, the oldest first', () => {
    const sell = { kind: 'market', side: 'sell', size: { units: shares(30_000n) }, reduceOnly: true } as const
    const definition = scriptedAgent({
      [at(7)]: { orders: [{ kind: 'subscribe', amountE8: usd(50_000n) }] },
      [at(14)]: { orders: [sell] },
      [at(43)]: { orders: [{ kind: 'subscribe', amountE8: usd(30_000n) }] },
      [at(91)]: { orders: [{ kind: 'redeem', shares: shares(20_000n) }] },
      [at(95)]: { orders: [sell] },
    })
    const costs: [number, bigint][] = []
    const swap = (hours: number) => fundEvent(hours, swapValue(2n * E8))
    const events = [
      nav(5),
      nav(7),
      nav(13),
      fundEvent(14, { type: 'clock' }),
      swap(15),
      nav(43),
      nav(61, 2n * E8),
      nav(91, 2n * E8),
      fundEvent(95, { type: 'clock' }),
      swap(96),
      nav(109, 2n * E8),
    ]
    const decisions = runKernel(optionsOf(definition), events, ({ venue }, { knownAt }) => {
      costs.push([(knownAt - START_MS) / HOUR_MS, venue.holdings.costE8(0) / E8])
    })
    const fills = ofKind(decisions, 'fill').map(({ output: { side, outcome, reason, quantity: size } }) => {
      return [side, outcome, reason, size / 1_000_000n]
    })
    expect(fills).toEqual([
      ['buy', 'filled', null, 50_000n],
      ['sell', 'ended', 'nothingToReduce', 0n],
      ['buy', 'filled', null, 15_000n],
      ['sell', 'filled', null, 30_000n],
      ['sell', 'filled', null, 20_000n],
    ])
    // 50,000 at 1 and 15,000 at 2. The redemption locks 20,000 at 1; the sale takes the other 30,000 at 1.
    expect(costs.slice(-4)).toEqual([
      [91, 80_000n],
      [95, 80_000n],
      [96, 50_000n],
      [109, 30_000n],
    ])
  })

  test('what is delivered by a time can be sold at its price, whatever event tells the time', () => {
    const sell = { kind: 'market', side: 'sell', size: { units: shares(50_000n) } } as const
    const definition = scriptedAgent(
      {
        [at(7)]: { orders: [{ kind: 'subscribe', amountE8: usd(50_000n) }] },
        [at(41)]: { orders: [sell] },
      },
      { allowShort: true },
    )
    // Delivered on the second day at 18:00.
    const events = [nav(5), nav(7), nav(13), fundEvent(41, { type: 'clock' }), fundEvent(42, swapValue(E8))]
    const short: boolean[] = []
    const told = runKernel(optionsOf(definition), events, ({ venue: { holdings } }) =>
      short.push(holdings.costE8(0) < 0n),
    ).slice(-3)
    expect(told.map(({ output }) => output)).toMatchObject([
      { kind: 'settlement', quantity: shares(50_000n) },
      { kind: 'fill', side: 'sell', outcome: 'filled', quantity: shares(50_000n) },
      { kind: 'signal' },
    ])
    expect(short).not.toContain(true)
  })

  test('a request that is taken back gives its cash and shares back, with their cost', () => {
    const asked = {
      [at(7)]: { orders: [{ kind: 'subscribe', amountE8: usd(50_000n) }] },
      [at(43)]: {
        orders: [
          { kind: 'redeem', shares: shares(10_000n) },
          { kind: 'subscribe', amountE8: usd(7n) },
        ],
      },
    } as const
    const [, ...orders] = ofKind(runKernel(optionsOf(scriptedAgent(asked)), constant), 'order')
    const definition = scriptedAgent({
      ...asked,
      [at(45)]: { cancel: orders.map(({ sequence }) => sequence) },
      [at(47)]: { orders: [{ kind: 'redeem', shares: shares(50_000n) }] },
    })
    let state: unknown
    const decisions = runKernel(optionsOf(definition), constant, ({ venue: { holdings } }, { knownAt }) => {
      if (knownAt === at(45)) state = [holdings.freeE8 / E8, holdings.quantity(0), holdings.costE8(0) / E8]
    })
    expect(state).toEqual([50_000n, shares(50_000n), 50_000n])
    const ended = ofKind(decisions, 'fill').filter(({ output }) => output.outcome === 'ended')
    expect(ended.map(({ output }) => [output.side, output.reason])).toEqual([
      ['sell', 'cancelled'],
      ['buy', 'cancelled'],
    ])
    // All of them could be given up again.
    expect(ofKind(decisions, 'fill').at(-1)?.output).toMatchObject({
      side: 'sell',
      quantity: shares(50_000n),
    })
  })

  test('a redemption in parts gives up the cost of the oldest shares part by part', () => {
    const { terms } = VAULT_ISSUER
    const redemption = {
      ...terms.redemption!,
      fulfilment: 'modelled',
      capacity: { assetsE8: usd(4_000n), periodMs: DAY_MS },
    } as const
    const definition = scriptedAgent(
      {
        [at(7)]: { orders: [{ kind: 'subscribe', amountE8: usd(6_000n) }] },
        [at(9)]: { orders: [{ kind: 'subscribe', amountE8: usd(12_000n) }] },
        [at(11)]: { orders: [{ kind: 'redeem', shares: shares(10_000n) }] },
      },
      { instrument: VAULT, issuers: [{ ...VAULT_ISSUER, terms: { ...terms, redemption } }] },
    )
    const navs = [nav(5), nav(7), nav(9, 2n * E8), nav(11, 2n * E8)]
    const days = [25, 49, 73, 97, 121].map(hours => nav(hours, 2n * E8))
    const costs: bigint[] = []
    const open: number[] = []
    const decisions = runKernel(
      optionsOf(definition),
      [...navs, ...days].map(event => ({ ...event, instrument: VAULT.id })),
      ({ venue, markets }) => {
        costs.push(venue.holdings.costE8(0) / E8)
        open.push(markets[0]!.openOrders.length)
      },
    )
    // It stays open until nothing of it is left.
    expect(open.slice(-6)).toEqual([1, 1, 1, 1, 0, 0])
    // 2,000 shares a day: three times of those at 1, then of those at 2.
    expect(costs.slice(-5)).toEqual([14_000n, 12_000n, 8_000n, 4_000n, 4_000n])
    const sold = ofKind(decisions, 'fill').filter(({ output }) => output.side === 'sell')
    expect(sold.map(({ output }) => output.quantity)).toEqual(Array(5).fill(shares(2_000n)))
  })

  test('an account whose cash is all at the issuer is not ruined', () => {
    const limit = { kind: 'limit', side: 'buy', size: { units: shares(1n) }, limitE8: priceE8(1n) } as const
    const definition = scriptedAgent({
      [at(7)]: { orders: [limit, { kind: 'subscribe', amountE8: usd(100_000n) }] },
    })
    const events = [
      nav(5),
      nav(7),
      fundEvent(8, swapValue(E8)),
      fundEvent(9, swapValue(1n)),
      nav(13),
      nav(43),
    ]
    const decisions = runKernel(optionsOf(definition), events)
    expect(ofKind(decisions, 'halt')).toEqual([])
    expect(ofKind(decisions, 'settlement')).toHaveLength(1)
  })

  test('what has no market is worth its NAV as margin too', () => {
    const venue = { ...issuerAgent().venue, initialMarginPpm: ppm(0.2), maintenanceMarginPpm: ppm(0.1) }
    const subscribed = { [at(7)]: { orders: [{ kind: 'subscribe', amountE8: usd(50_000n) }] } } as const
    const free: bigint[] = []
    runKernel(optionsOf(scriptedAgent(subscribed, { venue })), constant, kernel =>
      free.push(kernel.venue.holdings.freeE8 / E8),
    )
    // 50,000 of cash, and four fifths of 50,000 of shares once they are delivered.
    expect([free[1], free[2], free.at(-1)]).toEqual([50_000n, 50_000n, 90_000n])
  })

  test('on margin, cash that positions need and shares that cover others stay', () => {
    const venue = {
      ...issuerAgent().venue,
      initialMarginPpm: ppm(0.2),
      maintenanceMarginPpm: ppm(0.1),
    }
    const buy = { kind: 'market', side: 'buy', size: { cashE8: usd(400_000n) } } as const
    const definition = scriptedAgent(
      {
        [at(7)]: { orders: [buy] },
        [at(9)]: {
          orders: [
            { kind: 'subscribe', amountE8: usd(1n) },
            { kind: 'redeem', shares: shares(100_000n) },
          ],
        },
      },
      { venue },
    )
    const events = [nav(6), fundEvent(7, swapValue(E8)), fundEvent(8, swapValue(E8)), nav(9), nav(10)]
    const ended = ofKind(runKernel(optionsOf(definition), events), 'fill').filter(
      ({ output }) => output.reason !== null,
    )
    expect(ended.map(({ output }) => [output.side, output.reason])).toEqual([
      ['buy', 'insufficientCash'],
      ['sell', 'margin'],
    ])
  })
})

describe('what an issuer does', () => {
  const held = { [at(7)]: { orders: [{ kind: 'subscribe', amountE8: usd(50_000n) }] } } as const
  const start = [nav(5), nav(7), nav(13), nav(43)]

  test('is told as adjustments: yield paid, shares moved and lost', () => {
    const transfer = (from: typeof CASH_TOKEN, to: typeof CASH_TOKEN, amount: bigint): MarketValue => {
      return { type: 'transfer', from, to, amount: shares(amount) }
    }
    const events = [
      ...start,
      // The sum for 1,000,000 shares of others and 50,000 of ours.
      fundEvent(50, { type: 'distribution', token: CASH_TOKEN, amount: 1_050_000_000n }),
      fundEvent(51, transfer(PAPER_WALLET, CASH_TOKEN, 20_000n)),
      fundEvent(52, transfer(CASH_TOKEN, PAPER_WALLET, 5_000n)),
      fundEvent(53, {
        type: 'tokenControl',
        action: 'walletRecovered',
        account: PAPER_WALLET,
        successor: CASH_TOKEN,
        amount: null,
      }),
    ]
    const decisions = runKernel(optionsOf(scriptedAgent(held)), events)
    expect(ofKind(decisions, 'adjustment').map(({ output }) => output)).toEqual([
      { kind: 'adjustment', reason: 'distribution', quantity: 0n, cashE8: usd(50n) },
      { kind: 'adjustment', reason: 'forcedTransfer', quantity: shares(-20_000n), cashE8: 0n },
      { kind: 'adjustment', reason: 'forcedTransfer', quantity: shares(5_000n), cashE8: 0n },
      { kind: 'adjustment', reason: 'recovery', quantity: shares(-35_000n), cashE8: 0n },
    ])
  })

  test('a rebase changes what is held and what is on its way', () => {
    const yields = { kind: 'rebases', priceE8: priceE8(E8), rounding: 'eachRebase', precision: 1 } as const
    const definition = scriptedAgent(
      { ...held, [at(43)]: { orders: [{ kind: 'redeem', shares: shares(10_000n) }] } },
      { issuers: [{ ...FUND_ISSUER, yields }] },
    )
    const decisions = runKernel(optionsOf(definition), [...start, nav(50, (E8 * 11n) / 10n)])
    expect(ofKind(decisions, 'adjustment').map(({ output }) => [output.reason, output.quantity])).toEqual([
      ['rebase', shares(4_000n)],
      ['rebase', shares(1_000n)],
    ])
  })

  test('a distribution is paid on what was held at its time, trades included', () => {
    const sell = { kind: 'market', side: 'sell', size: { units: shares(40_000n) }, reduceOnly: true } as const
    const definition = scriptedAgent({ ...held, [at(43)]: { orders: [sell] } })
    const events = [
      ...start,
      fundEvent(44, swapValue(E8)),
      // Known at 50, paid on the holding of 45.
      fundEvent(50, { type: 'distribution', token: CASH_TOKEN, amount: 1_010_000_000n }, 5),
    ]
    const [paid] = ofKind(runKernel(optionsOf(definition), events), 'adjustment')
    expect(paid?.output.cashE8).toBe(usd(10n))
  })

  test.each([
    ['without a NAV, of a fund that asks for a fresh one', 'nav', { maxNavAgeMs: 1 }, {}],
    [
      'outside its hours',
      'marketClosed',
      {},
      {
        hours: {
          kind: 'weekly',
          zone: 'UTC',
          sessions: [{ openDay: 7, open: '00:00', closeDay: 7, close: '01:00' }],
          calendar: { weekend: [], holidays: 'none', closedDays: [] },
        },
      },
    ],
    ['of a fund that takes none', 'notOffered', { subscription: null }, {}],
    [
      'below its minimum',
      'belowMinimum',
      { subscription: { ...(FUND_ISSUER.terms.subscription as object), minimum: 10n ** 20n } },
      {},
    ],
    [
      'by a wallet that is not verified',
      'compliance',
      {},
      { compliance: { verified: [], lockUpMs: 0, maxHolders: null, maxBalance: null } },
    ],
  ] as const)('a subscription %s ends with the reason', (_, reason, terms, changes) => {
    const issuer = {
      ...FUND_ISSUER,
      ...changes,
      terms: { ...FUND_ISSUER.terms, ...terms },
    } as typeof FUND_ISSUER
    const decisions = runKernel(optionsOf(scriptedAgent(held, { issuers: [issuer] })), start)
    expect(ofKind(decisions, 'fill').map(({ output }) => [output.outcome, output.reason])).toEqual([
      ['ended', reason],
    ])
  })

  test('a request to an instrument without an issuer ends', () => {
    const decisions = runKernel(optionsOf(scriptedAgent(held, { issuers: [] })), start)
    expect(ofKind(decisions, 'fill').map(({ output }) => output.reason)).toEqual(['notOffered'])
  })
})

test('what a vault pays at once is priced by the last NAV, and settled with it', () => {
  const changes = { instrument: VAULT, issuers: [VAULT_ISSUER] }
  const definition = scriptedAgent(
    {
      [at(7)]: { orders: [{ kind: 'subscribe', amountE8: usd(4_000n) }] },
      [at(9)]: { orders: [{ kind: 'redeem', shares: shares(1_000n), instantly: true }] },
    },
    changes,
  )
  const events = constant.slice(0, 5).map(event => ({ ...event, instrument: VAULT.id }))
  const decisions = runKernel(optionsOf(definition), events)
  const outputs = decisions.filter(({ output }) => output.kind === 'fill' || output.kind === 'settlement')
  expect(outputs.map(({ output, timeMs }) => [(timeMs - START_MS) / HOUR_MS, output])).toMatchObject([
    [9, { kind: 'fill', side: 'buy', quantity: shares(4_000n), pricedBy: { block: rowOf(events[1]!) } }],
    [9, { kind: 'settlement', quantity: shares(4_000n) }],
    [11, { kind: 'fill', side: 'sell', feeE8: usd(10n), pricedBy: { block: rowOf(events[2]!) } }],
    [11, { kind: 'settlement', cashE8: usd(990n) }],
  ])
})

test('the terms of an issuer are part of what an agent is', () => {
  const hashes = [
    issuerAgent(),
    issuerAgent({ issuers: [FUND_ISSUER] }),
    issuerAgent({ issuers: chargedIssuers(1) }),
  ]
  expect(new Set(hashes.map(agentDefinitionHash)).size).toBe(3)
})

test.each([
  [
    'of what is not traded',
    [{ ...FUND_ISSUER, instrument: 'test:OTHER' }],
    /has an issuer of "test:OTHER", which it does not trade/,
  ],
  ['named twice', [FUND_ISSUER, FUND_ISSUER], /has two issuers of "test:FUND"/],
  [
    'with terms that cannot be kept',
    [{ ...FUND_ISSUER, terms: { ...FUND_ISSUER.terms, maxNavAgeMs: -1 } }],
    /maxNavAgeMs is -1/,
  ],
])('an issuer %s is refused', (_, issuers, message) => {
  expect(() => issuerAgent({ issuers: issuers as never })).toThrow(message)
})

const rowOf = ({ lineage }: MarketEvent) => (lineage.kind === 'feed' ? lineage.sequence : -1)
