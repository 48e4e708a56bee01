import type { Tree, TreeEnsemble } from './treeEnsemble.ts'

/** The leaves of all trees, each with the features of its path, in flat arrays. */
export type LeafPaths = {
  /** By leaf: where its path begins; one more says where the last ends. */
  readonly starts: Uint32Array
  /** By leaf, in 1 / `SCORE_ONE`. */
  readonly values: Float64Array
  /** By place on a path: a feature, each but once a path. */
  readonly features: Uint16Array
  /** The path is open to bins above the one and up to the other. */
  readonly above: Int16Array
  readonly upTo: Int16Array
  /** Share of the cover that goes the path's way where its nodes ask for the feature. */
  readonly share: Float64Array
  /** Features of the longest path. */
  readonly longest: number
  /** Mean of the ensemble's score by the covers, in 1 / `SCORE_ONE`. */
  readonly base: number
}

type Step = {
  readonly feature: number
  readonly above: number
  readonly upTo: number
  readonly share: number
}

/** Lists the leaves of an ensemble: tree by tree, from left to right. */
export function leafPaths({ trees, base }: TreeEnsemble): LeafPaths {
  const starts: number[] = [0]
  const values: number[] = []
  const steps: Step[] = []
  let mean = base
  let longest = 0
  const follow = (tree: Tree, node: number, path: readonly Step[]): void => {
    const left = tree.left[node] ?? 0
    if (left === 0) {
      const value = tree.value[node] ?? 0
      steps.push(...path)
      starts.push(steps.length)
      values.push(value)
      longest = Math.max(longest, path.length)
      mean += path.reduce((part, { share }) => part * share, value)
      return
    }
    const threshold = tree.threshold[node] ?? 0
    const feature = tree.feature[node] ?? 0
    const share = leftShare(tree, left)
    follow(tree, left, narrow(path, { feature, above: -1, upTo: threshold, share }))
    follow(tree, left + 1, narrow(path, { feature, above: threshold, upTo: 255, share: 1 - share }))
  }
  for (const tree of trees) follow(tree, 0, [])
  return {
    starts: Uint32Array.from(starts),
    values: Float64Array.from(values),
    features: Uint16Array.from(steps, ({ feature }) => feature),
    above: Int16Array.from(steps, ({ above }) => above),
    upTo: Int16Array.from(steps, ({ upTo }) => upTo),
    share: Float64Array.from(steps, ({ share }) => share),
    longest,
    base: mean,
  }
}

/** Share of a node's cover that goes to its left child; half where no training row with a weight came. */
function leftShare({ cover }: Tree, left: number): number {
  const toLeft = cover[left] ?? 0
  const both = toLeft + (cover[left + 1] ?? 0)
  return both > 0 ? toLeft / both : 0.5
}

/** A path with one more condition, merged with the one it already has on the feature. */
function narrow(path: readonly Step[], step: Step): readonly Step[] {
  const before = path.find(({ feature }) => feature === step.feature)
  if (before === undefined) return [...path, step]
  const merged: Step = {
    feature: step.feature,
    above: Math.max(before.above, step.above),
    upTo: Math.min(before.upTo, step.upTo),
    share: before.share * step.share,
  }
  return path.map(one => (one === before ? merged : one))
}
