import type { BacktestStatistics } from '../statistics.ts'
import type { Figure } from '../statisticsFigure.ts'
import type { Overfitting } from './overfitting.ts'
import { quantile } from './quantile.ts'
import { deflatedSharpe, expectedMaximumSharpe } from './sharpeEvidence.ts'
import type { BootstrapIntervals } from './stationaryBootstrap.ts'
import type { TradeOrderRuns } from './tradeOrder.ts'

/** How many trials a result was chosen from, as a trial ledger counts them. */
export type TrialCount = {
  /** The result itself included. */
  readonly trials: number
  /** Of the trials' annualised Sharpe ratios. */
  readonly sharpeVariance: number
}

/** What is known of the luck of a run; what is left out has no line. */
export type LuckEvidence = {
  readonly ledger?: TrialCount
  readonly overfitting?: Overfitting
  readonly bootstrap?: BootstrapIntervals
  readonly tradeOrder?: TradeOrderRuns
}

/** The part of the statistics that a deflated Sharpe ratio rests on. */
export type DeflatedInput = Pick<
  BacktestStatistics,
  'sharpe' | 'periods' | 'periodsPerYear' | 'skewness' | 'kurtosis'
>

/**
 * Deflated Sharpe ratio of a run by the trials of its ledger. Null where the run has no Sharpe ratio.
 *
 * @throws InvalidInputError when the ledger counts no trial.
 */
export function deflateSharpe(run: DeflatedInput, { trials, sharpeVariance }: TrialCount): number | null {
  const { sharpe, periods, periodsPerYear, skewness, kurtosis } = run
  if (sharpe === null || skewness === null || kurtosis === null) return null
  return deflatedSharpe(
    { sharpe: sharpe / Math.sqrt(periodsPerYear), periods, skewness, kurtosis },
    { trials, variance: sharpeVariance / periodsPerYear },
  )
}

/** Figures of luck, to follow the statistics in a report. */
export function luckFigures(
  run: DeflatedInput,
  { ledger, overfitting, bootstrap, tradeOrder }: LuckEvidence,
): readonly Figure[] {
  const figures: Figure[] = []
  const add = (name: string, label: string, value: number | null, unit: Figure['unit'], convention: string) =>
    figures.push({ name, label, value, unit, convention })
  if (ledger !== undefined) {
    add('trials', 'Trials', ledger.trials, 'count', 'runs that this one was chosen from, itself included')
    add(
      'expectedMaximumSharpe',
      'Best Sharpe by luck',
      expectedMaximumSharpe(ledger.trials, ledger.sharpeVariance),
      'ratio',
      'expected of the best of as many trials without skill',
    )
    add(
      'deflatedSharpe',
      'Deflated Sharpe',
      deflateSharpe(run, ledger),
      'share',
      'probability that the true ratio is above the best by luck',
    )
  }
  if (overfitting !== undefined) {
    const splits = `of ${overfitting.logits.length} splits (CSCV)`
    add(
      'probabilityOfOverfitting',
      'Probability of overfitting',
      overfitting.probability,
      'share',
      `best in sample is below the median out of sample, ${splits}`,
    )
    add(
      'probabilityOfLoss',
      'Probability of loss',
      overfitting.probabilityOfLoss,
      'share',
      `best in sample has a Sharpe below 0 out of sample, ${splits}`,
    )
  }
  if (bootstrap !== undefined) {
    const { sharpe, cagr, resamples, meanBlock } = bootstrap
    const how = `of ${resamples} resamples, stationary bootstrap of mean block ${meanBlock}`
    add('sharpeLow', 'Sharpe, low', sharpe?.low ?? null, 'ratio', `lower limit ${how}`)
    add('sharpeHigh', 'Sharpe, high', sharpe?.high ?? null, 'ratio', `upper limit ${how}`)
    add('cagrLow', 'CAGR, low', cagr.low, 'share', `lower limit ${how}`)
    add('cagrHigh', 'CAGR, high', cagr.high, 'share', `upper limit ${how}`)
  }
  if (tradeOrder !== undefined) {
    const { maxDrawdown, finalEquityE8, ruined } = tradeOrder
    const how = `of ${maxDrawdown.length} orders of the trades`
    add('drawdownMedian', 'Drawdown, median', quantile(maxDrawdown, 0.5), 'share', how)
    add('drawdown95', 'Drawdown, 95th percentile', quantile(maxDrawdown, 0.95), 'share', how)
    add(
      'finalEquity5',
      'Final equity, 5th percentile',
      Math.round(quantile(finalEquityE8, 0.05)),
      'cashE8',
      how,
    )
    add('ruined', 'Ruined', ruined, 'share', `${how}, those whose equity reached zero`)
  }
  return figures
}
