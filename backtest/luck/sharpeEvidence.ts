import { InvalidInputError } from '../../core/index.ts'
import { moments } from '../statisticsRatios.ts'
import { normalCdf, normalQuantile } from './normalDistribution.ts'

/** What a Sharpe ratio rests on. Per period: no Sharpe ratio of this file is annualised. */
export type SharpeEvidence = {
  /** Mean / sample standard deviation of the returns, per period. */
  readonly sharpe: number
  /** Number of returns. */
  readonly periods: number
  /** 0 for a normal distribution. */
  readonly skewness: number
  /** Not in excess: 3 for a normal distribution. */
  readonly kurtosis: number
}

/** Euler's constant γ. */
const EULER = 0.5772156649015329

/**
 * Takes the evidence from returns; null with fewer than two returns or no variance.
 *
 * @throws InvalidInputError naming the return that is not finite.
 */
export function sharpeEvidence(returns: Float64Array): SharpeEvidence | null {
  assertFinite('returns', returns)
  const { count = 0, mean = 0, deviation = 0, skewness = null, kurtosis = null } = moments(returns) ?? {}
  if (skewness === null || kurtosis === null) return null
  return { sharpe: mean / deviation, periods: count, skewness, kurtosis }
}

/**
 * Probabilistic Sharpe ratio: the probability that the true Sharpe ratio is above `benchmark`, given the
 * observed one, Φ((SR − SR*) · √(n − 1) / √(1 − γ₃·SR + (γ₄ − 1)/4 · SR²)) with skewness γ₃ and kurtosis γ₄
 * (D. Bailey and M. López de Prado, "The Sharpe Ratio Efficient Frontier", Journal of Risk 15, 2012).
 *
 * @param benchmark Sharpe ratio per period to beat.
 * @throws InvalidInputError when the evidence is no evidence: fewer than two periods, impossible moments.
 */
export function probabilisticSharpe(evidence: SharpeEvidence, benchmark = 0): number {
  const { sharpe, periods } = evidence
  const scale = estimationVariance(evidence)
  return normalCdf(((sharpe - benchmark) * Math.sqrt(periods - 1)) / Math.sqrt(scale))
}

/**
 * Minimum track-record length: the number of returns from which on the observed Sharpe ratio would be above
 * `benchmark` with the given confidence, 1 + (1 − γ₃·SR + (γ₄ − 1)/4 · SR²) · (Φ⁻¹(confidence) / (SR − SR*))²
 * (Bailey and López de Prado 2012). Null when the observed ratio is not above the benchmark: no length
 * suffices.
 *
 * @param benchmark Sharpe ratio per period to beat.
 * @param confidence above ½ and below 1.
 */
export function minimumTrackRecord(
  evidence: SharpeEvidence,
  benchmark = 0,
  confidence = 0.95,
): number | null {
  if (!(confidence > 0.5 && confidence < 1))
    throw new InvalidInputError(`${confidence} is not a confidence above 0.5 and below 1.`, {
      facts: { confidence },
      hint: 'Pass 0.95, say.',
    })
  const distance = evidence.sharpe - benchmark
  if (distance <= 0) return null
  const deviations = normalQuantile(confidence) / distance
  return 1 + estimationVariance(evidence) * deviations * deviations
}

/**
 * Expected maximum of the Sharpe ratios of N independent trials that have no skill,
 * √V · ((1 − γ)·Φ⁻¹(1 − 1/N) + γ·Φ⁻¹(1 − 1/(N·e))) with Euler's γ (D. Bailey and M. López de Prado, "The
 * Deflated Sharpe Ratio", Journal of Portfolio Management 40, 2014). 0 for one trial: nothing was selected.
 *
 * @param trials N, at least 1; need not be whole, since correlated trials count for less.
 * @param variance V, of the trials' Sharpe ratios per period.
 */
export function expectedMaximumSharpe(trials: number, variance: number): number {
  if (
    !(trials >= 1 && trials < Number.POSITIVE_INFINITY) ||
    !(variance >= 0 && variance < Number.POSITIVE_INFINITY)
  )
    throw new InvalidInputError(`${trials} trials with a variance of ${variance} expect no maximum.`, {
      facts: { trials, variance },
      hint: 'Pass at least one trial, and the variance of their Sharpe ratios per period.',
    })
  if (trials === 1) return 0
  // Φ⁻¹(1 − p) = −Φ⁻¹(p), which many trials do not round away.
  const first = -normalQuantile(1 / trials)
  const second = -normalQuantile(1 / (trials * Math.E))
  // The approximation, made for many trials, falls below 0 between one trial and two.
  return Math.sqrt(variance) * Math.max(0, (1 - EULER) * first + EULER * second)
}

/**
 * Deflated Sharpe ratio: the probabilistic Sharpe ratio against what the best of the trials would show by
 * luck (Bailey and López de Prado 2014).
 *
 * @param trials how many were tried to find this one, it included.
 * @param variance of the trials' Sharpe ratios per period.
 */
export function deflatedSharpe(
  evidence: SharpeEvidence,
  { trials, variance }: { readonly trials: number; readonly variance: number },
): number {
  return probabilisticSharpe(evidence, expectedMaximumSharpe(trials, variance))
}

/** Sample variance (divisor n − 1) of the trials' Sharpe ratios; 0 of fewer than two. */
export function sharpeVariance(sharpes: ArrayLike<number>): number {
  assertFinite('Sharpe ratios', sharpes)
  const { deviation = 0 } = moments(Float64Array.from(sharpes)) ?? {}
  return deviation * deviation
}

/** n − 1 times the variance of the estimated Sharpe ratio. */
function estimationVariance({ sharpe, periods, skewness, kurtosis }: SharpeEvidence): number {
  const variance = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe
  // No distribution has a kurtosis below 1 + skewness², so the variance is at least (1 − γ₃·SR/2)². One of two
  // values only may reach 0, and by rounding fall below.
  if (!(periods >= 2) || !(variance > -ROUNDING) || variance === Number.POSITIVE_INFINITY)
    throw new InvalidInputError(
      `A Sharpe ratio of ${sharpe} over ${periods} periods with skewness ${skewness} and kurtosis ${kurtosis} is no evidence.`,
      {
        facts: { sharpe, periods, skewness, kurtosis },
        hint: 'Pass at least two periods, and kurtosis not in excess: 3 for a normal distribution.',
      },
    )
  return Math.max(variance, ROUNDING)
}

const ROUNDING = 1e-12

/** Refuses a column that holds something other than finite numbers, naming the first. */
export function assertFinite(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw new InvalidInputError(`Value ${i} of the ${name} is ${values[i]}, not a finite number.`, {
        facts: { index: i, value: values[i] ?? null },
        hint: 'Leave out or mend what is no number.',
      })
}
