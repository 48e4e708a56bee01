import { exactExp, exactLog, InvalidInputError } from '../../core/index.ts'
import { binOf, type FeatureBackground } from './featureBackground.ts'

/** Below this a population stability index counts as no change (N. Siddiqi, "Credit Risk Scorecards", 2006). */
export const PSI_MODERATE = 0.1
/** From this on a population stability index counts as a significant change (Siddiqi 2006). */
export const PSI_SIGNIFICANT = 0.25
/** Chance at which Kolmogorov-Smirnov raises an alarm on some feature of an unchanged set, rows being independent. */
export const KS_ALARM = 0.01
/**
 * Fewer live vectors than this say nothing: without any drift the index is about (bins − 1) / rows on average
 * (B. Yurdakul, "Statistical Properties of Population Stability Index", 2018), a fifth of `PSI_MODERATE` here.
 */
export const LEAST_DRIFT_ROWS = 500

export type DriftLevel = 'stable' | 'moderate' | 'significant'

/** How far the live values of a feature have moved from those that the model was trained on. */
export type FeatureDrift = {
  readonly name: string
  /** Population stability index over the background's deciles and the missing values. */
  readonly stabilityIndex: number
  /** By the index alone. */
  readonly level: DriftLevel
  /**
   * Greatest distance of the two distribution functions at the deciles, of the values present: at most the
   * Kolmogorov-Smirnov statistic over all values, so its p-value is at least the true one. Null where none is present.
   */
  readonly distance: number | null
  /** Of the distance, were the rows independent; live vectors that follow each other closely make it too small. */
  readonly pValue: number | null
  /** Whether the p-value is below `KS_ALARM` divided by the number of features (Bonferroni). */
  readonly distanceAlarm: boolean
}

export type DriftReport = {
  /** Live vectors looked at. */
  readonly rows: number
  /** Null before `LEAST_DRIFT_ROWS` vectors were seen, else the worst of the features'. */
  readonly level: DriftLevel | null
  readonly features: readonly FeatureDrift[]
}

/** Compares live feature vectors with a background as they come. */
export type DriftMonitor = {
  /** Takes one feature vector; the oldest leaves when the window is full. Allocates nothing. */
  observe(features: Float32Array): void
  report(): DriftReport
}

export const DEFAULT_DRIFT_WINDOW = 2_000

/**
 * Watches the last `windowRows` feature vectors for drift away from a background.
 *
 * @throws InvalidInputError when the window is shorter than `LEAST_DRIFT_ROWS`, and on a vector of another length.
 */
export function createDriftMonitor(
  background: FeatureBackground,
  { windowRows = DEFAULT_DRIFT_WINDOW }: { readonly windowRows?: number } = {},
): DriftMonitor {
  if (!Number.isInteger(windowRows) || windowRows < LEAST_DRIFT_ROWS)
    throw new InvalidInputError(`A window of ${windowRows} vectors is too short to tell drift from noise.`, {
      facts: { windowRows, least: LEAST_DRIFT_ROWS },
      hint: `Pass ${LEAST_DRIFT_ROWS} or more.`,
    })
  const { features } = background
  const columns = features.length
  // By vector of the ring and feature: 0 for a missing value, else 1 + its bin.
  const ring = new Uint8Array(windowRows * columns)
  const counts = features.map(({ edges }) => new Uint32Array(edges.length + 2))
  let seen = 0
  return {
    observe(vector) {
      if (vector.length !== columns)
        throw new InvalidInputError(
          `A vector of ${vector.length} features came for a background of ${columns}.`,
          {
            facts: { given: vector.length, expected: columns },
            hint: 'Pass the features that the model was trained on, in their order.',
          },
        )
      const at = (seen % windowRows) * columns
      for (let column = 0; column < columns; column++) {
        const bins = counts[column]
        const edges = features[column]?.edges
        if (bins === undefined || edges === undefined) continue
        if (seen >= windowRows) {
          const old = ring[at + column] ?? 0
          bins[old] = (bins[old] ?? 0) - 1
        }
        const value = vector[column] ?? Number.NaN
        const bin = Number.isFinite(value) ? 1 + binOf(edges, value) : 0
        ring[at + column] = bin
        bins[bin] = (bins[bin] ?? 0) + 1
      }
      seen++
    },
    report() {
      const rows = Math.min(seen, windowRows)
      const drifts = features.map(({ name, shares, missingShare }, column): FeatureDrift => {
        const live = counts[column] ?? new Uint32Array(0)
        const expected = [missingShare, ...shares].map(share => share * background.rows)
        const stability = stabilityIndex(expected, live)
        const distance = binnedDistance(expected.slice(1), live.subarray(1))
        const pValue = distance === null ? null : kolmogorovPValue(distance.statistic, distance.rows)
        return {
          name,
          stabilityIndex: stability,
          level: levelOf(stability),
          distance: distance?.statistic ?? null,
          pValue,
          distanceAlarm: pValue !== null && pValue < KS_ALARM / columns,
        }
      })
      const worst = Math.max(0, ...drifts.map(drift => drift.stabilityIndex))
      return { rows, level: rows < LEAST_DRIFT_ROWS ? null : levelOf(worst), features: drifts }
    },
  }
}

/**
 * Population stability index Σ (q − p)·ln(q / p) of live shares q and expected shares p (the symmetric divergence of
 * H. Jeffreys, 1946). Half a row is added to every bin, so that an empty one does not make it infinite.
 *
 * @param expected counts by bin.
 * @param live counts by the same bins.
 */
export function stabilityIndex(expected: ArrayLike<number>, live: ArrayLike<number>): number {
  const bins = expected.length
  const expectedRows = sumOf(expected)
  const liveRows = sumOf(live)
  let index = 0
  for (let bin = 0; bin < bins; bin++) {
    if (expected[bin] === 0 && live[bin] === 0) continue
    const p = ((expected[bin] ?? 0) + 0.5) / (expectedRows + bins / 2)
    const q = ((live[bin] ?? 0) + 0.5) / (liveRows + bins / 2)
    index += (q - p) * exactLog(q / p)
  }
  return index
}

/**
 * The chance of a two-sample Kolmogorov-Smirnov distance this great or greater between samples of one continuous
 * distribution: 2·Σ (−1)^(j−1)·exp(−2·j²·λ²) with λ = (√n + 0.12 + 0.11 / √n)·distance (M. Stephens, "Use of the
 * Kolmogorov-Smirnov, Cramér-von Mises and Related Statistics Without Extensive Tables", 1970).
 *
 * @param rows n₁·n₂ / (n₁ + n₂) of the two samples.
 */
export function kolmogorovPValue(distance: number, rows: number): number {
  const root = Math.sqrt(rows)
  const lambda = (root + 0.12 + 0.11 / root) * distance
  // Below this the series converges slowly, to what is 1 in sixteen digits.
  if (lambda < 0.18) return 1
  let sum = 0
  for (let j = 1; j <= 100; j++) {
    const term = exactExp(-2 * j * j * lambda * lambda)
    sum += j % 2 === 1 ? term : -term
    if (term < 1e-17) break
  }
  return Math.min(1, Math.max(0, 2 * sum))
}

function binnedDistance(
  expected: readonly number[],
  live: Uint32Array,
): { readonly statistic: number; readonly rows: number } | null {
  const expectedRows = sumOf(expected)
  const liveRows = sumOf(live)
  if (expectedRows === 0 || liveRows === 0) return null
  let below = 0
  let liveBelow = 0
  let statistic = 0
  for (let bin = 0; bin < expected.length; bin++) {
    below += (expected[bin] ?? 0) / expectedRows
    liveBelow += (live[bin] ?? 0) / liveRows
    statistic = Math.max(statistic, Math.abs(below - liveBelow))
  }
  return { statistic, rows: (expectedRows * liveRows) / (expectedRows + liveRows) }
}

function levelOf(index: number): DriftLevel {
  return index < PSI_MODERATE ? 'stable' : index < PSI_SIGNIFICANT ? 'moderate' : 'significant'
}

function sumOf(counts: ArrayLike<number>): number {
  let sum = 0
  for (let bin = 0; bin < counts.length; bin++) sum += counts[bin] ?? 0
  return sum
}
