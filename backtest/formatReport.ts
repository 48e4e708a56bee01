import Table from 'cli-table3'
import { DAY_MS, formatDecimal, formatInstant, HOUR_MS } from '../core/index.ts'
import type { BacktestStatistics } from './statistics.ts'

const UNDEFINED = 'n/a'
const PLAIN = { head: [], border: [] }
const NO_RULES_BETWEEN_ROWS = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' }

const percent = (share: number | null): string =>
  share === null ? UNDEFINED : `${(share * 100).toFixed(2)} %`
const ratio = (value: number | null): string => (value === null ? UNDEFINED : value.toFixed(2))
const cash = (value: bigint | null): string =>
  value === null ? UNDEFINED : grouped(formatDecimal(value, 8, 2))
const grouped = (text: string): string => text.replace(/\B(?=(\d{3})+\.)/g, ',')
const duration = (ms: number): string =>
  ms >= 2 * DAY_MS ? `${(ms / DAY_MS).toFixed(1)} days` : `${(ms / HOUR_MS).toFixed(1)} hours`

/** Writes statistics as a table in plain text, one line a figure, each with the convention it follows. */
export function formatReport(statistics: BacktestStatistics): string {
  const s = statistics
  const table = new Table({
    head: ['Figure', 'Value', 'Convention'],
    colAligns: ['left', 'right', 'left'],
    style: PLAIN,
    chars: NO_RULES_BETWEEN_ROWS,
  })
  table.push(
    ['From', formatInstant(s.startMs), 'first point of the equity'],
    ['To', formatInstant(s.endMs), 'last point of the equity'],
    ['Initial equity', cash(s.initialEquityE8), 'quote currency'],
    ['Final equity', cash(s.finalEquityE8), 'quote currency, open position at the last price'],
    ['Total return', percent(s.totalReturn), 'final / initial − 1, after fees'],
    ['Annualised return', percent(s.annualisedReturn), 'CAGR, years of 365.25 days; n/a under 30 days'],
    [
      'Annualised volatility',
      percent(s.annualisedVolatility),
      `sample deviation of daily returns × √${s.periodsPerYear}`,
    ],
    ['Sharpe ratio', ratio(s.sharpe), `mean / deviation × √${s.periodsPerYear}, risk-free rate 0`],
    ['Sortino ratio', ratio(s.sortino), `mean / downside deviation against 0 × √${s.periodsPerYear}`],
    ['Max drawdown', percent(s.maxDrawdown), 'largest loss from a peak, every point'],
    [
      'Max drawdown duration',
      duration(s.maxDrawdownDurationMs),
      'longest time from a peak to its recovery, or the end',
    ],
    ['Exposure', percent(s.exposure), 'share of the time with a position'],
    ['Trades', String(s.trades), 'closed round trips'],
    ['Win rate', percent(s.winRate), 'trades with a profit after fees'],
    ['Profit factor', ratio(s.profitFactor), 'gross profit / gross loss; n/a without a loss'],
    ['Average trade', cash(s.averageTradeE8), 'mean profit after fees, quote currency'],
    ['Daily returns', String(s.periods), s.convention],
  )
  return table.toString()
}
