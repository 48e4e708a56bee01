import type { Objective } from '../learner.ts'

/**
 * A sum of binary trees over binned features. Leaves are integers already while they are trained, so that sealing
 * loses nothing.
 */
export type TreeEnsemble = {
  readonly objective: Objective
  readonly columns: number
  /**
   * By feature, ascending, at most 254. A value's bin is 0 when it is missing, else 1 + how many edges are below it:
   * bin b holds edges[b − 2] < value ≤ edges[b − 1].
   */
  readonly edges: readonly Float32Array[]
  readonly trees: readonly Tree[]
  /** Score before the first tree, in 1 / `SCORE_ONE`. */
  readonly base: number
  /** As of `FloatNetwork`. */
  readonly targetScale: number
  readonly targetCentre: number
}

/** Nodes in the order of their levels, the root first; a child comes after its parent. */
export type Tree = {
  /** Feature that an inner node asks for. */
  readonly feature: Uint16Array
  /** An inner node goes left where bin ≤ threshold: missing values always go left. */
  readonly threshold: Uint8Array
  /** Place of the left child, the right one follows it; 0 for a leaf. */
  readonly left: Uint16Array
  /** Of a leaf, in 1 / `SCORE_ONE`; 0 for an inner node. */
  readonly value: Int32Array
  /** Sum of the training rows' weights that reached the node, for explanations; binary32. */
  readonly cover: Float32Array
}
