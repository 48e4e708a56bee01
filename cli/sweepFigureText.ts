import type { Figure } from '../backtest/index.ts'
import type { SweepFigureName } from './sweepFigures.ts'

const HEADINGS: Partial<Record<SweepFigureName, string>> = {
  sharpe: 'Sharpe',
  totalReturn: 'return',
  maxDrawdown: 'max drawdown',
  annualisedReturn: 'annualised return',
  annualisedVolatility: 'volatility',
  winRate: 'win rate',
  profitFactor: 'profit factor',
  probabilisticSharpe: 'probabilistic Sharpe',
}

const SHARES: readonly SweepFigureName[] = [
  'totalReturn',
  'maxDrawdown',
  'annualisedReturn',
  'annualisedVolatility',
  'winRate',
  'exposure',
  'probabilisticSharpe',
]
const COUNTS: readonly SweepFigureName[] = ['trades', 'periods']

/** What a figure of a sweep is called above a column of it. */
export const sweepFigureHeading = (figure: SweepFigureName): string => HEADINGS[figure] ?? figure

/** What the values of a figure of a sweep are. */
export const sweepFigureUnit = (figure: SweepFigureName): Figure['unit'] =>
  SHARES.includes(figure) ? 'share' : COUNTS.includes(figure) ? 'count' : 'ratio'
