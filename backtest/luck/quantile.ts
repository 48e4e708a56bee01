/**
 * Quantile of values in ascending order, with linear interpolation at (n − 1)·p (type 7 of R. Hyndman and
 * Y. Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50, 1996). NaN of nothing.
 *
 * @param probability 0 to 1.
 */
export function quantile(sorted: ArrayLike<number>, probability: number): number {
  const rank = (sorted.length - 1) * probability
  const whole = Math.floor(rank)
  const lower = sorted[whole] ?? Number.NaN
  const part = rank - whole
  return part === 0 ? lower : lower + part * ((sorted[whole + 1] ?? lower) - lower)
}
