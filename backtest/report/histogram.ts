import { quantile } from '../luck/index.ts'
import { roundStep } from './valueAxis.ts'

/** Counts of values in bins of one width; zero is an edge. */
export type Histogram = {
  /** Lower edge of the first bin. */
  readonly from: number
  readonly width: number
  /** The first and the last bin also count what lies beyond them. */
  readonly counts: readonly number[]
  /** Values that lie below the first bin, and above the last. */
  readonly below: number
  readonly above: number
}

const FEWEST_BINS = 8
const MOST_BINS = 48

/**
 * Counts values in bins of a round width near that of D. Freedman and P. Diaconis ("On the Histogram as a Density
 * Estimator", 1981): 2 · interquartile range / ∛n, between 8 and 48 bins from the 0.5th to the 99.5th percentile.
 * Null without values.
 */
export function histogram(values: Float64Array): Histogram | null {
  const count = values.length
  if (count === 0) return null
  const sorted = values.toSorted()
  const low = Math.min(0, quantile(sorted, 0.005))
  const high = Math.max(0, quantile(sorted, 0.995))
  const range = high - low
  if (range === 0) return { from: -0.5, width: 1, counts: [count], below: 0, above: 0 }
  const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25)
  const wanted = (2 * spread) / Math.cbrt(count)
  const width = roundStep(Math.min(range / FEWEST_BINS, Math.max(range / MOST_BINS, wanted)))
  // Edges are multiples of the width; rounding in the division must not open a bin for nothing.
  const first = Math.floor(low / width + 1e-9)
  const last = Math.max(first + 1, Math.ceil(high / width - 1e-9))
  const counts = new Array<number>(last - first).fill(0)
  let below = 0
  let above = 0
  for (const value of values) {
    const bin = Math.floor(value / width + 1e-9) - first
    if (bin < 0) below++
    if (bin >= counts.length && value > last * width * (1 + 1e-9)) above++
    const kept = Math.min(counts.length - 1, Math.max(0, bin))
    counts[kept] = (counts[kept] ?? 0) + 1
  }
  return { from: first * width, width, counts, below, above }
}
