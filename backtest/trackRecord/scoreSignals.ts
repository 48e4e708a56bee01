import type { Random } from '../../core/index.ts'
import {
  type Evaluation,
  evaluateForecasts,
  type MetricEvidence,
  metricEvidence,
} from '../../models/index.ts'
import { normalQuantile } from '../luck/normalDistribution.ts'
import type { SettledSignal } from './settledSignals.ts'

/** How often the directions of one horizon were right, and what following them would have made before costs. */
export type HorizonScore = {
  readonly horizonMs: number
  /** Settled signals with a direction. */
  readonly directed: number
  /** Of them, those whose price went their way; one that did not move is no hit. */
  readonly hits: number
  readonly hitRate: number
  /** Wilson's interval of the hit rate, 95 %. It takes signals as independent, which those that overlap are not. */
  readonly hitRateLow: number
  readonly hitRateHigh: number
  /** Mean of direction × ln(exit / entry). */
  readonly meanReturn: number
}

/** What the settled signals tell. */
export type SignalScores = {
  readonly settled: number
  /** Of them, those whose block came before their horizon had ended. */
  readonly foretold: number
  /** By horizon, ascending. */
  readonly horizons: readonly HorizonScore[]
  /** Of the models' probabilities of a rise; null without any. */
  readonly forecasts: { readonly evaluation: Evaluation; readonly evidence: MetricEvidence } | null
}

/** The forecast that knows nothing, which the models' are held against. */
const EVEN_ODDS = 0.5

/**
 * Scores settled signals.
 *
 * @param settled by the time of the signal.
 * @param random for the intervals of the forecasts' scores.
 */
export function scoreSignals(settled: readonly SettledSignal[], random: Random): SignalScores {
  const horizons = [...new Set(settled.map(({ signal }) => signal.horizonMs))].sort((a, b) => a - b)
  return {
    settled: settled.length,
    foretold: settled.filter(({ anchoredAtMs, endMs }) => anchoredAtMs <= endMs).length,
    horizons: horizons.flatMap(horizonMs => {
      const directed = settled.filter(
        ({ signal }) => signal.horizonMs === horizonMs && signal.direction !== 0,
      )
      return directed.length === 0 ? [] : [scoreHorizon(horizonMs, directed)]
    }),
    forecasts: scoreForecasts(settled, random),
  }
}

function scoreHorizon(horizonMs: number, directed: readonly SettledSignal[]): HorizonScore {
  const made = directed.map(({ signal, logReturn }) => signal.direction * logReturn)
  const hits = made.filter(value => value > 0).length
  const [hitRateLow, hitRateHigh] = wilson(hits, directed.length)
  return {
    horizonMs,
    directed: directed.length,
    hits,
    hitRate: hits / directed.length,
    hitRateLow,
    hitRateHigh,
    meanReturn: made.reduce((sum, value) => sum + value, 0) / made.length,
  }
}

/**
 * The score interval of a share (E. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
 * Journal of the American Statistical Association 22, 1927), 95 %.
 */
export function wilson(hits: number, count: number): readonly [low: number, high: number] {
  const z = normalQuantile(0.975)
  const share = hits / count
  const middle = share + (z * z) / (2 * count)
  const room = z * Math.sqrt((share * (1 - share) + (z * z) / (4 * count)) / count)
  const whole = 1 + (z * z) / count
  return [Math.max(0, (middle - room) / whole), Math.min(1, (middle + room) / whole)]
}

function scoreForecasts(settled: readonly SettledSignal[], random: Random): SignalScores['forecasts'] {
  const made = settled.flatMap(({ signal: { prediction }, ...rest }) =>
    prediction === null ? [] : [{ ...rest, probability: prediction.probabilityUp / 1_000_000 }],
  )
  if (made.length === 0) return null
  const forecasts = {
    startMs: Float64Array.from(made, ({ timeMs }) => timeMs),
    endMs: Float64Array.from(made, ({ endMs }) => endMs),
    probabilities: Float64Array.from(made, ({ probability }) => probability),
    outcomes: Uint8Array.from(made, ({ logReturn }) => (logReturn > 0 ? 1 : 0)),
    returns: Float64Array.from(made, ({ logReturn }) => logReturn),
    baselines: { 'even odds': new Float64Array(made.length).fill(EVEN_ODDS) },
  }
  return { evaluation: evaluateForecasts(forecasts), evidence: metricEvidence(forecasts, { random }) }
}
