import Table from 'cli-table3'
import type { Metrics } from '../models/index.ts'

/** A table without colours and without rules between its rows. */
export const TABLE = {
  style: { head: [], border: [] },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
}

/** A model beside its two baselines, all out of sample and on one split. */
export function metricsTable({
  metrics,
  majority,
  logistic,
}: {
  readonly metrics: Metrics
  readonly majority: Metrics
  readonly logistic: Metrics
}): string {
  const table = new Table({ head: ['out of sample', 'accuracy', 'log loss', 'Brier', 'IC'], ...TABLE })
  const number = (value: number | null, places: number) => (value === null ? 'n/a' : value.toFixed(places))
  for (const [name, row] of [
    ['model', metrics],
    ['logistic regression', logistic],
    ['majority', majority],
  ] as const)
    table.push([
      name,
      `${(row.accuracy * 100).toFixed(1)} %`,
      number(row.logLoss, 4),
      number(row.brier, 4),
      number(row.informationCoefficient, 3),
    ])
  return table.toString()
}
