import { exactExp, exactLog, InvalidInputError, type Random } from '../../core/index.ts'
import { quantile } from './quantile.ts'
import { assertFinite } from './sharpeEvidence.ts'

/** What `bootstrapReturns` takes. */
export type BootstrapOptions = {
  /** Simple returns of adjoining periods, each above −1. */
  readonly returns: Float64Array
  readonly periodsPerYear: number
  readonly resamples: number
  readonly random: Random
  /** Mean length of a block, at least 1 (independent returns); n^(1/3), rounded up, unless given. */
  readonly meanBlock?: number
  /** Of the intervals; 0.95 unless given. */
  readonly confidence?: number
}

/** An estimate and the percentile interval around it; null where the returns do not vary. */
export type BootstrapInterval = {
  readonly estimate: number
  readonly low: number
  readonly high: number
}

/** What resampling says of the uncertainty of a run. */
export type BootstrapIntervals = {
  /** Annualised, against a rate of 0. */
  readonly sharpe: BootstrapInterval | null
  /** Growth a year, compounded: exp(mean of ln(1 + r) × periods a year) − 1. */
  readonly cagr: BootstrapInterval
  readonly meanBlock: number
  readonly resamples: number
}

const ROUNDING_VARIANCE = 1e-30

/**
 * Confidence intervals of Sharpe ratio and CAGR by the stationary bootstrap (D. Politis and J. Romano, "The
 * Stationary Bootstrap", Journal of the American Statistical Association 89, 1994): blocks of geometric length
 * that start anywhere and wrap around, so that serial dependence within a block is kept. The interval holds
 * the middle share of the resamples (percentile method).
 *
 * @throws InvalidInputError with fewer than two returns, naming a return that is not finite or not above −1,
 * or for options out of range.
 */
export function bootstrapReturns(options: BootstrapOptions): BootstrapIntervals {
  const { returns, periodsPerYear, resamples, random, confidence = 0.95 } = options
  const count = returns.length
  const meanBlock = options.meanBlock ?? cubeRootUp(count)
  if (count < 2 || !(meanBlock >= 1) || !Number.isInteger(resamples) || resamples < 1)
    throw new InvalidInputError(
      `${resamples} resamples of ${count} returns in blocks of ${meanBlock} cannot be drawn.`,
      {
        facts: { resamples, returns: count, meanBlock },
        hint: 'Pass two returns or more, blocks of at least 1, and at least one resample.',
      },
    )
  if (!(confidence > 0 && confidence < 1) || !(periodsPerYear > 0))
    throw new InvalidInputError(
      `An interval of confidence ${confidence} over ${periodsPerYear} periods a year means nothing.`,
      { facts: { confidence, periodsPerYear }, hint: 'Pass a confidence between 0 and 1, such as 0.95.' },
    )
  assertFinite('returns', returns)
  const logs = new Float64Array(count)
  let mean = 0
  for (let i = 0; i < count; i++) {
    const value = returns[i] ?? 0
    if (value <= -1)
      throw new InvalidInputError(`Return ${i} is ${value}: after a loss of all there is no growth.`, {
        facts: { index: i, value },
        hint: 'Leave out the run, or what follows its ruin.',
      })
    logs[i] = exactLog(1 + value)
    mean += value / count
  }
  const statisticsOf = (next: () => number): { sharpe: number | null; cagr: number } => {
    let sum = 0
    let squares = 0
    let growth = 0
    for (let i = 0; i < count; i++) {
      const at = next()
      const away = (returns[at] ?? 0) - mean
      sum += away
      squares += away * away
      growth += logs[at] ?? 0
    }
    const variance = (squares - (sum * sum) / count) / (count - 1)
    const varies = variance > ROUNDING_VARIANCE * (1 + mean * mean)
    return {
      sharpe: varies ? ((mean + sum / count) / Math.sqrt(variance)) * Math.sqrt(periodsPerYear) : null,
      cagr: exactExp((growth / count) * periodsPerYear) - 1,
    }
  }
  let inOrder = -1
  const whole = statisticsOf(() => ++inOrder)
  const sharpes: number[] = []
  const growths = new Float64Array(resamples)
  for (let at = 0; at < resamples; at++) {
    const { sharpe, cagr } = statisticsOf(stationaryIndex(count, meanBlock, random))
    // A resample of one return repeated has no Sharpe ratio.
    if (sharpe !== null) sharpes.push(sharpe)
    growths[at] = cagr
  }
  const interval = (estimate: number, values: Float64Array): BootstrapInterval => {
    values.sort()
    const outside = (1 - confidence) / 2
    return { estimate, low: quantile(values, outside), high: quantile(values, 1 - outside) }
  }
  return {
    sharpe:
      whole.sharpe === null || sharpes.length === 0
        ? null
        : interval(whole.sharpe, Float64Array.from(sharpes)),
    cagr: interval(whole.cagr, growths),
    meanBlock,
    resamples,
  }
}

/** Indices of a stationary bootstrap of `count` values: with probability 1 / meanBlock a new block begins. */
export function stationaryIndex(count: number, meanBlock: number, random: Random): () => number {
  const restart = 1 / meanBlock
  let index = -1
  return () => {
    if (index < 0 || random() < restart) index = Math.floor(random() * count)
    else index = index + 1 === count ? 0 : index + 1
    return index
  }
}

/** The smallest whole number whose cube is at least n: the rate at which Politis and Romano's block grows. */
function cubeRootUp(n: number): number {
  let root = 1
  while (root * root * root < n) root++
  return root
}
