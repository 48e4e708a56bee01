import Table from 'cli-table3'
import { type Figure, formatFigure, type SearchGoal, type SweepResult } from '../backtest/index.ts'
import type { AgentSweep } from './sweepAgent.ts'
import { SWEEP_FIGURES, type SweepFigureName } from './sweepFigures.ts'
import { sweepFigureHeading, sweepFigureUnit } from './sweepFigureText.ts'
import { TABLE } from './tableStyle.ts'

/** Points that the table of a sweep shows. */
const BEST_SHOWN = 10

/** Figures that are always shown. */
const SHOWN: readonly SweepFigureName[] = ['sharpe', 'totalReturn', 'maxDrawdown', 'trades']

/** A result that has the figure that was sought. */
type Ranked = SweepResult & { readonly figures: Record<string, unknown>; readonly value: number }

/** The best results, best first; of equals the earlier. */
export function bestResults(
  results: readonly SweepResult[],
  objective: SweepFigureName,
  goal: SearchGoal,
): readonly Ranked[] {
  const sign = goal === 'maximise' ? -1 : 1
  return results
    .flatMap(result => {
      const value = 'figures' in result ? result.figures[objective] : null
      return 'figures' in result && typeof value === 'number' ? [{ ...result, value }] : []
    })
    .sort((a, b) => sign * (a.value - b.value) || a.trial - b.trial)
    .slice(0, BEST_SHOWN)
}

/** What a sweep gave, for people: the best points, what failed, and what luck alone would give. */
export function sweepText(
  name: string,
  { progress, results, luck }: AgentSweep,
  parameters: readonly string[],
  objective: SweepFigureName,
  best: readonly Ranked[],
): string {
  const shown = [objective, ...SHOWN.filter(figure => figure !== objective)]
  const table = new Table({
    head: ['trial', ...parameters, ...shown.map(sweepFigureHeading)],
    colAligns: ['trial', ...parameters, ...shown].map(() => 'right' as const),
    ...TABLE,
  })
  for (const { trial, point, figures } of best)
    table.push([
      trial,
      ...parameters.map(parameter => valueText(point[parameter])),
      ...shown.map(figure => figureText(figure, figures[figure])),
    ])
  const count = (number: number) => number.toLocaleString('en-US')
  const kept = progress.kept === 0 ? '' : `, ${count(progress.kept)} of them from before`
  return [
    `${name}: ${count(progress.done)} points${kept}; the best ${best.length} by ${sweepFigureHeading(objective)}`,
    best.length === 0
      ? `No point has ${sweepFigureHeading(objective)}: is the history long enough?`
      : table.toString(),
    ...luck.map(luckLine),
    ...failures(results),
  ].join('\n')
}

const luckLine = (figure: Figure): string => `${figure.label}: ${formatFigure(figure)} (${figure.convention})`

/** Failures by their message, the commonest first. */
function failures(results: readonly SweepResult[]): string[] {
  const counts = new Map<string, number>()
  for (const result of results)
    if ('error' in result) counts.set(result.error, (counts.get(result.error) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([message, number]) => `${number.toLocaleString('en-US')} failed: ${message}`)
}

const valueText = (value: unknown): string =>
  typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(6))) : String(value)

function figureText(figure: SweepFigureName, value: unknown): string {
  if (typeof value !== 'number') return 'n/a'
  return formatFigure({ name: figure, label: figure, value, unit: sweepFigureUnit(figure), convention: '' })
}

/** Every figure of a sweep's JSON; the order of `SWEEP_FIGURES`. */
export const sweepJson = (
  name: string,
  sweep: AgentSweep,
  best: readonly Ranked[],
  plan: object,
): object => ({
  agent: name,
  ...plan,
  figures: SWEEP_FIGURES,
  ...sweep.progress,
  best: best.map(({ trial, point, figures }) => ({ trial, point, figures })),
  failures: sweep.results.flatMap(result =>
    'error' in result ? [{ trial: result.trial, point: result.point, error: result.error }] : [],
  ),
  luck: sweep.luck,
})
