import { DAY_MS, exactExp, exactLog } from '../core/index.ts'

/** A year of 365.25 days, the Julian year, in milliseconds. */
export const YEAR_MS = 365.25 * DAY_MS

/** Runs shorter than this are not annualised: a good day compounded 365 times says nothing. (GIPS: one year.) */
export const MINIMUM_ANNUALISED_MS = 30 * DAY_MS

// A return is a quotient near 1 less 1, so its rounding error is near 2⁻⁵²: less variance than that is none.
const ROUNDING_VARIANCE = 1e-30

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** Total return: final / initial − 1. Null when the initial equity is not above zero. */
export function totalReturn(initial: number, final: number): number | null {
  return initial > 0 ? final / initial - 1 : null
}

/**
 * Annualised return (CAGR): (final / initial)^(1 / years) − 1 with years of 365.25 days. Null for a run
 * shorter than 30 days, and when equity starts or ends at or below zero.
 */
export function annualisedReturn(initial: number, final: number, durationMs: number): number | null {
  if (initial <= 0 || final <= 0 || durationMs < MINIMUM_ANNUALISED_MS) return null
  return finiteOrNull(exactExp(exactLog(final / initial) / (durationMs / YEAR_MS)) - 1)
}

/** Arithmetic mean, or null of nothing. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Sample standard deviation (divisor n − 1), or null of fewer than two values. */
export function standardDeviation(values: readonly number[]): number | null {
  const average = mean(values)
  if (average === null || values.length < 2) return null
  const squares = values.reduce((sum, value) => sum + (value - average) * (value - average), 0)
  const variance = squares / (values.length - 1)
  const meanSquare = values.reduce((sum, value) => sum + value * value, 0) / values.length
  return variance <= ROUNDING_VARIANCE * (1 + meanSquare) ? 0 : Math.sqrt(variance)
}

/** Annualised volatility: sample standard deviation of the periodic returns times √periods. */
export function annualisedVolatility(returns: readonly number[], periodsPerYear: number): number | null {
  const deviation = standardDeviation(returns)
  return deviation === null ? null : deviation * Math.sqrt(periodsPerYear)
}

/**
 * Sharpe ratio: mean / sample standard deviation × √periods, risk-free rate 0 (W. Sharpe, "The Sharpe
 * Ratio", Journal of Portfolio Management 21, 1994). Null with fewer than two returns or no variance.
 */
export function sharpeRatio(returns: readonly number[], periodsPerYear: number): number | null {
  const average = mean(returns)
  const deviation = standardDeviation(returns)
  if (average === null || deviation === null || deviation === 0) return null
  return finiteOrNull((average / deviation) * Math.sqrt(periodsPerYear))
}

/**
 * Sortino ratio: mean / downside deviation × √periods, where the downside deviation is
 * √(Σ min(r, 0)² / n) over all n returns, against a target of 0 (F. Sortino and L. Price, "Performance
 * Measurement in a Downside Risk Framework", Journal of Investing 3, 1994). Null with fewer than two
 * returns or none below 0.
 */
export function sortinoRatio(returns: readonly number[], periodsPerYear: number): number | null {
  const average = mean(returns)
  if (average === null || returns.length < 2) return null
  const squares = returns.reduce((sum, value) => sum + Math.min(value, 0) * Math.min(value, 0), 0)
  if (squares === 0) return null
  return finiteOrNull((average / Math.sqrt(squares / returns.length)) * Math.sqrt(periodsPerYear))
}

/** The deepest loss from a peak, and the longest time below one. */
export type Drawdown = {
  /** Largest (peak − equity) / peak: 0 for none, 1 for all; above 1 only if equity fell below zero. */
  readonly maxDrawdown: number
  /** Longest time from a peak until equity is back at it, or until the run ends. */
  readonly maxDurationMs: number
}

/** Drawdown over every point of the series, not only daily closes. Peaks at or below zero are left out. */
export function drawdown(timesMs: ArrayLike<number>, equity: ArrayLike<number>): Drawdown {
  let peak = Number.NEGATIVE_INFINITY
  let peakAt = 0
  let deepest = 0
  let longest = 0
  for (let i = 0; i < timesMs.length; i++) {
    const value = equity[i] ?? 0
    const time = timesMs[i] ?? 0
    if (value < peak) {
      if (peak > 0) deepest = Math.max(deepest, (peak - value) / peak)
      longest = Math.max(longest, time - peakAt)
      continue
    }
    // Recovery ends the time below the peak at this point, not at the last one under it.
    if (i > 0 && (equity[i - 1] ?? 0) < peak) longest = Math.max(longest, time - peakAt)
    peak = value
    peakAt = time
  }
  return { maxDrawdown: deepest, maxDurationMs: longest }
}
