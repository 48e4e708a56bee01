import type { BacktestStatistics, SweepFigures } from '../backtest/index.ts'
import { type Hash, InvalidInputError } from '../core/index.ts'

/** What a sweep keeps of each run, beside the hash of what was run. */
export const SWEEP_FIGURES = [
  'sharpe',
  'totalReturn',
  'maxDrawdown',
  'trades',
  'annualisedReturn',
  'annualisedVolatility',
  'sortino',
  'calmar',
  'winRate',
  'profitFactor',
  'exposure',
  'turnover',
  'probabilisticSharpe',
  'skewness',
  'kurtosis',
  'periods',
  'periodsPerYear',
] as const satisfies readonly (keyof BacktestStatistics)[]

/** Name of the figure that holds the hash of what was run. */
export const CONFIGURATION_FIGURE = 'configuration'

/** A figure that a sweep keeps. */
export type SweepFigureName = (typeof SWEEP_FIGURES)[number]

/** The figures of a run. */
export function figuresOf(statistics: BacktestStatistics, configuration: Hash): SweepFigures {
  return {
    ...Object.fromEntries(SWEEP_FIGURES.map(name => [name, statistics[name]])),
    [CONFIGURATION_FIGURE]: configuration,
  }
}

/**
 * The figure of a name.
 *
 * @throws InvalidInputError when a sweep keeps none of that name.
 */
export function sweepFigure(text: string): SweepFigureName {
  const name = SWEEP_FIGURES.find(known => known === text)
  if (name !== undefined) return name
  throw new InvalidInputError(`"${text}" is no figure that a sweep can seek.`, {
    facts: { objective: text },
    hint: `Choose one of ${SWEEP_FIGURES.join(', ')}.`,
  })
}
