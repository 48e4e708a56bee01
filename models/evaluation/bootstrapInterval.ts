/** Shares of resamples that intervals hold, with the normal distribution's quantile at (1 + share) / 2. */
const NORMAL_QUANTILES = {
  0.9: 1.6448536269514722,
  0.95: 1.959963984540054,
  0.99: 2.5758293035489004,
} as const

export type Confidence = keyof typeof NORMAL_QUANTILES

/** An estimate, and the interval that holds the true value with the stated confidence. */
export type Interval = { readonly estimate: number; readonly low: number; readonly high: number }

/** Blocks shorter than this multiple of the labels' overlap would tear too many neighbours apart. */
export const OVERLAPS_PER_BLOCK = 3
/** Kurtosis of evenly spread ranks: the mean fourth power over the squared mean square. */
const RANK_KURTOSIS = 1.8
/** With fewer blocks than this there is no telling how much an estimate varies. */
export const LEAST_BLOCKS = 8

/**
 * By how much a bootstrap distribution must be widened about its estimate for the interval to hold what it says.
 * Two causes, both from the resampling alone: (1) the stationary bootstrap's variance is Σ b(k)·γ(k) over lags k with
 * b(k) ≈ (1 − 1/L)^k less 2L/n for the estimated mean (Politis and Romano 1994, lemma 1), so where labels of an
 * overlap of h make γ(k) ∝ 1 − k/h it falls short by a factor that is known; (2) it is an estimate of few degrees of
 * freedom, so Student's quantile takes the normal one's place (by its expansion in 1/ν; Abramowitz and Stegun, 26.7.5).
 * A kernel estimate with this b has n/L of them; forecasts that hardly move within a block give blocks weights that
 * go with their squared ranks, which leaves a share of 1 / `RANK_KURTOSIS` (Satterthwaite 1946).
 *
 * @param overlap labels that look at the same time, `labelOverlap`.
 */
export function intervalStretch({
  rows,
  overlap,
  meanBlock,
  confidence,
}: {
  readonly rows: number
  readonly overlap: number
  readonly meanBlock: number
  readonly confidence: Confidence
}): number {
  let whole = 1
  let seen = 1
  let kept = 1
  for (let lag = 1; lag < overlap; lag++) {
    kept *= 1 - 1 / meanBlock
    whole += 2 * (1 - lag / overlap)
    seen += 2 * (1 - lag / overlap) * kept
  }
  const shortfall = seen / whole - (2 * meanBlock) / rows
  const z = NORMAL_QUANTILES[confidence]
  const freedom = rows / (meanBlock * RANK_KURTOSIS)
  const square = z * z
  const first = (square + 1) / 4
  const second = ((5 * square + 16) * square + 3) / 96
  const third = (((3 * square + 19) * square + 17) * square - 15) / 384
  return (1 + (first + (second + third / freedom) / freedom) / freedom) / Math.sqrt(shortfall)
}

/** The interval of a bootstrap distribution, widened by `intervalStretch` about the estimate (percentile method). */
export function bootstrapInterval(
  estimate: number,
  distribution: Float64Array,
  { stretch, confidence }: { readonly stretch: number; readonly confidence: Confidence },
): Interval {
  const sorted = distribution.toSorted()
  const outside = (1 - confidence) / 2
  const widened = (share: number) => estimate + stretch * (interpolated(sorted, share) - estimate)
  return { estimate, low: widened(outside), high: widened(1 - outside) }
}

/** Share of a widened bootstrap distribution that is not above 0: the p-value of an estimate above 0, one-sided. */
export function shareNotAbove0(estimate: number, distribution: Float64Array, stretch: number): number {
  let count = 1
  for (const value of distribution) if (estimate + stretch * (value - estimate) <= 0) count++
  return count / (distribution.length + 1)
}

/** Linear interpolation at (n − 1)·p: type 7 of Hyndman and Fan (1996). */
function interpolated(sorted: Float64Array, share: number): number {
  const rank = (sorted.length - 1) * share
  const below = Math.floor(rank)
  const low = sorted[below] ?? Number.NaN
  return low + (rank - below) * ((sorted[below + 1] ?? low) - low)
}
