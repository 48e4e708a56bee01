import { InvalidInputError } from '../../core/index.ts'
import { type Metrics, measure } from '../metrics.ts'
import {
  type BrierParts,
  brierParts,
  type CalibrationBin,
  calibrationCurve,
  expectedCalibrationError,
} from './calibrationCurve.ts'
import { foldCorrelation } from './foldRanks.ts'
import {
  type EvidenceOptions,
  type Forecasts,
  type MetricEvidence,
  metricEvidence,
} from './metricEvidence.ts'

/** How well forecasts did. */
export type Scores = Metrics & {
  readonly brierParts: BrierParts
  readonly calibrationCurve: readonly CalibrationBin[]
  /** Of the curve; lower is better. */
  readonly calibrationError: number
}

/** How well the forecasts of a period did, beside the baselines' on the same rows. */
export type Evaluation = {
  readonly rows: number
  /** Times of the first and the last forecast, milliseconds. */
  readonly fromMs: number
  readonly toMs: number
  /** Share of outcomes of 1. */
  readonly outcomeShare: number
  readonly model: Scores
  readonly baselines: Readonly<Record<string, Scores>>
}

/** The test of each fold, and of all together, with what can be trusted of it. */
export type WalkForwardEvaluation = {
  readonly folds: readonly Evaluation[]
  readonly overall: Evaluation
  readonly evidence: MetricEvidence
}

/**
 * Scores forecasts against what happened, and the baselines on the same rows.
 *
 * @throws InvalidInputError when there are none, or the columns differ in length or hold what cannot be scored.
 */
export function evaluateForecasts(forecasts: Forecasts): Evaluation {
  assertForecasts(forecasts)
  const { startMs, probabilities, outcomes, returns, baselines } = forecasts
  const scores = (given: Float64Array): Scores => {
    const curve = calibrationCurve(given, outcomes)
    return {
      ...measure(given, outcomes, returns),
      brierParts: brierParts(given, outcomes),
      calibrationCurve: curve,
      calibrationError: expectedCalibrationError(curve),
    }
  }
  return {
    rows: probabilities.length,
    fromMs: startMs[0] ?? 0,
    toMs: startMs.at(-1) ?? 0,
    outcomeShare: outcomes.reduce((sum, outcome) => sum + outcome, 0) / outcomes.length,
    model: scores(probabilities),
    baselines: Object.fromEntries(Object.entries(baselines).map(([name, given]) => [name, scores(given)])),
  }
}

/**
 * Scores the forecasts of every fold's test and of all together, with confidence intervals over all. The
 * information coefficient of all is that within folds, `foldCorrelation`.
 *
 * @param folds in the order of time, without overlap, all with the same baselines.
 * @throws InvalidInputError as `evaluateForecasts`, or when folds are out of order or differ in their baselines.
 */
export function evaluateWalkForward(
  folds: readonly Forecasts[],
  options: EvidenceOptions,
): WalkForwardEvaluation {
  const names = Object.keys(folds[0]?.baselines ?? {})
  folds.forEach((fold, index) => {
    const before = folds[index - 1]?.startMs.at(-1) ?? Number.NEGATIVE_INFINITY
    const same =
      names.length === Object.keys(fold.baselines).length && names.every(name => name in fold.baselines)
    if (same && (fold.startMs[0] ?? 0) > before) return
    throw new InvalidInputError(
      same
        ? `The forecasts of fold ${index + 1} begin before those of the fold before it end.`
        : `Fold ${index + 1} has other baselines than fold 1.`,
      {
        facts: { fold: index + 1 },
        hint: 'Give the folds in the order of time, each with the same baselines.',
      },
    )
  })
  const join = (of: (fold: Forecasts) => ArrayLike<number>) =>
    Float64Array.from(folds.flatMap(fold => Array.from(of(fold))))
  const all: Forecasts = {
    startMs: join(fold => fold.startMs),
    endMs: join(fold => fold.endMs),
    probabilities: join(fold => fold.probabilities),
    outcomes: Uint8Array.from(join(fold => fold.outcomes)),
    returns: join(fold => fold.returns),
    baselines: Object.fromEntries(names.map(name => [name, join(fold => fold.baselines[name] ?? [])])),
  }
  const foldRows = folds.map(fold => fold.startMs.length)
  const pooled = evaluateForecasts(all)
  const byFold = (scores: Scores, given: Float64Array): Scores => ({
    ...scores,
    informationCoefficient: foldCorrelation(given, all.returns, foldRows),
  })
  return {
    folds: folds.map(evaluateForecasts),
    overall: {
      ...pooled,
      model: byFold(pooled.model, all.probabilities),
      baselines: Object.fromEntries(
        Object.entries(all.baselines).map(([name, given]) => [
          name,
          byFold(pooled.baselines[name] ?? pooled.model, given),
        ]),
      ),
    },
    evidence: metricEvidence(all, { ...options, foldRows }),
  }
}

function assertForecasts({ startMs, endMs, probabilities, outcomes, returns, baselines }: Forecasts): void {
  const rows = probabilities.length
  const columns = { startMs, endMs, probabilities, outcomes, returns, ...baselines }
  for (const [name, column] of Object.entries(columns))
    if (rows === 0 || column.length !== rows)
      throw new InvalidInputError(
        rows === 0
          ? 'There are no forecasts to score.'
          : `"${name}" has ${column.length} values for ${rows} forecasts.`,
        { facts: { column: name, values: column.length, rows }, hint: 'Give one value for each forecast.' },
      )
  const refuse = (row: number, what: string, value: number) => {
    throw new InvalidInputError(`Forecast ${row} has ${what} of ${value}.`, {
      facts: { row, value },
      hint: 'Score rows that have a label, with probabilities from 0 to 1, in the order of time.',
    })
  }
  for (let row = 0; row < rows; row++) {
    const start = startMs[row] ?? Number.NaN
    const end = endMs[row] ?? Number.NaN
    const outcome = outcomes[row] ?? Number.NaN
    if (!(start >= (startMs[row - 1] ?? Number.NEGATIVE_INFINITY)))
      refuse(row, 'a time before the last, or none,', start)
    if (!(end >= start)) refuse(row, 'an end before its time', end)
    if (outcome > 1) refuse(row, 'an outcome', outcome)
    if (!Number.isFinite(returns[row])) refuse(row, 'a return', returns[row] ?? Number.NaN)
  }
  for (const column of [probabilities, ...Object.values(baselines)])
    column.forEach((p, row) => {
      if (!(p >= 0 && p <= 1)) refuse(row, 'a probability', p)
    })
}
