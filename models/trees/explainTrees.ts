import { addToLargestRemainders } from '../largestRemainder.ts'
import { binsOf } from './evaluateTrees.ts'
import { type LeafPaths, leafPaths } from './leafPaths.ts'
import type { TreeEnsemble } from './treeEnsemble.ts'

/** Why a row has its score, in 1 / `SCORE_ONE`: the base and the contributions of all features add up to it. */
export type TreesExplanation = {
  /** The mean score of the rows that the trees were fitted to, as their covers tell it. */
  readonly base: number
  /** By feature. */
  readonly contributions: Int32Array
}

/** Shapley values before they are rounded, in 1 / `SCORE_ONE`. */
export type ShapleyValues = {
  readonly base: number
  readonly contributions: Float64Array
  readonly score: number
}

/**
 * Explains scores by exact Shapley values: of the game in which features that are not in a coalition are averaged
 * over by the covers below them (Lundberg, Erion and Lee, "Consistent Individualized Feature Attribution for Tree
 * Ensembles", 2018, algorithm 1).
 *
 * The values are computed in binary64 in a fixed order and rounded to integers by largest remainder: each is rounded
 * down, and the units that are missing to the score go one each to the greatest fractions, the lower feature first
 * among equals. So none is off by a unit or more, and the sum is exact.
 *
 * @returns a function of a row's bins (Uint8Array) or of its unscaled values (Float32Array).
 */
export function explainTrees(ensemble: TreeEnsemble): (row: Uint8Array | Float32Array) => TreesExplanation {
  const shapley = shapleyOfTrees(ensemble)
  return row => roundToScore(shapley(row))
}

/**
 * Shapley values by leaves. Of a leaf, let A be the features of its path whose conditions the row fulfils, B the
 * others, and z the shares of cover that a feature's conditions let through. A coalition S reaches the leaf with the
 * product of z over the features outside S, unless S holds one of B. Coalitions of A of size k therefore add up to
 * the coefficient of x^k in Π over A of (z + x), which is computed once; each feature of A is divided out of it
 * again, without any division of numbers, and all features of B lose the same. It takes the square of the depth a
 * leaf, as the paper's algorithm 2 does, and is stable where that one divides by small shares.
 */
export function shapleyOfTrees(ensemble: TreeEnsemble): (row: Uint8Array | Float32Array) => ShapleyValues {
  const paths = leafPaths(ensemble)
  const shares = coalitionShares(paths.longest)
  const product = new Float64Array(paths.longest + 1)
  const fulfilled = new Int32Array(paths.longest)
  return row => {
    const bins = row instanceof Uint8Array ? row : binsOf(ensemble, row)
    const contributions = new Float64Array(ensemble.columns)
    let score = ensemble.base
    for (let leaf = 0; leaf < paths.values.length; leaf++)
      score += addLeaf(paths, leaf, bins, contributions, shares, product, fulfilled)
    return { base: paths.base, contributions, score }
  }
}

/** Adds what one leaf contributes; returns its value when the row reaches it, else 0. */
function addLeaf(
  { starts, features, above, upTo, share, values }: LeafPaths,
  leaf: number,
  bins: Uint8Array,
  contributions: Float64Array,
  shares: readonly Float64Array[],
  product: Float64Array,
  fulfilled: Int32Array,
): number {
  const from = starts[leaf] ?? 0
  const to = starts[leaf + 1] ?? 0
  const value = values[leaf] ?? 0
  const weights = shares[to - from] ?? NO_SHARES
  let size = 0
  let outside = value
  product[0] = 1
  for (let at = from; at < to; at++) {
    const bin = bins[features[at] ?? 0] ?? 0
    const z = share[at] ?? 0
    if (bin <= (above[at] ?? 0) || bin > (upTo[at] ?? 0)) {
      outside *= z
      continue
    }
    // Times (z + x).
    product[size + 1] = product[size] ?? 0
    for (let k = size; k > 0; k--) product[k] = (product[k] ?? 0) * z + (product[k - 1] ?? 0)
    product[0] = (product[0] ?? 0) * z
    fulfilled[size++] = at
  }
  if (outside !== 0)
    for (let one = 0; one < size; one++) {
      const at = fulfilled[one] ?? 0
      const z = share[at] ?? 0
      // Divided by (z + x), from the highest power down.
      let quotient = product[size] ?? 0
      let sum = quotient * (weights[size - 1] ?? 0)
      for (let k = size - 1; k > 0; k--) {
        quotient = (product[k] ?? 0) - z * quotient
        sum += quotient * (weights[k - 1] ?? 0)
      }
      const feature = features[at] ?? 0
      contributions[feature] = (contributions[feature] ?? 0) + outside * (1 - z) * sum
    }
  if (size === to - from) return value
  let lost = 0
  for (let k = 0; k <= size; k++) lost += (product[k] ?? 0) * (weights[k] ?? 0)
  lost *= outside
  let next = 0
  for (let at = from; at < to; at++) {
    if (next < size && fulfilled[next] === at) {
      next++
      continue
    }
    const feature = features[at] ?? 0
    contributions[feature] = (contributions[feature] ?? 0) - lost
  }
  return 0
}

const NO_SHARES = new Float64Array(0)

/** By number of features n and size k of a coalition of the others: k! (n − k − 1)! / n!. */
function coalitionShares(most: number): Float64Array[] {
  return Array.from({ length: most + 1 }, (_, n) => {
    const shares = new Float64Array(n)
    let share = 1 / n
    for (let k = 0; k < n; k++) {
      shares[k] = share
      share = (share * (k + 1)) / (n - k - 1)
    }
    return shares
  })
}

/** Rounds by largest remainder, so that base and contributions add up to the score. */
function roundToScore({ base: exactBase, contributions: exact, score }: ShapleyValues): TreesExplanation {
  const base = Math.floor(exactBase + 0.5)
  const contributions = Int32Array.from(exact, value => Math.floor(value))
  let missing = score - base
  for (const contribution of contributions) missing -= contribution
  const fractions = exact.map(value => value - Math.floor(value))
  addToLargestRemainders(contributions, fractions, missing)
  return { base, contributions }
}
