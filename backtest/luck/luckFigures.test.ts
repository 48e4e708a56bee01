import { expect, test } from 'vitest'
import { seededRandom } from '../../core/index.ts'
import { formatFigure } from '../statisticsFigure.ts'
import {
  backtestOverfitting,
  bootstrapReturns,
  deflateSharpe,
  luckFigures,
  simulateTradeOrder,
} from './index.ts'

// The published example, as a run of five years of 250 days and a ledger of annual Sharpe ratios hold it.
const RUN = { sharpe: 2.5, periods: 1_250, periodsPerYear: 250, skewness: -3, kurtosis: 10 }

test('a run is deflated by the trials of its ledger: 0.9004 for 100, and as it is for one', () => {
  expect(deflateSharpe(RUN, { trials: 100, sharpeVariance: 0.5 })).toBeCloseTo(0.9004, 4)
  const one = deflateSharpe(RUN, { trials: 1, sharpeVariance: 0 })
  expect(one).toBeGreaterThan(0.99)
  expect(deflateSharpe({ ...RUN, sharpe: null }, { trials: 100, sharpeVariance: 0.5 })).toBeNull()
  expect(() => deflateSharpe(RUN, { trials: 0, sharpeVariance: 0 })).toThrow(/0 trials/)
})

test('a report names the trials, the best that luck makes of them, and what is left', () => {
  const lines = luckFigures(RUN, { ledger: { trials: 100, sharpeVariance: 0.5 } }).map(figure => [
    figure.label,
    formatFigure(figure),
  ])
  expect(lines).toEqual([
    ['Trials', '100'],
    ['Best Sharpe by luck', '1.79'], // 0.1132 × √250
    ['Deflated Sharpe', '90.04 %'],
  ])
})

test('every piece of evidence has its lines, and nothing has none', () => {
  const returns = Float64Array.from({ length: 64 }, (_, i) => ((i * 37) % 11) / 100 - 0.04)
  const figures = luckFigures(RUN, {
    overfitting: backtestOverfitting({ returns, trials: 4, periods: 16 }, 4),
    bootstrap: bootstrapReturns({ returns, periodsPerYear: 250, resamples: 50, random: seededRandom(1) }),
    tradeOrder: simulateTradeOrder({
      pnlE8: [5n, -3n, 2n],
      initialEquityE8: 100n,
      method: 'resample',
      sizing: 'cash',
      runs: 20,
      random: seededRandom(1),
    }),
  })
  expect(figures.map(({ name }) => name)).toEqual([
    'probabilityOfOverfitting',
    'probabilityOfLoss',
    'sharpeLow',
    'sharpeHigh',
    'cagrLow',
    'cagrHigh',
    'drawdownMedian',
    'drawdown95',
    'finalEquity5',
    'ruined',
  ])
  for (const figure of figures) expect(formatFigure(figure)).not.toMatch(/NaN|Infinity|n\/a/)
  expect(luckFigures(RUN, {})).toEqual([])
})
