import {
  cashE8,
  DAY_MS,
  gaussian,
  parseInstant,
  priceE8,
  quantity,
  seededRandom,
  unixMs,
} from '../../core/index.ts'
import { luckFigures } from '../luck/index.ts'
import { type BacktestFill, roundTrips } from '../roundTrips.ts'
import { computeStatistics } from '../statistics.ts'
import { describeStatistics } from '../statisticsDescription.ts'
import type { ReportInput, ReportSweep, ReportTrial } from './reportInput.ts'

/** How the seeded run of a fixture goes. */
export type RunShape = {
  readonly seed: number
  readonly bars: number
  readonly barMs: number
  /** Drift and deviation of the price a year. */
  readonly drift: number
  readonly volatility: number
  /** Bars between changes of position; 0 never trades. */
  readonly every: number
  /** Share of the changes that take the side the price is about to move to. */
  readonly skill: number
  readonly trials: number
  readonly from?: string
}

const DECIMALS = 6
const CAPITAL = 100_000

/** A whole run: prices, a trader of some skill, equity, figures, a sweep and a ledger, all from one seed. */
export function seededReport(shape: RunShape, changes: Partial<ReportInput> = {}): ReportInput {
  const random = seededRandom(shape.seed)
  const { bars, barMs } = shape
  const start = parseInstant(shape.from ?? '2022-01-03')
  const timeMs = Float64Array.from({ length: bars }, (_, i) => start + i * barMs)
  const step = barMs / (365.25 * DAY_MS)
  const close = new Float64Array(bars)
  const high = new Float64Array(bars)
  const low = new Float64Array(bars)
  let price = 2_000e8
  for (let i = 0; i < bars; i++) {
    const before = price
    price *= 1 + shape.drift * step + shape.volatility * Math.sqrt(step) * gaussian(random)
    close[i] = Math.round(price)
    const room = 0.3 * shape.volatility * Math.sqrt(step)
    high[i] = Math.round(Math.max(before, price) * (1 + room * random()))
    low[i] = Math.round(Math.min(before, price) * (1 - room * random()))
  }
  const { fills, equityE8 } = trade(shape, timeMs, close, random)
  const trades = roundTrips(fills, [DECIMALS])
  const run = {
    equity: { timeMs, equityE8 },
    finalEquityE8: cashE8(BigInt(Math.round(equityE8.at(-1) ?? 0))),
    trades,
    fills,
  }
  const benchmark = { timeMs, priceE8: close }
  const statistics = computeStatistics(run, {
    benchmark,
    decimals: DECIMALS,
    prices: benchmark,
  })
  const configuration = `0x${'a1b2c3d4'.repeat(8)}`
  const trials = ledger(shape, random, statistics.sharpe, configuration)
  const sharpes = trials.flatMap(({ sharpe }) => (sharpe === null ? [] : [sharpe]))
  const mean = sharpes.reduce((sum, value) => sum + value, 0) / sharpes.length
  const sharpeVariance =
    sharpes.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, sharpes.length - 1)
  return {
    agent: 'gold-trend',
    currency: 'USD',
    markets: [
      {
        instrument: 'XAUUSD',
        decimals: DECIMALS,
        prices: { timeMs, priceE8: close, highE8: high, lowE8: low },
        fills,
        trades,
      },
    ],
    equity: { timeMs, equityE8 },
    benchmark: { label: 'XAUUSD held', timeMs, priceE8: close },
    statistics: describeStatistics(statistics),
    luck:
      shape.trials > 0 ? luckFigures(statistics, { ledger: { trials: shape.trials, sharpeVariance } }) : [],
    sweep: sweep(random, statistics.sharpe),
    trials: shape.trials > 0 ? trials : null,
    assumptions: [
      { topic: 'costs', label: 'Commission', value: '0.05 % of the value, both sides' },
      { topic: 'costs', label: 'Slippage', value: 'none beyond the spread' },
      { topic: 'fills', label: 'Market orders', value: 'fill at the open of the next bar' },
      { topic: 'fills', label: 'Latency', value: '250 ms from decision to venue' },
      {
        topic: 'venue',
        label: 'Trading hours',
        value: 'Sunday 22:00 to Friday 21:00 UTC, daily pause 21:00 to 22:00',
      },
      { topic: 'sizing', label: 'Position', value: '90 % of equity, long or flat' },
      { topic: 'sizing', label: 'Leverage', value: 'none' },
      { topic: 'data', label: 'Prices', value: 'bid and ask bars; a bar is known at its close' },
      { topic: 'data', label: 'Look-ahead', value: 'checked at 8 cuts, nothing found' },
      { topic: 'statistics', label: 'Risk-free rate', value: '0' },
    ],
    hashes: {
      model: null,
      strategy: `0x${'5eed'.repeat(16)}`,
      data: `0x${'d47a'.repeat(16)}`,
      configuration,
    },
    createdAtMs: null,
    software: 'Touchstone 0.1.0',
    ...changes,
  }
}

function trade(
  { every, skill, bars }: RunShape,
  timeMs: Float64Array,
  close: Float64Array,
  random: () => number,
): { fills: BacktestFill[]; equityE8: Float64Array } {
  const fills: BacktestFill[] = []
  const equityE8 = new Float64Array(bars)
  let cash = CAPITAL * 1e8
  let held = 0
  const deal = (index: number, amount: number) => {
    if (amount === 0) return
    const price = close[index] ?? 0
    const fee = Math.ceil(Math.abs(amount) * price * 0.0005)
    cash -= amount * price + fee
    held = Math.round((held + amount) * 1e4) / 1e4
    fills.push({
      order: fills.length,
      market: 0,
      timeMs: unixMs(timeMs[index] ?? 0),
      side: amount > 0 ? 'buy' : 'sell',
      quantity: quantity(BigInt(Math.round(Math.abs(amount) * 10 ** DECIMALS))),
      priceE8: priceE8(BigInt(price)),
      feeE8: cashE8(BigInt(fee)),
    })
  }
  for (let i = 0; i < bars; i++) {
    const price = close[i] ?? 0
    if (every > 0 && i % every === 0 && i + 1 < bars) {
      const ahead = (close[Math.min(bars - 1, i + every)] ?? 0) - price
      const side = random() < skill ? Math.sign(ahead) : Math.sign(random() - 0.5)
      // Short positions are half as large, and every third change goes flat.
      const share = random() < 0.33 ? 0 : side > 0 ? 0.9 : -0.45
      const equity = cash + held * price
      // One trade at a time: a side that is held already stays as it is.
      if (Math.sign(share) !== Math.sign(held))
        deal(i, Math.round(((share * equity) / price) * 1e4) / 1e4 - held)
    }
    equityE8[i] = Math.round(cash + held * price)
  }
  return { fills, equityE8 }
}

function ledger(
  { trials }: RunShape,
  random: () => number,
  own: number | null,
  configuration: string,
): ReportTrial[] {
  const start = parseInstant('2026-03-02T09:00:00Z')
  return Array.from({ length: trials }, (_, index) => ({
    configurationHash:
      index === trials - 1
        ? configuration
        : `0x${Math.floor(random() * 2 ** 48)
            .toString(16)
            .padStart(12, '0')
            .repeat(6)
            .slice(0, 64)}`,
    timeMs: unixMs(start + index * 61_000),
    sharpe: index === trials - 1 ? own : 0.3 + 0.55 * gaussian(random),
  }))
}

function sweep(random: () => number, own: number | null): ReportSweep {
  const points = [10, 15, 20, 30, 40, 60, 80].flatMap(fast =>
    [50, 75, 100, 125, 150, 175, 200].map(slow => ({
      x: fast,
      y: slow,
      value:
        fast === 20 && slow === 100
          ? own
          : fast >= slow
            ? null
            : 0.9 - Math.abs(fast - 25) / 40 - Math.abs(slow - 110) / 150 + 0.25 * gaussian(random),
    })),
  )
  return {
    xLabel: 'fast',
    yLabel: 'slow',
    valueLabel: 'Sharpe ratio',
    valueUnit: 'ratio',
    points,
    chosen: { x: 20, y: 100 },
  }
}
