import { binOf } from './binFeatures.ts'
import type { Tree, TreeEnsemble } from './treeEnsemble.ts'

/**
 * Scores of rows of a row-major matrix of unscaled features, in 1 / `SCORE_ONE`: the base and a leaf of each tree,
 * added as integers.
 *
 * @param rows which rows, in the order of the scores; all when left out.
 */
export function evaluateTrees(ensemble: TreeEnsemble, values: Float32Array, rows?: Uint32Array): Int32Array {
  const { columns, base, trees } = ensemble
  const count = rows?.length ?? Math.floor(values.length / columns)
  const scores = new Int32Array(count)
  for (let place = 0; place < count; place++) {
    const from = (rows?.[place] ?? place) * columns
    const bins = binsOf(ensemble, values.subarray(from, from + columns))
    let score = base
    for (const tree of trees) score += tree.value[leafOf(tree, bins)] ?? 0
    scores[place] = score
  }
  return scores
}

/** Bins of one row of features. */
export function binsOf({ edges, columns }: TreeEnsemble, row: Float32Array): Uint8Array {
  const bins = new Uint8Array(columns)
  for (let column = 0; column < columns; column++)
    bins[column] = binOf(edges[column] ?? NO_EDGES, row[column] ?? Number.NaN)
  return bins
}

const NO_EDGES = new Float32Array(0)

/** Node of the leaf that a row's bins lead to. */
export function leafOf({ feature, threshold, left }: Tree, bins: Uint8Array): number {
  let node = 0
  for (let child = left[0] ?? 0; child !== 0; child = left[node] ?? 0)
    node = (bins[feature[node] ?? 0] ?? 0) <= (threshold[node] ?? 0) ? child : child + 1
  return node
}
