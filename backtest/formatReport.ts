import Table from 'cli-table3'
import type { BacktestStatistics } from './statistics.ts'
import { describeStatistics } from './statisticsDescription.ts'
import { type Figure, formatFigure } from './statisticsFigure.ts'

const PLAIN = { head: [], border: [] }
const NO_RULES_BETWEEN_ROWS = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' }

/** What is null for want of data that the run does not carry, rather than by what happened. */
const NEEDS_DATA: ReadonlySet<string> = new Set<keyof BacktestStatistics>([
  'averageExposure',
  'turnover',
  'benchmarkReturn',
  'alpha',
  'beta',
  'expectancyR',
  'averageTradeReturn',
  'bestTradeReturn',
  'worstTradeReturn',
  'averageTradeDurationMs',
  'longestTradeDurationMs',
  'shortestTradeDurationMs',
  'averageAdverseExcursion',
  'averageFavourableExcursion',
])

/**
 * Writes statistics as a table in plain text, one line a figure, each with the convention it follows. A figure
 * whose data were not given (alpha without a benchmark, say) has no line.
 *
 * @param luck further figures, as `luckFigures` gives them.
 */
export function formatReport(statistics: BacktestStatistics, luck: readonly Figure[] = []): string {
  const table = new Table({
    head: ['Figure', 'Value', 'Convention'],
    colAligns: ['left', 'right', 'left'],
    style: PLAIN,
    chars: NO_RULES_BETWEEN_ROWS,
  })
  const figures = describeStatistics(statistics).filter(
    ({ name, value }) => value !== null || !NEEDS_DATA.has(name),
  )
  for (const figure of [...figures, ...luck])
    table.push([figure.label, formatFigure(figure), figure.convention])
  return table.toString()
}
