import { exactLog, InvalidInputError, type UnixMs } from '../../core/index.ts'
import { binOf, type FeatureReference } from './featureReference.ts'

/** How a feature does, over the last vectors of an agent. */
export type FeatureHealth = {
  readonly name: string
  /** Time since what its newest input describes, in ms; null before the first. */
  readonly ageMs: number | null
  /** Share of the last vectors that lack it, from 0 to 1; null before the first vector. */
  readonly missing: number | null
  /** The same share of the reference; null where there is no reference. */
  readonly referenceMissing: number | null
  /** `populationStability` of the last values; null without a reference, or while there are too few. */
  readonly drift: number | null
}

/** Watches the features of an agent: how old, how often missing, how far from what its model was trained on. */
export type FeatureMonitor = {
  /** Takes in a vector, and the newest time that each feature's inputs describe (`inputTimes` of a pipeline). */
  observe(vector: Float32Array, inputTimes: readonly (UnixMs | null)[]): void
  /** How each feature does at a time, in the order of their names. */
  report(nowMs: UnixMs): FeatureHealth[]
}

export type FeatureMonitorOptions = {
  readonly names: readonly string[]
  /** `featureReference` of the matrix that a model was trained on; null where there is none. */
  readonly reference: readonly FeatureReference[] | null
  /** Vectors that a report looks back on. */
  readonly window?: number
}

/** Vectors that a report looks back on: as many hours are three weeks. */
export const DEFAULT_MONITOR_WINDOW = 500

/** Values that each bin needs on average before a drift is reported: with fewer, chance alone looks like one. */
const VALUES_PER_BIN = 10

/**
 * Starts watching features. It has no clock, and keeps two bytes for each feature of each vector in the window.
 *
 * @throws InvalidInputError when the reference is of other features, or the window is none.
 */
export function createFeatureMonitor(options: FeatureMonitorOptions): FeatureMonitor {
  const { names, reference, window = DEFAULT_MONITOR_WINDOW } = options
  if (!Number.isSafeInteger(window) || window < 1)
    throw new InvalidInputError(`A window of ${window} vectors is not possible.`, {
      facts: { window },
      hint: 'Pass a whole number of at least 1.',
    })
  if (reference !== null) assertReference(names, reference)
  const columns = names.length
  /** Bin of each feature in each vector of the window, MISSING for none. */
  const bins = new Uint16Array(window * columns)
  const counts = names.map((_, column) => new Uint32Array(reference?.[column]?.counts.length ?? 1))
  const missing = new Uint32Array(columns)
  let vectors = 0
  let newest: readonly (UnixMs | null)[] = names.map(() => null)

  const forget = (at: number, column: number) => {
    const bin = bins[at] ?? MISSING
    const own = counts[column]
    if (bin === MISSING) missing[column] = (missing[column] ?? 0) - 1
    else if (own !== undefined) own[bin] = (own[bin] ?? 0) - 1
  }

  return {
    observe(vector, inputTimes) {
      if (vector.length !== columns || inputTimes.length !== columns)
        throw new InvalidInputError(
          `A vector of ${vector.length} features with ${inputTimes.length} times is not one of ${columns}.`,
          {
            facts: { vector: vector.length, times: inputTimes.length, features: columns },
            hint: 'Give the monitor the names of the pipeline whose vectors it watches.',
          },
        )
      const row = (vectors % window) * columns
      for (let column = 0; column < columns; column++) {
        const at = row + column
        if (vectors >= window) forget(at, column)
        const value = vector[column] ?? Number.NaN
        const own = counts[column]
        if (Number.isNaN(value)) {
          bins[at] = MISSING
          missing[column] = (missing[column] ?? 0) + 1
        } else if (own !== undefined) {
          const bounds = reference?.[column]?.bounds
          const bin = bounds === undefined ? 0 : binOf(bounds, value)
          bins[at] = bin
          own[bin] = (own[bin] ?? 0) + 1
        }
      }
      vectors += 1
      newest = inputTimes
    },
    report: nowMs =>
      names.map((name, column) => {
        const time = newest[column] ?? null
        const known = reference?.[column] ?? null
        const own = counts[column] ?? new Uint32Array(0)
        const rows = known === null ? 0 : total(known.counts) + known.missing
        return {
          name,
          ageMs: time === null ? null : nowMs - time,
          missing: vectors === 0 ? null : (missing[column] ?? 0) / Math.min(vectors, window),
          referenceMissing: known === null || rows === 0 ? null : known.missing / rows,
          drift:
            known === null || total(known.counts) === 0 || total(own) < VALUES_PER_BIN * own.length
              ? null
              : populationStability(known.counts, own),
        }
      }),
  }
}

const MISSING = 0xffff

/**
 * Population stability index of two histograms over the same bins: Σ (a − e) · ln(a / e), of the shares e of the
 * reference and a of what is watched, each (count + ½) / (all + bins/2), so that no empty bin makes it infinite.
 * 0 for equal shares; by custom below 0.1 little has changed, above 0.25 much. Where nothing has changed, it is on
 * average (bins − 1)(1/n + 1/m) for n and m values. Sources: Siddiqi, "Credit Risk Scorecards" (2006), chapter 8;
 * Yurdakul and Naranjo, "Statistical Properties of the Population Stability Index", Journal of Risk Model
 * Validation 14 (2020); the ½ is Krichevsky and Trofimov's, IEEE Transactions on Information Theory 27 (1981).
 */
export function populationStability(reference: ArrayLike<number>, watched: ArrayLike<number>): number {
  const bins = reference.length
  const [m, n] = [total(reference), total(watched)]
  let sum = 0
  for (let bin = 0; bin < bins; bin++) {
    const expected = ((reference[bin] ?? 0) + 0.5) / (m + bins / 2)
    const actual = ((watched[bin] ?? 0) + 0.5) / (n + bins / 2)
    sum += (actual - expected) * exactLog(actual / expected)
  }
  return sum
}

function total(counts: ArrayLike<number>): number {
  let sum = 0
  for (let bin = 0; bin < counts.length; bin++) sum += counts[bin] ?? 0
  return sum
}

function assertReference(names: readonly string[], reference: readonly FeatureReference[]): void {
  const other = names.findIndex((name, column) => reference[column]?.name !== name)
  if (other === -1 && reference.length === names.length) return
  const column = other === -1 ? names.length : other
  throw new InvalidInputError(
    `The reference has ${reference[column]?.name ?? 'nothing'} for feature ${column}, which is ${names[column] ?? 'not there'}.`,
    {
      facts: { column, name: names[column] ?? null, reference: reference[column]?.name ?? null },
      hint: 'Make the reference from a matrix of the same features, in their order.',
    },
  )
}
