import type { BacktestStatistics } from './statistics.ts'
import type { Figure, FigureUnit } from './statisticsFigure.ts'

/** Every figure of a run with its unit and its convention, in the order of a report. */
export function describeStatistics(statistics: BacktestStatistics): readonly Figure[] {
  return [
    ...equityFigures(statistics),
    ...ratioFigures(statistics),
    ...drawdownFigures(statistics),
    ...marketFigures(statistics),
    ...tradeFigures(statistics),
    figure('periods', title(statistics), statistics.periods, 'count', statistics.convention),
  ]
}

const figure = (
  name: keyof BacktestStatistics,
  label: string,
  value: number | bigint | null,
  unit: FigureUnit,
  convention: string,
): Figure => ({ name, label, value, unit, convention })

const title = ({ returns }: BacktestStatistics) => (returns === 'daily' ? 'Daily returns' : 'Bar returns')

function equityFigures(s: BacktestStatistics): Figure[] {
  return [
    figure('startMs', 'From', s.startMs, 'instantMs', 'first point of the equity'),
    figure('endMs', 'To', s.endMs, 'instantMs', 'last point of the equity'),
    figure('initialEquityE8', 'Initial equity', s.initialEquityE8, 'cashE8', 'quote currency'),
    figure(
      'finalEquityE8',
      'Final equity',
      s.finalEquityE8,
      'cashE8',
      'quote currency, open position at the last price',
    ),
    figure('totalReturn', 'Total return', s.totalReturn, 'share', 'final / initial − 1, after fees'),
    figure(
      'annualisedReturn',
      'Annualised return',
      s.annualisedReturn,
      'share',
      'CAGR, years of 365.25 days; n/a under 30 days',
    ),
  ]
}

function ratioFigures(s: BacktestStatistics): Figure[] {
  const returns = `${s.returns} returns`
  const root = `√${Math.round(s.periodsPerYear)}`
  const target = s.riskFreeConvention === 'risk-free rate 0' ? '0' : s.riskFreeConvention
  const threshold = s.omegaThreshold === 0 ? '0' : `${s.omegaThreshold * 100} %`
  const tail = `historical, 95 %, one ${s.returns === 'daily' ? 'day' : 'bar'}; n/a under 20`
  return [
    figure(
      'annualisedVolatility',
      'Annualised volatility',
      s.annualisedVolatility,
      'share',
      `sample deviation of ${returns} × ${root}`,
    ),
    figure(
      'sharpe',
      'Sharpe ratio',
      s.sharpe,
      'ratio',
      `mean / deviation × ${root}, ${s.riskFreeConvention}`,
    ),
    figure(
      'probabilisticSharpe',
      'Probabilistic Sharpe',
      s.probabilisticSharpe,
      'share',
      'probability of a true ratio above 0, one trial; n/a under 20',
    ),
    figure(
      'minimumTrackRecord',
      'Minimum track record',
      s.minimumTrackRecord === null ? null : Math.ceil(s.minimumTrackRecord),
      'count',
      `${returns} needed for 95 % confidence that it is`,
    ),
    figure(
      'sortino',
      'Sortino ratio',
      s.sortino,
      'ratio',
      `mean / downside deviation against ${target} × ${root}`,
    ),
    figure('calmar', 'Calmar ratio', s.calmar, 'ratio', 'annualised return / max drawdown'),
    figure('omega', 'Omega ratio', s.omega, 'ratio', `gains / losses of ${returns} about ${threshold}`),
    figure('skewness', 'Skewness', s.skewness, 'ratio', `of ${returns}; 0 if normal`),
    figure('kurtosis', 'Kurtosis', s.kurtosis, 'ratio', `of ${returns}; 3 if normal`),
    figure(
      'tailRatio',
      'Tail ratio',
      s.tailRatio,
      'ratio',
      `95th / 5th percentile of ${returns}, without sign`,
    ),
    figure('valueAtRisk', 'Value at risk', s.valueAtRisk, 'share', `loss; ${tail}`),
    figure(
      'conditionalValueAtRisk',
      'Conditional value at risk',
      s.conditionalValueAtRisk,
      'share',
      `mean of the worst 5 %; ${tail}`,
    ),
  ]
}

function drawdownFigures(s: BacktestStatistics): Figure[] {
  return [
    figure('maxDrawdown', 'Max drawdown', s.maxDrawdown, 'share', 'largest loss from a peak, every point'),
    figure(
      'maxDrawdownDurationMs',
      'Max drawdown duration',
      s.maxDrawdownDurationMs,
      'durationMs',
      'longest time from a peak to its recovery, or the end',
    ),
    figure('averageDrawdown', 'Average drawdown', s.averageDrawdown, 'share', 'mean depth of all drawdowns'),
    figure(
      'averageDrawdownDurationMs',
      'Average drawdown duration',
      s.averageDrawdownDurationMs,
      'durationMs',
      'mean time from a peak to its recovery, or the end',
    ),
    figure('drawdowns', 'Drawdowns', s.drawdowns, 'count', 'falls below a peak'),
    figure(
      'timeUnderWater',
      'Time under water',
      s.timeUnderWater,
      'share',
      'share of the time in a drawdown',
    ),
    figure('currentDrawdown', 'Current drawdown', s.currentDrawdown, 'share', 'at the end'),
    figure(
      'currentDrawdownDurationMs',
      'Current drawdown duration',
      s.currentDrawdownDurationMs,
      'durationMs',
      'time since the last peak, at the end',
    ),
  ]
}

function marketFigures(s: BacktestStatistics): Figure[] {
  return [
    figure('exposure', 'Exposure', s.exposure, 'share', 'share of the time with a position'),
    figure(
      'averageExposure',
      'Average exposure',
      s.averageExposure,
      'share',
      'positions without sign / equity, mean over time',
    ),
    figure(
      'turnover',
      'Turnover',
      s.turnover,
      'perYear',
      'half of the value of all fills / mean equity over time',
    ),
    figure('benchmarkReturn', 'Benchmark return', s.benchmarkReturn, 'share', 'total, over the same time'),
    figure(
      'alpha',
      'Alpha',
      s.alpha,
      'share',
      `Jensen's, a year: intercept × ${Math.round(s.periodsPerYear)}, ${s.riskFreeConvention}`,
    ),
    figure('beta', 'Beta', s.beta, 'ratio', `covariance / variance of the benchmark, ${s.returns} returns`),
  ]
}

function tradeFigures(s: BacktestStatistics): Figure[] {
  const ofEntry = 'profit after fees / value at entry'
  return [
    figure('trades', 'Trades', s.trades, 'count', 'closed round trips'),
    figure('winRate', 'Win rate', s.winRate, 'share', 'trades with a profit after fees'),
    figure('payoffRatio', 'Payoff ratio', s.payoffRatio, 'ratio', 'average win / average loss'),
    figure(
      'profitFactor',
      'Profit factor',
      s.profitFactor,
      'ratio',
      'gross profit / gross loss; n/a without a loss',
    ),
    figure(
      'averageTradeE8',
      'Average trade',
      s.averageTradeE8,
      'cashE8',
      'mean profit after fees, quote currency: the expectancy',
    ),
    figure(
      'expectancyR',
      'Expectancy in R',
      s.expectancyR,
      'ratio',
      'mean profit / risk to the stop; n/a without stops',
    ),
    figure(
      'sqn',
      'System quality number',
      s.sqn,
      'ratio',
      `√trades × mean / deviation of ${s.expectancyR === null ? 'profits' : 'R'}`,
    ),
    figure('kelly', 'Kelly share', s.kelly, 'share', 'win rate − (1 − win rate) / payoff ratio'),
    figure('bestTradeE8', 'Best trade', s.bestTradeE8, 'cashE8', 'profit after fees'),
    figure('worstTradeE8', 'Worst trade', s.worstTradeE8, 'cashE8', 'profit after fees'),
    figure('averageWinE8', 'Average win', s.averageWinE8, 'cashE8', 'of trades with a profit after fees'),
    figure('averageLossE8', 'Average loss', s.averageLossE8, 'cashE8', 'of trades with a loss after fees'),
    figure('averageTradeReturn', 'Average trade return', s.averageTradeReturn, 'share', ofEntry),
    figure('bestTradeReturn', 'Best trade return', s.bestTradeReturn, 'share', ofEntry),
    figure('worstTradeReturn', 'Worst trade return', s.worstTradeReturn, 'share', ofEntry),
    figure(
      'averageTradeDurationMs',
      'Average duration',
      s.averageTradeDurationMs,
      'durationMs',
      'of a trade',
    ),
    figure(
      'longestTradeDurationMs',
      'Longest duration',
      s.longestTradeDurationMs,
      'durationMs',
      'of a trade',
    ),
    figure(
      'shortestTradeDurationMs',
      'Shortest duration',
      s.shortestTradeDurationMs,
      'durationMs',
      'of a trade',
    ),
    figure(
      'averageAdverseExcursion',
      'Average adverse excursion',
      s.averageAdverseExcursion,
      'share',
      'how far the price went against a trade / entry price',
    ),
    figure(
      'averageFavourableExcursion',
      'Average favourable excursion',
      s.averageFavourableExcursion,
      'share',
      'how far it went for a trade / entry price',
    ),
  ]
}
