import { SCORE_ONE } from '../../core/index.ts'
import type { TreeEnsemble } from '../trees/treeEnsemble.ts'
import { type OnnxWriter, TREES_DOMAIN } from './onnxWriter.ts'

/**
 * Adds a tree ensemble's one node, from the input `features` to the value `score`. Bins become thresholds: bin ≤ b
 * is value ≤ the b-th edge, and a missing value goes left everywhere; −∞ goes with it where that alone goes left. Leaves of up to 24 bits stay exact; ONNX adds
 * them in binary32.
 */
export function treesToOnnx(writer: OnnxWriter, { trees, edges, base }: TreeEnsemble): void {
  const treeIds: number[] = []
  const nodeIds: number[] = []
  const features: number[] = []
  const thresholds: number[] = []
  const modes: string[] = []
  const lefts: number[] = []
  const rights: number[] = []
  const missingGoesLeft: number[] = []
  const leafTrees: number[] = []
  const leafNodes: number[] = []
  const leafScores: number[] = []
  for (const [id, tree] of trees.entries())
    for (const [node, left] of tree.left.entries()) {
      const isLeaf = left === 0
      const feature = isLeaf ? 0 : (tree.feature[node] ?? 0)
      treeIds.push(id)
      nodeIds.push(node)
      features.push(feature)
      thresholds.push(isLeaf ? 0 : thresholdOf(edges[feature], tree.threshold[node] ?? 0))
      modes.push(isLeaf ? 'LEAF' : 'BRANCH_LEQ')
      lefts.push(left)
      rights.push(isLeaf ? 0 : left + 1)
      missingGoesLeft.push(isLeaf ? 0 : 1)
      if (!isLeaf) continue
      leafTrees.push(id)
      leafNodes.push(node)
      leafScores.push((tree.value[node] ?? 0) / SCORE_ONE)
    }
  // A runtime needs at least one tree.
  if (trees.length === 0) {
    for (const list of [treeIds, nodeIds, features, thresholds, lefts, rights, missingGoesLeft]) list.push(0)
    modes.push('LEAF')
    for (const list of [leafTrees, leafNodes, leafScores]) list.push(0)
  }
  writer.node('TreeEnsembleRegressor', ['features'], {
    name: 'score',
    domain: TREES_DOMAIN,
    attributes: {
      n_targets: 1,
      aggregate_function: 'SUM',
      post_transform: 'NONE',
      base_values: Float32Array.of(base / SCORE_ONE),
      nodes_treeids: treeIds,
      nodes_nodeids: nodeIds,
      nodes_featureids: features,
      nodes_values: Float32Array.from(thresholds),
      nodes_modes: modes,
      nodes_truenodeids: lefts,
      nodes_falsenodeids: rights,
      nodes_missing_value_tracks_true: missingGoesLeft,
      target_treeids: leafTrees,
      target_nodeids: leafNodes,
      target_ids: leafTrees.map(() => 0),
      target_weights: Float32Array.from(leafScores),
    },
  })
}

/** The greatest value whose bin is at most the given one; bin 0 holds missing values alone, the last the greatest. */
function thresholdOf(edges: Float32Array | undefined, bin: number): number {
  if (bin === 0) return Number.NEGATIVE_INFINITY
  return edges?.[bin - 1] ?? Number.POSITIVE_INFINITY
}
