/** Good trials that the good density is made of, at most. */
export const MOST_GOOD = 25

/** Bad trials that the bad density is made of, at most: the latest. More would cost time and say little. */
export const MOST_BAD = 400

/** The good and the bad trials, as places in unit scale. */
export type TpeSplit = { readonly good: readonly Float64Array[]; readonly bad: readonly Float64Array[] }

/** The trials of a TPE search, in their order. */
export type TpeHistory = {
  /** Takes the place of the next trial. */
  add(units: Float64Array): void
  /** Takes in what the trials before this one gave. Merit: more is better, null of a failure. */
  settle(trial: number, meritOf: (trial: number) => number | null): void
  /**
   * Splits the trials by their merit; null while none has any. Those that failed or are still out count as bad, so
   * that trials proposed at once lie apart.
   */
  split(goodShare: number): TpeSplit | null
}

/** Starts a history. It keeps the best trials sorted, so that a split takes the same time after a million. */
export function createTpeHistory(): TpeHistory {
  const places: Float64Array[] = []
  /** Best first; of equals the earlier. */
  const best: { readonly trial: number; readonly merit: number }[] = []
  let settled = 0
  let valued = 0
  return {
    add(units) {
      places.push(units)
    },
    settle(trial, meritOf) {
      for (; settled < Math.min(trial, places.length); settled++) {
        const merit = meritOf(settled)
        if (merit === null) continue
        valued++
        const behind = best.findIndex(one => one.merit < merit)
        if (behind === -1) best.push({ trial: settled, merit })
        else best.splice(behind, 0, { trial: settled, merit })
        best.length = Math.min(best.length, MOST_GOOD)
      }
    },
    split(goodShare) {
      if (valued === 0) return null
      const good = best.slice(0, Math.ceil(goodShare * valued))
      const isGood = new Set(good.map(({ trial }) => trial))
      const bad: Float64Array[] = []
      for (let trial = places.length - 1; trial >= 0 && bad.length < MOST_BAD; trial--) {
        const place = places[trial]
        if (place !== undefined && !isGood.has(trial)) bad.push(place)
      }
      return { good: good.map(({ trial }) => places[trial] as Float64Array), bad: bad.reverse() }
    },
  }
}
