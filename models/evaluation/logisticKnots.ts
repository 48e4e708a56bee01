import { exactExp } from '../../core/index.ts'

/** Knots of a logistic function: as many as a sealed model carries. */
const KNOTS = 64
/** Beyond these log-odds the probability is less than 2·10⁻⁴ from 0 or 1; half of that, constant, is near enough. */
const REACH = 8.6
/** Added to the bend, so that the chords about the inflection, where the bend changes most, are not too long. */
const LEAST_BEND = 0.0005
const GRID = 8_192

/**
 * The logistic function of slope · score + intercept as 64 knots with lines between them, within 10⁻⁴ everywhere.
 * Knots lie where the function bends: between two neighbours the root of its second derivative integrates to the
 * same, which makes the error of every chord the same; half of it is taken back by moving the knots off the curve.
 *
 * @param slope above 0.
 */
export function logisticKnots({ slope, intercept }: { readonly slope: number; readonly intercept: number }): {
  readonly scores: Float64Array
  readonly probabilities: Float64Array
} {
  const step = (2 * REACH) / GRID
  const bends = new Float64Array(GRID + 1)
  for (let place = 1; place <= GRID; place++)
    bends[place] =
      (bends[place - 1] ?? 0) + step * Math.sqrt(Math.abs(bendAt(-REACH + (place - 0.5) * step)) + LEAST_BEND)
  const whole = bends[GRID] ?? 0
  // Error of a chord: h²·|f″|/8, where h·√|f″| is a 63rd of the whole.
  const share = whole / (KNOTS - 1)
  const shift = (share * share) / 16
  const scores = new Float64Array(KNOTS)
  const probabilities = new Float64Array(KNOTS)
  let place = 0
  for (let knot = 0; knot < KNOTS; knot++) {
    const wanted = (whole * knot) / (KNOTS - 1)
    while (place < GRID - 1 && (bends[place + 1] ?? 0) < wanted) place++
    const below = bends[place] ?? 0
    const part = Math.min(1, (wanted - below) / ((bends[place + 1] ?? 0) - below))
    const odds = -REACH + (place + part) * step
    const bend = bendAt(odds)
    // Chords lie above the function where it bends up, and below it where it bends down.
    const moved = logistic(odds) - (bend > 0 ? shift : bend < 0 ? -shift : 0)
    scores[knot] = (odds - intercept) / slope
    probabilities[knot] = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, moved))
  }
  return { scores, probabilities }
}

/** Keeps log losses of the outermost knots finite, and above a millionth. */
const LEAST_PROBABILITY = 2e-5

function logistic(odds: number): number {
  return 1 / (1 + exactExp(-odds))
}

/** Second derivative of the logistic function. */
function bendAt(odds: number): number {
  const p = logistic(odds)
  return p * (1 - p) * (1 - 2 * p)
}
