import fc from 'fast-check'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { cashE8, DAY_MS, HOUR_MS, parseInstant, quantity } from '../core/index.ts'
import { type BacktestRun, computeStatistics, formatReport, type StatisticsInput } from './index.ts'
import { E8, run, START } from './statisticsRun.fixture.ts'

const trade = (pnl: number) => ({ pnlE8: cashE8(BigInt(pnl * E8)) })
const fill = (days: number, side: 'buy' | 'sell', amount: bigint) => ({
  timeMs: START + days * DAY_MS,
  side,
  quantity: quantity(amount),
})

test('a backtest run is what the statistics take', () => {
  expectTypeOf<BacktestRun>().toExtend<StatisticsInput>()
})

describe('golden numbers, computed by hand', () => {
  // Returns 0.1, −0.1, 0, 0.2: mean 0.05, squared deviations sum to 0.05, so the sample variance is 0.05/3.
  const statistics = computeStatistics(
    run([1000, 1100, 990, 990, 1188], {
      trades: [trade(150), trade(-60), trade(98), trade(0)],
      fills: [
        fill(0, 'buy', 5n),
        fill(1, 'sell', 3n),
        fill(2, 'sell', 2n),
        fill(3, 'buy', 0n),
        fill(3.5, 'sell', 1n),
      ],
    }),
  )

  test('of return and risk', () => {
    expect(statistics.totalReturn).toBeCloseTo(0.188, 12)
    expect(statistics.annualisedReturn).toBeNull()
    expect(statistics.annualisedVolatility).toBeCloseTo(Math.sqrt((365 * 0.05) / 3), 9)
    expect(statistics.sharpe).toBeCloseTo(Math.sqrt(54.75), 9) // 0.05 / √(0.05/3) × √365
    expect(statistics.sortino).toBeCloseTo(Math.sqrt(365), 9) // downside √(0.1²/4) = 0.05
    expect(statistics.maxDrawdown).toBeCloseTo(0.1, 12)
    expect(statistics.maxDrawdownDurationMs).toBe(3 * DAY_MS)
    expect(statistics).toMatchObject({ periodsPerYear: 365, periods: 4 })
  })

  test('of trades', () => {
    expect(statistics).toMatchObject({ trades: 4, winRate: 0.5, averageTradeE8: 47n * BigInt(E8) })
    expect(statistics.profitFactor).toBeCloseTo(248 / 60, 12)
    expect(statistics.exposure).toBeCloseTo(2.5 / 4, 12)
  })

  test('doubling in one Julian year is 100 % a year', () => {
    const year = computeStatistics({
      ...run([1, 2]),
      equity: { timeMs: [START, START + 365.25 * DAY_MS], equityE8: [E8, 2 * E8] },
    })
    expect(year.annualisedReturn).toBeCloseTo(1, 12)
    expect(year.periods).toBe(366) // 365 days carried forward, and the last quarter day's
  })

  test('and the report names the convention of every line', () => {
    expect(`\n${formatReport(statistics)}\n`).toMatchInlineSnapshot(`
      "
      ┌───────────────────────────┬──────────────────────┬────────────────────────────────────────────────────────────────┐
      │ Figure                    │                Value │ Convention                                                     │
      │ From                      │ 2024-01-01T00:00:00Z │ first point of the equity                                      │
      │ To                        │ 2024-01-05T00:00:00Z │ last point of the equity                                       │
      │ Initial equity            │             1,000.00 │ quote currency                                                 │
      │ Final equity              │             1,188.00 │ quote currency, open position at the last price                │
      │ Total return              │              18.80 % │ final / initial − 1, after fees                                │
      │ Annualised return         │                  n/a │ CAGR, years of 365.25 days; n/a under 30 days                  │
      │ Annualised volatility     │             246.64 % │ sample deviation of daily returns × √365                       │
      │ Sharpe ratio              │                 7.40 │ mean / deviation × √365, risk-free rate 0                      │
      │ Probabilistic Sharpe      │                  n/a │ probability of a true ratio above 0, one trial; n/a under 20   │
      │ Minimum track record      │                  n/a │ daily returns needed for 95 % confidence that it is            │
      │ Sortino ratio             │                19.10 │ mean / downside deviation against 0 × √365                     │
      │ Calmar ratio              │                  n/a │ annualised return / max drawdown                               │
      │ Omega ratio               │                 3.00 │ gains / losses of daily returns about 0                        │
      │ Skewness                  │                 0.00 │ of daily returns; 0 if normal                                  │
      │ Kurtosis                  │                 1.64 │ of daily returns; 3 if normal                                  │
      │ Tail ratio                │                  n/a │ 95th / 5th percentile of daily returns, without sign           │
      │ Value at risk             │                  n/a │ loss; historical, 95 %, one day; n/a under 20                  │
      │ Conditional value at risk │                  n/a │ mean of the worst 5 %; historical, 95 %, one day; n/a under 20 │
      │ Max drawdown              │              10.00 % │ largest loss from a peak, every point                          │
      │ Max drawdown duration     │             3.0 days │ longest time from a peak to its recovery, or the end           │
      │ Average drawdown          │              10.00 % │ mean depth of all drawdowns                                    │
      │ Average drawdown duration │             3.0 days │ mean time from a peak to its recovery, or the end              │
      │ Drawdowns                 │                    1 │ falls below a peak                                             │
      │ Time under water          │              75.00 % │ share of the time in a drawdown                                │
      │ Current drawdown          │               0.00 % │ at the end                                                     │
      │ Current drawdown duration │            0.0 hours │ time since the last peak, at the end                           │
      │ Exposure                  │              62.50 % │ share of the time with a position                              │
      │ Trades                    │                    4 │ closed round trips                                             │
      │ Win rate                  │              50.00 % │ trades with a profit after fees                                │
      │ Payoff ratio              │                 2.07 │ average win / average loss                                     │
      │ Profit factor             │                 4.13 │ gross profit / gross loss; n/a without a loss                  │
      │ Average trade             │                47.00 │ mean profit after fees, quote currency: the expectancy         │
      │ System quality number     │                 0.99 │ √trades × mean / deviation of profits                          │
      │ Kelly share               │              25.81 % │ win rate − (1 − win rate) / payoff ratio                       │
      │ Best trade                │               150.00 │ profit after fees                                              │
      │ Worst trade               │               -60.00 │ profit after fees                                              │
      │ Average win               │               124.00 │ of trades with a profit after fees                             │
      │ Average loss              │               -60.00 │ of trades with a loss after fees                               │
      │ Daily returns             │                    4 │ daily UTC closes, every calendar day, annualised by √365       │
      └───────────────────────────┴──────────────────────┴────────────────────────────────────────────────────────────────┘
      "
    `)
  })
})

describe('what is undefined is null', () => {
  test('no variance, no losses, no trades, no time', () => {
    expect(computeStatistics(run([100, 100, 100]))).toMatchObject({
      totalReturn: 0,
      annualisedVolatility: 0,
      sharpe: null,
      sortino: null,
      winRate: null,
      profitFactor: null,
      averageTradeE8: null,
      exposure: 0,
    })
    expect(computeStatistics(run([100]))).toMatchObject({
      exposure: null,
      annualisedVolatility: null,
      periods: 0,
    })
    expect(computeStatistics(run([100, 101], { trades: [trade(1)] })).profitFactor).toBeNull()
    // The same return every day differs only by rounding.
    expect(computeStatistics(run([100, 101, 102.01, 103.0301])).sharpe).toBeNull()
  })

  test('equity that is lost', () => {
    const lost = computeStatistics(run([100, 0, 0]))
    expect(lost).toMatchObject({ totalReturn: -1, maxDrawdown: 1, sharpe: null, annualisedReturn: null })
    expect(formatReport(lost)).not.toMatch(/NaN|Infinity/)
  })

  test.each([
    ['empty', { timeMs: [], equityE8: [] }],
    ['ragged', { timeMs: [1], equityE8: [] }],
    ['unordered', { timeMs: [2, 1], equityE8: [1, 1] }],
    ['not finite', { timeMs: [1], equityE8: [Number.NaN] }],
    ['without a gross for each point', { timeMs: [1, 2], equityE8: [1, 1], grossE8: [0] }],
  ])('an equity series that is %s is refused', (_name, equity) => {
    expect(() => computeStatistics({ ...run([]), equity })).toThrow(/equity series/)
  })
})

describe('periods', () => {
  const hourly = (open: (hourOfWeek: number) => boolean, weeks: number) => {
    const monday = parseInstant('2024-01-01')
    const timeMs: number[] = []
    for (let hour = 0; hour < weeks * 168; hour++) if (open(hour % 168)) timeMs.push(monday + hour * HOUR_MS)
    return timeMs
  }
  const equityOver = (timeMs: readonly number[]): StatisticsInput => ({
    ...run([1]),
    equity: { timeMs, equityE8: timeMs.map((_, index) => (1000 + index) * E8) },
  })

  test('a market that closes at week-ends has 252 and five returns a week', () => {
    // Opens Sunday 22:00, closes Friday 22:00, as spot gold does.
    const gold = hourly(hour => hour <= 4 * 24 + 22 || hour >= 6 * 24 + 22, 4)
    expect(computeStatistics(equityOver(gold))).toMatchObject({ periodsPerYear: 252, periods: 21 })
    // A bar that closes on Saturday 00:00 is Friday's close.
    const late = hourly(hour => hour <= 5 * 24, 4)
    expect(computeStatistics(equityOver(late))).toMatchObject({ periodsPerYear: 252, periods: 20 })
  })

  test('a market that never closes has 365, and so has a sparse series', () => {
    expect(computeStatistics(equityOver(hourly(() => true, 4)))).toMatchObject({
      periodsPerYear: 365,
      periods: 28,
    })
    expect(computeStatistics(equityOver(hourly(hour => hour === 12, 4)))).toMatchObject({
      periodsPerYear: 365,
    })
  })
})

describe('invariants', () => {
  const equities = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 2, maxLength: 60 })

  test('drawdown lies between 0 and 1 and lasts no longer than the run', () =>
    fc.assert(
      fc.property(equities, equity => {
        const { maxDrawdown, maxDrawdownDurationMs, startMs, endMs } = computeStatistics(run(equity))
        expect(maxDrawdown).toBeGreaterThanOrEqual(0)
        expect(maxDrawdown).toBeLessThan(1)
        expect(maxDrawdownDurationMs).toBeLessThanOrEqual(endMs - startMs)
      }),
    ))

  test('nothing but amounts changes when capital and trades are scaled', () =>
    fc.assert(
      fc.property(equities, fc.integer({ min: 2, max: 1000 }), (equity, factor) => {
        const one = computeStatistics(run(equity, { trades: [trade(3), trade(-2)] }))
        const many = computeStatistics(
          run(
            equity.map(value => value * factor),
            { trades: [trade(3 * factor), trade(-2 * factor)] },
          ),
        )
        for (const key of [
          'totalReturn',
          'annualisedVolatility',
          'sharpe',
          'sortino',
          'maxDrawdown',
          'profitFactor',
          'winRate',
        ] as const) {
          const [a, b] = [one[key], many[key]]
          if (a === null || b === null) expect(a).toBe(b)
          else expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(a)))
        }
      }),
    ))

  test('every number is finite', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1 }), equity => {
        for (const value of Object.values(computeStatistics(run(equity))))
          if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true)
      }),
    ))

  test('equity as doubles and as big integers is the same', () =>
    fc.assert(
      fc.property(equities, equity => {
        const big = run(equity)
        const doubles = {
          ...big,
          equity: { ...big.equity, equityE8: Float64Array.from(equity, v => v * E8) },
        }
        expect(computeStatistics(doubles)).toEqual(computeStatistics(big))
      }),
    ))
})
