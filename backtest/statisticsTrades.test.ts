import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cashE8, floorDivide } from '../core/index.ts'
import { type TradeOutcome, tradeStatistics } from './statisticsTrades.ts'

const E8 = 100_000_000n
const HOUR = 3_600_000
const trade = (pnl: number, more: Partial<TradeOutcome> = {}): TradeOutcome => ({
  pnlE8: cashE8(BigInt(pnl) * E8),
  ...more,
})

describe('four trades, by hand: 150, −60, 98, 0', () => {
  const whole = (pnl: number, risk: number, hours: number) =>
    trade(pnl, {
      riskE8: BigInt(risk) * E8,
      quantity: 2_000n,
      entryPriceE8: 500n * E8,
      entryMs: 0,
      exitMs: hours * HOUR,
    })
  const found = tradeStatistics([whole(150, 50, 1), whole(-60, 60, 4), whole(98, 49, 2), whole(0, 10, 3)], 3)

  test('money', () => {
    expect(found).toMatchObject({
      trades: 4,
      winRate: 0.5,
      averageTradeE8: 47n * E8, // 188 / 4
      averageWinE8: 124n * E8, // 248 / 2
      averageLossE8: -60n * E8,
      bestTradeE8: 150n * E8,
      worstTradeE8: -60n * E8,
    })
    expect(found.profitFactor).toBeCloseTo(248 / 60, 12)
    expect(found.payoffRatio).toBeCloseTo(124 / 60, 12)
    expect(found.kelly).toBeCloseTo(0.5 - 0.5 / (124 / 60), 12)
  })

  test('in multiples of risk: 3, −1, 2, 0', () => {
    expect(found.expectancyR).toBeCloseTo(1, 12)
    // Distances 2, −2, 1, −1: sample variance 10/3.
    expect(found.sqn).toBeCloseTo((2 * 1) / Math.sqrt(10 / 3), 12)
  })

  test('as shares of the entry, 2 units at 500', () => {
    expect(found.bestTradeReturn).toBeCloseTo(0.15, 12)
    expect(found.worstTradeReturn).toBeCloseTo(-0.06, 12)
    expect(found.averageTradeReturn).toBeCloseTo(0.047, 12)
  })

  test('durations', () => {
    expect(found).toMatchObject({
      averageTradeDurationMs: 2.5 * HOUR,
      longestTradeDurationMs: 4 * HOUR,
      shortestTradeDurationMs: HOUR,
    })
  })
})

test('without stops, SQN takes profits: 47 on average, sample variance 26868/3', () => {
  const { sqn, expectancyR } = tradeStatistics([trade(150), trade(-60), trade(98), trade(0)], null)
  expect(expectancyR).toBeNull()
  expect(sqn).toBeCloseTo((2 * 47) / Math.sqrt(26_868 / 3), 12)
})

test('one trade without a stop, a time or a quantity leaves those figures undefined', () => {
  const whole = trade(5, { riskE8: E8, quantity: 1n, entryPriceE8: E8, entryMs: 1, exitMs: 2 })
  expect(tradeStatistics([whole, trade(3)], 0)).toMatchObject({
    expectancyR: null,
    averageTradeReturn: null,
    bestTradeReturn: null,
    averageTradeDurationMs: null,
    longestTradeDurationMs: null,
  })
})

test('Kelly of a fair coin that pays two to one is a quarter', () => {
  expect(tradeStatistics([trade(2), trade(-1)], null).kelly).toBeCloseTo(0.25, 12)
})

test('what is undefined is null: no trade, one trade, no loss, equal profits', () => {
  const none = tradeStatistics([], null)
  expect(none.trades).toBe(0)
  for (const [name, value] of Object.entries(none)) if (name !== 'trades') expect(value, name).toBeNull()
  expect(tradeStatistics([trade(1)], null)).toMatchObject({
    winRate: 1,
    profitFactor: null,
    payoffRatio: null,
    kelly: null,
    sqn: null,
  })
  expect(tradeStatistics([trade(-1)], null)).toMatchObject({
    winRate: 0,
    profitFactor: 0,
    payoffRatio: null,
    averageWinE8: null,
  })
  expect(tradeStatistics([trade(7), trade(7), trade(7)], null).sqn).toBeNull()
})

test('sums are exact, however large the profits', () =>
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.bigInt(-(2n ** 53n), 2n ** 53n)), {
        minLength: 1,
      }),
      profits => {
        const { averageTradeE8, averageWinE8, bestTradeE8, worstTradeE8 } = tradeStatistics(
          profits.map(pnl => ({ pnlE8: cashE8(pnl) })),
          null,
        )
        const sum = (values: bigint[]) => values.reduce((total, value) => total + value, 0n)
        const won = profits.filter(pnl => pnl > 0n)
        expect(averageTradeE8).toBe(floorDivide(sum(profits), BigInt(profits.length)))
        expect(averageWinE8).toBe(won.length === 0 ? null : floorDivide(sum(won), BigInt(won.length)))
        expect(bestTradeE8).toBe(profits.reduce((a, b) => (b > a ? b : a)))
        expect(worstTradeE8).toBe(profits.reduce((a, b) => (b < a ? b : a)))
      },
    ),
  ))

test('a game is worth playing just where it wins: Kelly, profit factor and expectancy agree', () =>
  fc.assert(
    fc.property(
      fc.array(
        fc.integer({ min: -50, max: 50 }).filter(pnl => pnl !== 0),
        { minLength: 2 },
      ),
      pnl => {
        const { kelly, profitFactor } = tradeStatistics(
          pnl.map(value => trade(value)),
          null,
        )
        const sum = pnl.reduce((a, b) => a + b, 0)
        fc.pre(kelly !== null && sum !== 0)
        expect((kelly ?? 0) > 0).toBe(sum > 0)
        expect((profitFactor ?? 0) > 1).toBe(sum > 0)
        expect(kelly ?? 0).toBeLessThanOrEqual(1)
      },
    ),
  ))
