import type { IsotonicBlock } from './isotonicRegression.ts'

/**
 * Takes inner knots away, one at a time, until at most `most` are left: each time the one whose loss moves the line
 * through the others least, as its squared distance to the line times the weight of its block.
 */
export function thinKnots(knots: readonly IsotonicBlock[], most: number): readonly IsotonicBlock[] {
  const kept = knots.slice()
  const cost = (place: number): number => {
    const before = kept[place - 1]
    const knot = kept[place]
    const after = kept[place + 1]
    if (before === undefined || knot === undefined || after === undefined) return Number.POSITIVE_INFINITY
    const part = (knot.score - before.score) / (after.score - before.score)
    const away = before.value + part * (after.value - before.value) - knot.value
    return away * away * knot.weight
  }
  const costs = kept.map((_, place) => cost(place))
  while (kept.length > most) {
    let least = 1
    for (let place = 2; place < costs.length - 1; place++)
      if ((costs[place] ?? 0) < (costs[least] ?? 0)) least = place
    kept.splice(least, 1)
    costs.splice(least, 1)
    costs[least - 1] = cost(least - 1)
    costs[least] = cost(least)
  }
  return kept
}
