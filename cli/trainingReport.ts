import Table from 'cli-table3'
import { DAY_MS, formatInstant, unixMs } from '../core/index.ts'
import type {
  Evaluation,
  Interval,
  MetricEvidence,
  MetricName,
  QuantisationLoss,
  Scores,
} from '../models/index.ts'
import { TABLE } from './tableStyle.ts'
import type { StoredTraining } from './trainAgent.ts'

const number = (value: number | null, places: number) => (value === null ? 'n/a' : value.toFixed(places))
const percent = (value: number, places = 1) => `${(value * 100).toFixed(places)} %`
const day = (timeMs: number) => formatInstant(unixMs(timeMs)).slice(0, 10)

const COLUMNS = ['accuracy', 'log loss', 'Brier', 'IC', 'calibration error']

function scoresRow({ accuracy, logLoss, brier, informationCoefficient, calibrationError }: Scores): string[] {
  return [
    percent(accuracy),
    number(logLoss, 4),
    number(brier, 4),
    number(informationCoefficient, 3),
    percent(calibrationError),
  ]
}

/** A model beside its baselines on the same rows, none of which anything was learnt from. */
export function evaluationTable({ model, baselines }: Evaluation, evidence: MetricEvidence | null): string {
  const table = new Table({ head: ['out of sample', ...COLUMNS], ...TABLE })
  table.push(['model', ...scoresRow(model)])
  if (evidence !== null) table.push(...intervalRows(evidence))
  for (const [name, scores] of Object.entries(baselines)) table.push([name, ...scoresRow(scores)])
  return table.toString()
}

/** The bounds of the model's metrics, a row each: two rows are narrower than a bracket behind each number. */
function intervalRows({ model, confidence }: MetricEvidence): string[][] {
  const bounds = (side: 'low' | 'high') => {
    const of = (metric: MetricName, write: (value: number) => string) => {
      const interval = model[metric]
      return interval === null ? 'n/a' : write(interval[side])
    }
    return [
      of('accuracy', value => percent(value)),
      of('logLoss', value => value.toFixed(4)),
      of('brier', value => value.toFixed(4)),
      of('informationCoefficient', value => value.toFixed(3)),
      '',
    ]
  }
  const share = `${confidence * 100} %`
  return [
    [`  ${share} from`, ...bounds('low')],
    [`  ${share} to`, ...bounds('high')],
  ]
}

/** A row for each fold of a walk-forward. */
function foldsTable({ models }: StoredTraining): string {
  const table = new Table({ head: ['fold', 'test from', 'trained on', 'tested on', ...COLUMNS], ...TABLE })
  const [first, second] = models
  // A day tells folds apart that are weeks long, not those of minutes.
  const isShort = (second?.fold.test.fromMs ?? 0) - (first?.fold.test.fromMs ?? 0) < 2 * DAY_MS
  const instant = (timeMs: number) => formatInstant(unixMs(timeMs)).slice(0, isShort ? 16 : 10)
  for (const [index, { fold, evaluation }] of models.entries())
    table.push([
      index + 1,
      instant(fold.test.fromMs),
      fold.train.rows.length,
      fold.test.rows.length,
      ...scoresRow(evaluation.model),
    ])
  return table.toString()
}

/** What a training gave, for people. */
export function formatTraining(training: StoredTraining): string {
  const { name, hash, models, overall, evidence, device, why, rows } = training
  const last = models.at(-1)
  const { train, validation, calibration, test } = last?.fold ?? {}
  const sets = [train, validation, calibration, test]
  const sum = (field: 'purged' | 'embargoed') => sets.reduce((all, set) => all + (set?.[field] ?? 0), 0)
  const count = (value: number | undefined) => (value ?? 0).toLocaleString('en-US')
  return [
    `${name} ${hash}`,
    `${count(rows.labelled)} of ${count(rows.matrix)} rows have a label; ${models.length === 1 ? 'of them' : 'in the last fold'} ${count(train?.rows.length)} to train, ${count(validation?.rows.length)} to stop by, ${count(calibration?.rows.length)} to calibrate, ${count(test?.rows.length)} to test from ${day(test?.fromMs ?? 0)}; ${count(sum('purged'))} purged, ${count(sum('embargoed'))} embargoed`,
    `trained on ${device}: ${why} ${count(last?.history.stepsRun)} steps, the best was ${count(last?.history.bestStep)}`,
    sealingLine(models.flatMap(({ loss }) => (loss === null ? [] : [loss]))),
    ...(models.length === 1 ? [] : [foldsTable(training)]),
    evaluationTable(overall, evidence),
    ...verdicts(overall, evidence),
  ].join('\n')
}

/** What sealing lost, of the worst model. */
export function sealingLine(losses: readonly QuantisationLoss[]): string {
  const worst = losses.toSorted((a, b) => b.meanScore - a.meanScore)[0]
  if (worst === undefined) return 'sealed: trees are integers already, nothing is lost'
  const share = worst.scoreDeviation === 0 ? 0 : worst.meanScore / worst.scoreDeviation
  return `sealed: scores are off by ${percent(share, 2)} of their spread on average, probabilities by ${percent(worst.meanProbability, 3)} (at worst ${percent(worst.worstProbability, 2)}), ${percent(worst.flips, 2)} of the directions flip`
}

/** Says plainly whether the model is better than knowing nothing. */
export function verdicts({ rows }: Evaluation, evidence: MetricEvidence): string[] {
  const lines: string[] = []
  const { confidence, against, informationCoefficientPValue: pValue } = evidence
  const share = `${confidence * 100} %`
  for (const [name, { logLoss }] of Object.entries(against)) {
    if (logLoss === null) continue
    lines.push(
      `log loss less that of ${name}: ${signed(logLoss.estimate)} (${share}: ${signed(logLoss.low)} to ${signed(logLoss.high)}), ${comparison(logLoss)}`,
    )
  }
  if (lines.length === 0)
    lines.push(
      `${rows.toLocaleString('en-US')} test rows are too few, or too alike, for confidence intervals`,
    )
  if (pValue !== null)
    lines.push(
      `rank correlation with what followed (IC) is ${pValue < 1 - confidence ? 'above 0' : 'not told from 0'}: p = ${pValue.toFixed(3)}`,
    )
  return lines
}

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`

const comparison = ({ low, high }: Interval) =>
  high < 0 ? 'better' : low > 0 ? 'worse' : 'no difference that these rows show'

/** What a training gave, as `--json` prints it. */
export function trainingJson({
  models,
  overall,
  evidence,
  spec,
  device,
  why,
  rows,
  name,
  hash,
}: StoredTraining) {
  return {
    name,
    hash,
    device,
    why,
    rows,
    spec,
    models: models.map(({ hash: model, fold, history, loss, evaluation }) => ({
      hash: model,
      periods: Object.fromEntries(
        (['train', 'validation', 'calibration', 'test'] as const).map(set => {
          const { rows: members, ...period } = fold[set]
          return [set, { ...period, rows: members.length }]
        }),
      ),
      stepsRun: history.stepsRun,
      bestStep: history.bestStep,
      quantisationLoss: loss,
      evaluation,
    })),
    overall,
    evidence,
  }
}
