import { InvalidInputError } from '../../core/index.ts'
import type { Samples } from '../samples/makeSamples.ts'
import type { Baseline } from './baselines.ts'
import type { Forecasts } from './metricEvidence.ts'

/**
 * Puts the probabilities that a model gave to the rows of a test beside what became of them, and what the baselines
 * give to the same rows.
 *
 * @param rows rows of the matrix, ascending, all samples of a `direction` or `return` objective.
 * @param probabilities by place in `rows`.
 * @throws InvalidInputError when a row is no sample, or rows and probabilities differ in number.
 */
export function forecastsOf(
  samples: Pick<Samples, 'timesMs' | 'endMs' | 'labelReturn'>,
  {
    rows,
    probabilities,
    baselines = {},
  }: {
    readonly rows: Uint32Array
    readonly probabilities: Float64Array
    readonly baselines?: Readonly<Record<string, Baseline>>
  },
): Forecasts {
  if (rows.length !== probabilities.length)
    throw new InvalidInputError(`There are ${probabilities.length} probabilities for ${rows.length} rows.`, {
      facts: { probabilities: probabilities.length, rows: rows.length },
      hint: 'Give one probability for each row.',
    })
  const unlabelled = rows.find(row => !Number.isFinite(samples.labelReturn[row]))
  if (unlabelled !== undefined)
    throw new InvalidInputError(`Row ${unlabelled} of the matrix has no label to score a forecast by.`, {
      facts: { row: unlabelled },
      hint: 'Score the rows of a test of the plan.',
    })
  const returns = Float64Array.from(rows, row => samples.labelReturn[row] ?? 0)
  return {
    startMs: Float64Array.from(rows, row => samples.timesMs[row] ?? 0),
    endMs: Float64Array.from(rows, row => samples.endMs[row] ?? 0),
    probabilities,
    outcomes: Uint8Array.from(returns, made => (made > 0 ? 1 : 0)),
    returns,
    baselines: Object.fromEntries(
      Object.entries(baselines).map(([name, baseline]) => [name, baseline(rows)]),
    ),
  }
}
