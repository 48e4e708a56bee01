/** Forecasts of like probability, and how often what they foretold came to pass. */
export type CalibrationBin = {
  readonly rows: number
  readonly meanProbability: number
  readonly outcomeShare: number
}

export const DEFAULT_CALIBRATION_BINS = 10

/**
 * The calibration curve: forecasts in ascending order, cut into bins of as equal size as equal probabilities allow,
 * which are never divided (equal mass, as forecasts of markets crowd around ½). Fewer bins where there are fewer
 * distinct probabilities.
 */
export function calibrationCurve(
  probabilities: Float64Array,
  outcomes: Uint8Array,
  bins: number = DEFAULT_CALIBRATION_BINS,
): readonly CalibrationBin[] {
  const curve: CalibrationBin[] = []
  for (const [from, to, order] of binsOf(probabilities, bins)) {
    let sum = 0
    let came = 0
    for (let place = from; place < to; place++) {
      sum += probabilities[order[place] ?? 0] ?? 0
      came += outcomes[order[place] ?? 0] ?? 0
    }
    curve.push({ rows: to - from, meanProbability: sum / (to - from), outcomeShare: came / (to - from) })
  }
  return curve
}

/**
 * Expected calibration error: the mean distance of probability and share over the curve, by rows (M. Naeini et al.,
 * "Obtaining Well Calibrated Probabilities Using Bayesian Binning", 2015). Noise alone makes it about
 * √(p(1 − p) / rows of a bin), so it is above 0 for a perfect forecast too.
 */
export function expectedCalibrationError(curve: readonly CalibrationBin[]): number {
  let rows = 0
  let error = 0
  for (const bin of curve) {
    rows += bin.rows
    error += bin.rows * Math.abs(bin.meanProbability - bin.outcomeShare)
  }
  return error / rows
}

/** The parts of a Brier score: reliability − resolution + uncertainty + withinBins. */
export type BrierParts = {
  /** Squared distance of probability and share in the bins; lower is better. */
  readonly reliability: number
  /** Squared distance of the bins' shares and the share of all; higher is better. */
  readonly resolution: number
  /** What the outcomes alone make: share · (1 − share). */
  readonly uncertainty: number
  /** What differs among the forecasts of a bin: 0 where they are equal (D. Stephenson, C. Coelho and I. Jolliffe 2008). */
  readonly withinBins: number
}

/**
 * Decomposes a Brier score (A. Murphy, "A New Vector Partition of the Probability Score", Journal of Applied
 * Meteorology 12, 1973) over the bins of the calibration curve.
 */
export function brierParts(
  probabilities: Float64Array,
  outcomes: Uint8Array,
  bins: number = DEFAULT_CALIBRATION_BINS,
): BrierParts {
  const rows = probabilities.length
  let brier = 0
  let came = 0
  probabilities.forEach((p, row) => {
    const y = outcomes[row] ?? 0
    brier += (p - y) * (p - y)
    came += y
  })
  const share = came / rows
  const uncertainty = share * (1 - share)
  let reliability = 0
  let resolution = 0
  for (const { rows: count, meanProbability, outcomeShare } of calibrationCurve(
    probabilities,
    outcomes,
    bins,
  )) {
    reliability += (count / rows) * (meanProbability - outcomeShare) * (meanProbability - outcomeShare)
    resolution += (count / rows) * (outcomeShare - share) * (outcomeShare - share)
  }
  const withinBins = brier / rows - (reliability - resolution + uncertainty)
  return { reliability, resolution, uncertainty, withinBins }
}

/** Bins as [from, to) of the order that is given with them. */
function* binsOf(
  probabilities: Float64Array,
  bins: number,
): Generator<readonly [number, number, Uint32Array]> {
  const rows = probabilities.length
  const order = Uint32Array.from(probabilities, (_, row) => row)
  order.sort((a, b) => (probabilities[a] ?? 0) - (probabilities[b] ?? 0) || a - b)
  const at = (place: number) => probabilities[order[place] ?? 0] ?? Number.NaN
  for (let from = 0, bin = 0; from < rows; bin++) {
    let to = Math.max(from + 1, Math.floor(((bin + 1) * rows) / bins))
    if (to > rows) to = rows
    while (to < rows && at(to) === at(to - 1)) to++
    yield [from, to, order]
    from = to
    while (bin + 1 < bins && Math.floor(((bin + 2) * rows) / bins) <= from && from < rows) bin++
  }
}
