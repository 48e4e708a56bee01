import type { Random } from '../../core/index.ts'
import { labelOverlap, politisWhiteBlock } from './blockLength.ts'
import {
  bootstrapInterval,
  type Confidence,
  type Interval,
  intervalStretch,
  LEAST_BLOCKS,
  OVERLAPS_PER_BLOCK,
  shareNotAbove0,
} from './bootstrapInterval.ts'
import { foldRanks } from './foldRanks.ts'
import { forecastLoss } from './forecastLoss.ts'
import { bootstrapMeans } from './stationaryBootstrap.ts'

/** Out-of-sample forecasts and what became of them, in the order of time. */
export type Forecasts = {
  /** Time of each forecast, milliseconds, ascending. */
  readonly startMs: Float64Array
  /** When its label was known. */
  readonly endMs: Float64Array
  /** Of a rise, or of a gain of the trade that the label is about. */
  readonly probabilities: Float64Array
  /** 1 or 0. */
  readonly outcomes: Uint8Array
  /** The log return that the label is about. */
  readonly returns: Float64Array
  /** Probabilities that other methods gave the same rows, by the method's name. */
  readonly baselines: Readonly<Record<string, Float64Array>>
}

export const METRICS = ['informationCoefficient', 'accuracy', 'logLoss', 'brier'] as const
export type MetricName = (typeof METRICS)[number]

/** Null where a side never varies, or there are too few independent rows to tell. */
export type MetricIntervals = Readonly<Record<MetricName, Interval | null>>

/** How far the metrics of forecasts can be trusted. */
export type MetricEvidence = {
  readonly model: MetricIntervals
  /** Probability of an information coefficient this high or higher when the true one is 0; null as an interval. */
  readonly informationCoefficientPValue: number | null
  /** Model less baseline, by the baseline's name. */
  readonly against: Readonly<Record<string, MetricIntervals>>
  /** Mean block that was resampled, in rows. */
  readonly meanBlock: number
  /** Labels that look at the same time on average. */
  readonly overlap: number
  readonly resamples: number
  readonly confidence: Confidence
}

/** As many resamples as steady the second digit of a 95 % bound. */
export const DEFAULT_RESAMPLES = 2_000

export type EvidenceOptions = {
  readonly random: Random
  /** `DEFAULT_RESAMPLES` unless given. */
  readonly resamples?: number
  /** 0.95 unless given. */
  readonly confidence?: Confidence
}

/** More blocks than this cost time and tell nothing: so many leave the variance hardly in doubt. */
const MOST_BLOCKS = 5_000

type Means = (series: number) => number
type Columns = {
  readonly correlation: readonly [number, number, number] | null
  readonly scores: readonly number[]
}

/**
 * Confidence intervals of the metrics of forecasts, and of their differences to the baselines', by the stationary
 * bootstrap. The mean block is the longest of that of Politis and White for each metric, `OVERLAPS_PER_BLOCK` times
 * the overlap of the labels, and a `MOST_BLOCKS`-th of the rows; at most a `LEAST_BLOCKS`-th of them. Ranks are taken
 * once, within each fold: a resample correlates them as they are, which differs from ranking anew in the second order
 * of the coefficient. Intervals are widened by `intervalStretch`; too few rows for `LEAST_BLOCKS` blocks give null.
 * Calibration error has no interval: it is biased upwards by noise, and a resample's more so.
 *
 * @param foldRows rows of each fold, within which forecasts are ranked; one fold unless given.
 */
export function metricEvidence(
  forecasts: Forecasts,
  {
    random,
    resamples = DEFAULT_RESAMPLES,
    confidence = 0.95,
    foldRows = [forecasts.probabilities.length],
  }: EvidenceOptions & { readonly foldRows?: readonly number[] },
): MetricEvidence {
  const { startMs, endMs, probabilities, outcomes, returns, baselines } = forecasts
  const rows = probabilities.length
  const series: Float64Array[] = []
  const returnRanks = foldRanks(returns, foldRows)
  const columnsOf = (given: Float64Array): Columns => {
    const ranks = foldRanks(given, foldRows)
    const at = series.length
    series.push(...lossesOf(given, outcomes))
    if (ranks === null || returnRanks === null) return { correlation: null, scores: [at, at + 1, at + 2] }
    series.push(
      ranks.map((rank, row) => rank * (returnRanks[row] ?? 0)),
      ranks,
      ranks.map(rank => rank * rank),
    )
    return { correlation: [at + 3, at + 4, at + 5], scores: [at, at + 1, at + 2] }
  }
  const overlap = labelOverlap(startMs, endMs)
  const floor = overlap > 1 ? Math.min(OVERLAPS_PER_BLOCK * overlap, rows / LEAST_BLOCKS) : 1
  const model = columnsOf(probabilities)
  // Ranks and their squares alone have no say: a metric's block is that of what it is the mean of.
  const blocks = [...model.scores, ...(model.correlation ?? []).slice(0, 1)].map(place =>
    politisWhiteBlock(series[place] ?? new Float64Array(0)),
  )
  const meanBlock = Math.max(1, floor, rows / MOST_BLOCKS, Math.min(Math.max(...blocks), rows / LEAST_BLOCKS))
  const others = Object.entries(baselines).map(([name, given]) => [name, columnsOf(given)] as const)
  const outcomeAt = series.length
  if (returnRanks !== null)
    series.push(
      returnRanks,
      returnRanks.map(rank => rank * rank),
    )

  const enough = rows >= LEAST_BLOCKS * Math.max(1, overlap > 1 ? OVERLAPS_PER_BLOCK * overlap : 1)
  const stretch = enough ? intervalStretch({ rows, overlap, meanBlock, confidence }) : Number.NaN
  const drawn = enough ? bootstrapMeans(series, { meanBlock, resamples, random }) : []
  const observed = series.map(values => values.reduce((sum, value) => sum + value, 0) / rows)

  const statistic = (columns: Columns, metric: MetricName, mean: Means): number =>
    metric === 'informationCoefficient'
      ? correlation(columns.correlation, outcomeAt, mean)
      : mean(columns.scores[METRICS.indexOf(metric) - 1] ?? 0)
  const distributionOf = (metric: MetricName, columns: Columns, against: Columns | null) => {
    const value = (mean: Means) =>
      statistic(columns, metric, mean) - (against === null ? 0 : statistic(against, metric, mean))
    const estimate = value(place => observed[place] ?? Number.NaN)
    if (!enough || Number.isNaN(estimate)) return null
    const distribution = Float64Array.from({ length: resamples }, (_, resample) =>
      value(place => drawn[place]?.[resample] ?? Number.NaN),
    ).filter(drawnValue => !Number.isNaN(drawnValue))
    return { estimate, distribution }
  }
  const intervals = (columns: Columns, against: Columns | null): MetricIntervals => {
    const interval = (metric: MetricName) => {
      const found = distributionOf(metric, columns, against)
      return found === null
        ? null
        : bootstrapInterval(found.estimate, found.distribution, { stretch, confidence })
    }
    return {
      informationCoefficient: interval('informationCoefficient'),
      accuracy: interval('accuracy'),
      logLoss: interval('logLoss'),
      brier: interval('brier'),
    }
  }
  const found = distributionOf('informationCoefficient', model, null)
  return {
    model: intervals(model, null),
    informationCoefficientPValue:
      found === null ? null : shareNotAbove0(found.estimate, found.distribution, stretch),
    against: Object.fromEntries(others.map(([name, columns]) => [name, intervals(model, columns)])),
    meanBlock,
    overlap,
    resamples,
    confidence,
  }
}

/** Pearson's correlation from means of x·y, x, x² and y, y². NaN where a side does not vary. */
function correlation(columns: Columns['correlation'], outcomeAt: number, mean: Means): number {
  if (columns === null) return Number.NaN
  const [productAt, forecastAt, squareAt] = columns
  const x = mean(forecastAt)
  const y = mean(outcomeAt)
  const xSpread = mean(squareAt) - x * x
  const ySpread = mean(outcomeAt + 1) - y * y
  return xSpread > 0 && ySpread > 0 ? (mean(productAt) - x * y) / Math.sqrt(xSpread * ySpread) : Number.NaN
}

/** Hit, log loss and squared error of each forecast. */
function lossesOf(
  probabilities: Float64Array,
  outcomes: Uint8Array,
): readonly [Float64Array, Float64Array, Float64Array] {
  const hits = new Float64Array(probabilities.length)
  const logs = new Float64Array(probabilities.length)
  const squares = new Float64Array(probabilities.length)
  probabilities.forEach((p, row) => {
    const y = outcomes[row] ?? 0
    hits[row] = p > 0.5 === (y === 1) ? 1 : 0
    logs[row] = forecastLoss(p, y)
    squares[row] = (p - y) * (p - y)
  })
  return [hits, logs, squares]
}
