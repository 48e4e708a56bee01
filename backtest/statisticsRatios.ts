import { DAY_MS, exactExp, exactLog } from '../core/index.ts'
import { YEAR_MS } from './statisticsPeriods.ts'

/** Runs shorter than this are not annualised: a good day compounded 365 times says nothing. (GIPS: one year.) */
export const MINIMUM_ANNUALISED_MS = 30 * DAY_MS

// A return is a quotient near 1 less 1, so its rounding error is near 2⁻⁵²: less variance than that is none.
const ROUNDING_VARIANCE = 1e-30

/** A number, or null where it is infinite or none. */
export const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** Total return: final / initial − 1. Null when the initial value is not above zero. */
export function totalReturn(initial: number, final: number): number | null {
  return initial > 0 ? finiteOrNull(final / initial - 1) : null
}

/**
 * Annualised return (CAGR): (final / initial)^(1 / years) − 1 with years of 365.25 days. Null for a run
 * shorter than 30 days, and when equity starts or ends at or below zero.
 */
export function annualisedReturn(initial: number, final: number, durationMs: number): number | null {
  if (initial <= 0 || final <= 0 || durationMs < MINIMUM_ANNUALISED_MS) return null
  return finiteOrNull(exactExp(exactLog(final / initial) / (durationMs / YEAR_MS)) - 1)
}

/** Moments of a sample. */
export type Moments = {
  readonly count: number
  readonly mean: number
  /** Sample standard deviation, divisor n − 1; 0 where the values differ by rounding only, or for one value. */
  readonly deviation: number
  /** m₃ / m₂^1.5 with central moments of divisor n: 0 for a normal distribution. Null without variance. */
  readonly skewness: number | null
  /** m₄ / m₂² with central moments of divisor n: 3 for a normal distribution. Null without variance. */
  readonly kurtosis: number | null
}

/** Computes mean, deviation, skewness and kurtosis in two passes; null of nothing. */
export function moments(values: Float64Array): Moments | null {
  const count = values.length
  if (count === 0) return null
  let sum = 0
  for (let i = 0; i < count; i++) sum += values[i] ?? 0
  const mean = sum / count
  let squares = 0
  let cubes = 0
  let fourths = 0
  for (let i = 0; i < count; i++) {
    const away = (values[i] ?? 0) - mean
    const square = away * away
    squares += square
    cubes += square * away
    fourths += square * square
  }
  const variance = count < 2 ? 0 : squares / (count - 1)
  // Mean square of the values themselves: what their rounding errors are relative to.
  const meanSquare = squares / count + mean * mean
  if (variance <= ROUNDING_VARIANCE * (1 + meanSquare))
    return { count, mean, deviation: 0, skewness: null, kurtosis: null }
  const m2 = squares / count
  return {
    count,
    mean,
    deviation: Math.sqrt(variance),
    skewness: finiteOrNull(cubes / count / (m2 * Math.sqrt(m2))),
    kurtosis: finiteOrNull(fourths / count / (m2 * m2)),
  }
}

/** Annualised volatility: sample standard deviation of the returns times √periods. Null of fewer than two. */
export function annualisedVolatility(returns: Moments | null, periodsPerYear: number): number | null {
  return returns === null || returns.count < 2 ? null : returns.deviation * Math.sqrt(periodsPerYear)
}

/**
 * Sharpe ratio: mean / sample standard deviation × √periods of the returns over the risk-free rate
 * (W. Sharpe, "The Sharpe Ratio", Journal of Portfolio Management 21, 1994). Null with fewer than two
 * returns or no variance.
 */
export function sharpeRatio(excess: Moments | null, periodsPerYear: number): number | null {
  if (excess === null || excess.deviation === 0) return null
  return finiteOrNull((excess.mean / excess.deviation) * Math.sqrt(periodsPerYear))
}

/**
 * Sortino ratio: mean / downside deviation × √periods of the returns over the target, where the downside
 * deviation is √(Σ min(r, 0)² / n) over all n of them (F. Sortino and L. Price, "Performance Measurement in a
 * Downside Risk Framework", Journal of Investing 3, 1994). Null with fewer than two returns or none below.
 */
export function sortinoRatio(excess: Float64Array, periodsPerYear: number): number | null {
  const count = excess.length
  if (count < 2) return null
  let sum = 0
  let squares = 0
  for (let i = 0; i < count; i++) {
    const value = excess[i] ?? 0
    sum += value
    const twice = value - Math.abs(value) // Of what is below 0; no branch for a processor to mispredict.
    squares += twice * twice
  }
  if (squares === 0) return null
  return finiteOrNull((sum / count / Math.sqrt(squares / 4 / count)) * Math.sqrt(periodsPerYear))
}

/**
 * Calmar ratio: annualised return / max drawdown, over the whole run (T. Young, "Calmar Ratio: A Smoother
 * Tool", Futures 20, 1991, takes the last 36 months). Null without either.
 */
export function calmarRatio(annualised: number | null, maxDrawdown: number): number | null {
  return annualised === null || maxDrawdown === 0 ? null : finiteOrNull(annualised / maxDrawdown)
}

/**
 * Omega ratio: Σ max(r − θ, 0) / Σ max(θ − r, 0) for a threshold θ per period (C. Keating and W. Shadwick, "A
 * Universal Performance Measure", Journal of Performance Measurement 6, 2002). Null without a return below θ.
 */
export function omegaRatio(returns: Float64Array, threshold: number): number | null {
  let above = 0
  let below = 0
  for (let i = 0; i < returns.length; i++) {
    const away = (returns[i] ?? 0) - threshold
    above += away + Math.abs(away)
    below += Math.abs(away) - away
  }
  return below === 0 ? null : finiteOrNull(above / below)
}
