import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { IssuerTerms } from '../agents/index.ts'
import {
  cashE8,
  E8,
  HOUR_MS,
  type MarketEvent,
  type OrderTerms,
  priceE8,
  quantity,
  unixMs,
} from '../core/index.ts'
import { FUND, FUND_ISSUER, navValue, scriptedAgent } from '../execution/test/issuerMarket.ts'
import { AGENT } from '../execution/test/restlessAgent.ts'
import { eventAt, START_MS } from '../execution/test/syntheticMarket.ts'
import { computeStatistics, runBacktest } from './index.ts'

// A token whose yield comes as more tokens at an unchanging price of one dollar, beside one whose yield is in its price.
const rebases = {
  kind: 'rebases',
  priceE8: priceE8(E8),
  rounding: 'fromShares',
  precision: 1_000_000,
} as const
const accrues = { kind: 'accrues' } as const

const at = (hours: number) => START_MS + hours * HOUR_MS
/** NAVs every two hours, each known an hour after it is struck. */
const navs = (prices: readonly bigint[]): MarketEvent[] =>
  prices.map((price, index) =>
    eventAt(navValue(price), { validAt: at(4 + 2 * index), knownAt: at(5 + 2 * index), row: index }, FUND.id),
  )
type Script = Readonly<Record<number, { orders: readonly OrderTerms[] }>>
/** Half of the capital goes in; it is priced at 14:00 and delivered at 18:00 of the day after. */
const subscribed: Script = { [at(7)]: { orders: [{ kind: 'subscribe', amountE8: cashE8(50_000n * E8) }] } }

const run = (
  yields: NonNullable<IssuerTerms['yields']>,
  events: readonly MarketEvent[],
  script = subscribed,
) =>
  runBacktest({
    agent: AGENT,
    definition: scriptedAgent(script, { issuers: [{ ...FUND_ISSUER, yields }] }),
    inference: null,
    activeFromMs: unixMs(START_MS - 1),
    events,
  })

/** One dollar up to the subscription's price, then a tenth more in steps over the days after. */
const grown = navs(
  Array.from({ length: 60 }, (_, index) => (index < 30 ? E8 : E8 + (E8 * BigInt(index - 29)) / 300n)),
)
const FACTOR = 1 + 30 / 300

describe('a rebasing token in a backtest', () => {
  test('is worth more by its rebase factor, at the same price, for the same cost', async () => {
    const { portfolio, equity, finalEquityE8, decisions } = await run(rebases, grown)
    const { position } = portfolio
    expect(Number(position.quantity) / 1e6).toBeCloseTo(50_000 * FACTOR, 3)
    expect(portfolio.cashE8).toBe(50_000n * E8)
    expect(Number(finalEquityE8) / 1e8).toBeCloseTo(100_000 + 50_000 * (FACTOR - 1), 3)
    // What was paid is spread over more tokens.
    expect((Number(position.entryPriceE8) / 1e8) * FACTOR).toBeCloseTo(1, 6)
    expect((position.entryPriceE8 * position.quantity) / 10n ** 6n / E8).toBe(49_999n)
    const rebased = decisions.flatMap(({ output }) => (output.kind === 'adjustment' ? [output] : []))
    expect(rebased.every(({ reason, cashE8: cash }) => reason === 'rebase' && cash === 0n)).toBe(true)
    expect(rebased.reduce((sum, { quantity: come }) => sum + come, 0n)).toBe(
      position.quantity - 50_000_000_000n,
    )
    // Nothing is lost on the way: it never falls, and rises at each NAV that does.
    const curve = [...equity.equityE8]
    expect(curve).toEqual(curve.toSorted((a, b) => a - b))
    expect(new Set(curve).size).toBe(31)
  })

  test('has the statistics of one whose yield is in its price', async () => {
    const [more, dearer] = [await run(rebases, grown), await run(accrues, grown)]
    const [statistics, twin] = [computeStatistics(more), computeStatistics(dearer)]
    expect(statistics.totalReturn).toBeCloseTo(0.05, 8)
    for (const figure of ['totalReturn', 'annualisedVolatility', 'sharpe', 'skewness', 'exposure'] as const)
      expect((statistics[figure] ?? Number.NaN) / (twin[figure] ?? Number.NaN)).toBeCloseTo(1, 6)
    // Of 59 intervals, the tokens are held in those from the subscription's price on.
    expect(statistics.exposure).toBeCloseTo(55 / 59, 12)
    expect(more.portfolio.position.quantity).toBeGreaterThan(dearer.portfolio.position.quantity)
    expect(more.portfolio.cashE8).toBe(dearer.portfolio.cashE8)
  })

  test('a redemption takes its share of the cost, and what it brings is cash at one dollar', async () => {
    const half = quantity(27_500_000_000n)
    const script = { ...subscribed, [at(123)]: { orders: [{ kind: 'redeem', shares: half }] } } as const
    // The NAVs stay where they are while it is priced and settled.
    const [last] = grown.slice(-1)
    const top = last?.value.type === 'nav' ? last.value.navE8 : 0n
    const events = navs([
      ...grown.map(({ value }) => (value.type === 'nav' ? value.navE8 : 0n)),
      ...Array(30).fill(top),
    ])
    const before = await run(rebases, events)
    const { portfolio, finalEquityE8 } = await run(rebases, events, script)
    const { position } = portfolio
    expect(portfolio.cashE8).toBe(77_500n * E8)
    // What is given away is rounded up in the token's own shares: that may take one smallest unit more.
    const taken = before.portfolio.position.quantity - position.quantity
    expect([half, half + 1n]).toContain(taken)
    expect(before.finalEquityE8 - finalEquityE8).toBe((taken - half) * 100n)
    // Half of the tokens had half of the cost: the price of entry is what it was.
    // 1 / 1.1, down.
    expect(before.portfolio.position.entryPriceE8).toBe(90_909_090n)
    expect(position.entryPriceE8).toBe(90_909_090n)
  })

  test('through any rises and falls is worth what the accruing one is, but for its roundings', async () => {
    const moves = fc.array(fc.integer({ min: -20_000, max: 20_000 }), { minLength: 30, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(moves, async steps => {
        let nav = E8
        const events = navs(steps.map(move => (nav += (nav * BigInt(move)) / 1_000_000n)))
        const [more, dearer] = [await run(rebases, events), await run(accrues, events)]
        expect(more.equity.timeMs).toEqual(dearer.equity.timeMs)
        // Each rebase rounds to millionths of a token, and the price of the twin to 10⁻⁸ for 50,000 of them.
        more.equity.equityE8.forEach((equity, point) => {
          expect(Math.abs(equity - (dearer.equity.equityE8[point] ?? 0)) / 1e8).toBeLessThan(0.01)
        })
      }),
      { seed: 11, numRuns: 25 },
    )
  })
})
