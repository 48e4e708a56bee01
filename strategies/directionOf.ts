/** The sign of a score as a signal's direction: 1 above zero, −1 below, 0 at zero or without a number. */
export function directionOf(score: number): -1 | 0 | 1 {
  return score > 0 ? 1 : score < 0 ? -1 : 0
}
