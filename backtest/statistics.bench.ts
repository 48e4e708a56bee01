import { bench, describe } from 'vitest'
import { cashE8, DAY_MS, gaussian, MINUTE_MS, type Ppm, seededRandom } from '../core/index.ts'
import { computeStatistics, type StatisticsInput, type StatisticsOptions } from './statistics.ts'

/** A run of so many points and trades, and the prices that it traded at. */
function seededRun(points: number, stepMs: number, trades: number) {
  const random = seededRandom(7)
  const timeMs = new Float64Array(points)
  const equityE8 = new Float64Array(points)
  const priceE8 = new Float64Array(points)
  let equity = 1e13
  let price = 1e10
  for (let i = 0; i < points; i++) {
    timeMs[i] = 1e12 + i * stepMs
    equity = Math.round(equity * (1 + 1e-3 * gaussian(random)))
    price = Math.round(price * (1 + 1e-3 * gaussian(random)))
    equityE8[i] = equity
    priceE8[i] = price
  }
  const gap = Math.floor(points / (trades + 1))
  const made = Array.from({ length: trades }, (_, t) => {
    const [entry, exit] = [1 + t * gap, 2 + t * gap + (gap >> 1)]
    return {
      direction: 'long' as const,
      entryMs: timeMs[entry] ?? 0,
      exitMs: timeMs[exit] ?? 0,
      entryPriceE8: BigInt(priceE8[entry] ?? 0),
      exitPriceE8: BigInt(priceE8[exit] ?? 0),
      quantity: 1_000n,
      pnlE8: cashE8(BigInt(Math.round(1e9 * gaussian(random)))),
    }
  })
  const run: StatisticsInput = {
    equity: { timeMs, equityE8, grossE8: equityE8.map(value => value / 2) },
    finalEquityE8: cashE8(BigInt(equity)),
    trades: made,
    fills: made.flatMap(({ entryMs, exitMs, entryPriceE8, quantity }) => [
      { timeMs: entryMs, side: 'buy' as const, quantity, priceE8: entryPriceE8 },
      { timeMs: exitMs, side: 'sell' as const, quantity, priceE8: entryPriceE8 },
    ]),
  }
  return { run, prices: { timeMs, priceE8 } }
}

const small = seededRun(2_148, DAY_MS, 90)
const large = seededRun(1_000_000, MINUTE_MS, 1_000)
const everything = ({ prices }: typeof small): StatisticsOptions => ({
  decimals: 3,
  prices,
  benchmark: prices,
  riskFree: 42_300 as Ppm,
})

describe('2,148 daily bars, 90 trades', () => {
  bench('statistics', () => void computeStatistics(small.run))
  bench('with benchmark and excursions', () => void computeStatistics(small.run, everything(small)))
})

describe('1M minute bars, 1,000 trades', () => {
  bench('statistics of daily returns', () => void computeStatistics(large.run))
  bench('statistics of bar returns', () => void computeStatistics(large.run, { returns: 'bar' }))
  bench(
    'with benchmark and excursions',
    () => void computeStatistics(large.run, { ...everything(large), returns: 'bar' }),
  )
})
