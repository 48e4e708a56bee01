import { exactExp, exactLog } from '../../core/index.ts'

/** How many labels look at the same time on average, a label itself included: at least 1. */
export function labelOverlap(startMs: Float64Array, endMs: Float64Array): number {
  let overlapping = 0
  let reached = 0
  for (let row = 0; row < startMs.length; row++) {
    const end = endMs[row] ?? 0
    // Ends mostly rise with the rows, so the search goes on from where the last one stopped.
    while (reached > row && (startMs[reached - 1] ?? 0) >= end) reached--
    while (reached < startMs.length && (startMs[reached] ?? 0) < end) reached++
    overlapping += Math.max(1, reached - row)
  }
  return startMs.length === 0 ? 1 : overlapping / startMs.length
}

/**
 * Mean block of the stationary bootstrap that estimates the variance of a series' mean best (D. Politis and
 * H. White, "Automatic Block-Length Selection for the Dependent Bootstrap", Econometric Reviews 23, 2004, as
 * corrected by A. Patton, D. Politis and H. White, ibid. 28, 2009): from the autocovariances up to the lag after
 * which they are insignificant, under a flat-top window.
 *
 * @returns rows, from 1 to 3·√n.
 */
export function politisWhiteBlock(series: Float64Array): number {
  const rows = series.length
  const quiet = Math.max(5, Math.ceil(Math.sqrt(exactLog(rows) / Math.LN10)))
  const lags = Math.min(rows - 1, Math.ceil(Math.sqrt(rows)) + quiet)
  const longest = Math.ceil(Math.min(3 * Math.sqrt(rows), rows / 3))
  const mean = series.reduce((sum, value) => sum + value, 0) / rows
  const away = series.map(value => value - mean)
  const covariance = (lag: number) => {
    let sum = 0
    for (let row = lag; row < rows; row++) sum += (away[row] ?? 0) * (away[row - lag] ?? 0)
    return sum / rows
  }
  const variance = covariance(0)
  if (!(variance > 0) || lags < 1) return 1
  const significant = 2 * Math.sqrt(exactLog(rows) / Math.LN10 / rows) * variance
  const covariances = [variance]
  let last = 0
  for (let lag = 1; lag <= lags && lag - last <= quiet; lag++) {
    covariances[lag] = covariance(lag)
    if (Math.abs(covariances[lag] ?? 0) >= significant) last = lag
  }
  const window = Math.min(2 * Math.max(last, 1), lags)
  let weighted = 0
  let longRun = variance
  for (let lag = 1; lag <= window; lag++) {
    const taper = Math.min(1, 2 * (1 - lag / window))
    const part = 2 * taper * (covariances[lag] ?? covariance(lag))
    weighted += part * lag
    longRun += part
  }
  if (weighted === 0 || longRun === 0) return 1
  const cube = ((weighted * weighted) / (longRun * longRun)) * rows
  // The cube root through exact operations; Math.cbrt may differ between machines.
  return Math.min(Math.max(1, exactExp(exactLog(cube) / 3)), longest)
}
