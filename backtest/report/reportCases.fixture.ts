import { cashE8, DAY_MS, HOUR_MS, priceE8, quantity, unixMs } from '../../core/index.ts'
import type { ReportInput } from './reportInput.ts'
import { seededReport } from './reportRun.fixture.ts'
import type { ReportRwaRequest } from './rwaRequest.ts'

/** Reports as different as they come: what a page must bear. All seeded. */
export const REPORT_CASES = {
  plausible: () =>
    seededReport({
      seed: 7,
      bars: 3 * 365 * 4,
      barMs: 6 * HOUR_MS,
      drift: 0.06,
      volatility: 0.16,
      every: 44,
      skill: 0.16,
      trials: 214,
    }),
  losing: () =>
    seededReport({
      seed: 3,
      bars: 2 * 365 * 24,
      barMs: HOUR_MS,
      drift: -0.05,
      volatility: 0.2,
      every: 18,
      skill: 0,
      trials: 1,
    }),
  idle: () =>
    seededReport(
      { seed: 5, bars: 400, barMs: DAY_MS, drift: 0.05, volatility: 0.15, every: 0, skill: 0, trials: 0 },
      { sweep: null, trials: null, luck: [], benchmark: null, assumptions: [] },
    ),
  month: () =>
    seededReport(
      {
        seed: 11,
        bars: 30 * 24,
        barMs: HOUR_MS,
        drift: 0.3,
        volatility: 0.2,
        every: 20,
        skill: 0.3,
        trials: 12,
        from: '2024-05-01',
      },
      { sweep: null },
    ),
  twentyYears: () =>
    seededReport(
      {
        seed: 2,
        bars: 20 * 8766,
        barMs: HOUR_MS,
        drift: 0.07,
        volatility: 0.15,
        every: 60,
        skill: 0.1,
        trials: 3_000,
        from: '2004-01-01',
      },
      { sweep: wideSweep() },
    ),
  vaults: () => withVaults(),
} satisfies Readonly<Record<string, () => ReportInput>>

/** A sweep of too many points to write their numbers. */
function wideSweep(): NonNullable<ReportInput['sweep']> {
  const points = Array.from({ length: 30 * 36 }, (_, k) => ({
    x: Number((0.01 + (k % 30) * 0.05).toFixed(2)),
    y: 4 + Math.floor(k / 30) * 4,
    value: Math.sin((k % 30) / 5) * Math.cos(k / 300) * 0.4 + 0.05,
  }))
  return {
    xLabel: 'threshold',
    yLabel: 'window',
    valueLabel: 'Total return',
    valueUnit: 'share',
    points,
    chosen: { x: 0.31, y: 44 },
  }
}

const REFUSALS = ['staleNav', 'belowMinimum'] as const

/** An agent that subscribes to and redeems from three vaults, and trades the tokens of two. */
function withVaults(): ReportInput {
  const shape = {
    bars: 2 * 365,
    barMs: DAY_MS,
    drift: 0.05,
    volatility: 0.01,
    every: 40,
    skill: 0.2,
    trials: 9,
  }
  const first = seededReport({ ...shape, seed: 21 }, { sweep: null })
  const rest = [22, 23].map(seed => seededReport({ ...shape, seed }))
  const names = ['nTBILL/pUSD', 'OUSG/USDC', 'USDY/USDC']
  const markets = [first, ...rest].flatMap(({ markets }) => markets)
  const startMs = first.equity.timeMs[0] ?? 0
  return {
    ...first,
    agent: 'vault-rotation',
    markets: markets.map((market, index) => ({
      ...market,
      instrument: names[index] ?? '',
      ...(index === 2 ? { fills: [], trades: [] } : {}),
    })),
    benchmark: first.benchmark === null ? null : { ...first.benchmark, label: 'nTBILL/pUSD held' },
    rwaRequests: Array.from({ length: 26 }, (_, index) => request(index, startMs, names)),
  }
}

function request(index: number, startMs: number, names: readonly string[]): ReportRwaRequest {
  const askedMs = unixMs(startMs + index * 27 * DAY_MS + 15 * HOUR_MS)
  const isRefused = index % 9 === 4
  const isPriced = !isRefused && index < 25
  const isSettled = isPriced && index < 24
  const nav = 1_000_000_00n + BigInt(index) * 37_000n
  const shares = 12_500_250_000n + BigInt(index) * 1_000_000n
  const cash = (nav * shares) / 10n ** 6n
  return {
    instrument: names[index % 3] ?? '',
    decimals: 6,
    kind: index % 2 === 0 ? 'subscribe' : 'redeem',
    askedMs,
    pricedMs: isPriced ? unixMs(askedMs + DAY_MS) : null,
    settledMs: isSettled ? unixMs(askedMs + 3 * DAY_MS) : null,
    cashE8: isPriced || index % 2 === 0 ? cashE8(cash) : null,
    shares: isPriced || index % 2 === 1 ? quantity(shares) : null,
    navE8: isPriced ? priceE8(nav) : null,
    feeE8: isPriced ? cashE8(cash / 1_000n) : null,
    ...(isRefused ? { refusal: REFUSALS[index % 2] ?? REFUSALS[0] } : {}),
  }
}
