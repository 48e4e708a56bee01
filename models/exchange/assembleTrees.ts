import { InvalidInputError, SCORE_ONE } from '../../core/index.ts'
import type { Tree, TreeEnsemble } from '../trees/treeEnsemble.ts'
import type { ForeignTreeNode, ForeignTrees } from './foreignTrees.ts'
import { type TargetOptions, targetOf } from './targetOf.ts'

/** What trees that were trained elsewhere do not say themselves. */
export type ForeignTreesOptions = TargetOptions & {
  /**
   * Where missing values go. `asTrained` keeps each split's own direction; a split that sends them right costs a copy
   * of its right branch. `left` is for features that are never missing: then those directions mean nothing.
   */
  readonly missing?: 'asTrained' | 'left'
}

/** Edges of a feature that bins of 8 bits can tell apart. */
const EDGES_LIMIT = 254
/** Nodes of a tree that can be sealed. */
const NODES_LIMIT = 8_191
/**
 * Cover of a branch for missing values alone, as a share of what it is a copy of: how many rows were missing was not
 * recorded, so explanations count them as next to none.
 */
const MISSING_COVER = 1 / SCORE_ONE

/**
 * Turns another library's trees into a `TreeEnsemble`. Every value takes the way that it took in the original, to the
 * bit; leaves are rounded to 1 / `SCORE_ONE`, so that a score is at most half of that for each tree, and for the base,
 * from the exact sum.
 *
 * @throws InvalidInputError when a feature has too many thresholds, a tree too many nodes, or a leaf does not fit.
 */
export function assembleTrees(source: ForeignTrees, options: ForeignTreesOptions): TreeEnsemble {
  const { objective, columns } = source
  const target = targetOf(objective, options)
  const edges = edgesOf(source)
  const toScore = (value: number, centre: number, what: string) => {
    const score = Math.floor(((value * target.outputUnit - centre) / target.targetScale) * SCORE_ONE + 0.5)
    if (Math.abs(score) < 2 ** 31) return score
    throw new InvalidInputError(`${what} of the imported trees, ${value}, does not fit 32 bits.`, {
      facts: { value, limit: 2 ** 31 / SCORE_ONE },
      hint: 'Give `outputUnit` and `targetScale`, so that scores are a few units at most.',
    })
  }
  const leafScore = (value: number) => toScore(value, 0, 'A leaf')
  return {
    objective,
    columns,
    edges,
    trees: source.trees.map((nodes, place) =>
      toTree(nodes, { place, edges, leafScore, keepsMissing: options.missing !== 'left' }),
    ),
    base: toScore(source.base, target.targetCentre, 'The base'),
    targetScale: target.targetScale,
    targetCentre: target.targetCentre,
  }
}

function edgesOf({ columns, trees }: ForeignTrees): Float32Array[] {
  const thresholds = Array.from({ length: columns }, () => new Set<number>())
  for (const node of trees.flat()) if (node.kind === 'split') thresholds[node.feature]?.add(node.threshold)
  // Infinite ones take no edge, but their bins must fit beside the others.
  return thresholds.map((values, feature) => {
    if (values.size > EDGES_LIMIT)
      throw new InvalidInputError(
        `Feature ${feature} of the imported trees has ${values.size} thresholds; at most ${EDGES_LIMIT} fit.`,
        {
          facts: { feature, thresholds: values.size, limit: EDGES_LIMIT },
          hint: 'Train with histograms of at most 254 bins (`max_bin`), or with fewer trees.',
        },
      )
    return Float32Array.from(values).filter(Number.isFinite).sort()
  })
}

/** The last bin that goes left. */
function thresholdBin(edges: Float32Array, threshold: number): number {
  // No value is below −∞ and all are below ∞; neither needs an edge.
  if (threshold === Number.NEGATIVE_INFINITY) return 0
  return threshold === Number.POSITIVE_INFINITY ? edges.length + 1 : edges.indexOf(threshold) + 1
}

/** What is known of the features on the way to a node: true for one that is missing, false for one that is not. */
type Known = ReadonlyMap<number, boolean>

type Waiting = {
  readonly source: number
  readonly known: Known
  readonly shrink: number
  readonly at: number
}

function toTree(
  nodes: readonly ForeignTreeNode[],
  {
    place,
    edges,
    leafScore,
    keepsMissing,
  }: {
    readonly place: number
    readonly edges: readonly Float32Array[]
    readonly leafScore: (value: number) => number
    readonly keepsMissing: boolean
  },
): Tree {
  const feature: number[] = []
  const threshold: number[] = []
  const left: number[] = []
  const value: number[] = []
  const cover: number[] = []
  // Level by level; a node's two children get their places as it is written.
  const waiting: Waiting[] = [{ source: 0, known: new Map(), shrink: 1, at: 0 }]
  let used = 1
  for (const { source, known, shrink, at } of waiting) {
    const { node, index } = settle(nodes, source, known)
    cover[at] = node.cover * shrink
    feature[at] = 0
    threshold[at] = 0
    left[at] = 0
    value[at] = 0
    if (node.kind === 'leaf') {
      value[at] = leafScore(node.value)
      continue
    }
    const isUnknown = keepsMissing && !known.has(node.feature)
    const isPresent = new Map(known).set(node.feature, false)
    feature[at] = node.feature
    left[at] = used
    if (isUnknown && !node.missingGoesLeft) {
      // Bin 0 holds the missing values: they go left to a copy of the right branch, the others to the split itself.
      const isMissing = new Map(known).set(node.feature, true)
      waiting.push({ source: node.right, known: isMissing, shrink: shrink * MISSING_COVER, at: used })
      waiting.push({ source: index, known: isPresent, shrink, at: used + 1 })
    } else {
      threshold[at] = thresholdBin(edges[node.feature] ?? new Float32Array(0), node.threshold)
      waiting.push({ source: node.left, known, shrink, at: used })
      waiting.push({ source: node.right, known: isPresent, shrink, at: used + 1 })
    }
    used += 2
    if (used > NODES_LIMIT)
      throw new InvalidInputError(
        `Tree ${place} of the imported ones takes more than ${NODES_LIMIT} nodes.`,
        {
          facts: { tree: place, limit: NODES_LIMIT },
          hint: 'Train with fewer levels, or pass `missing: "left"` where no feature is ever missing.',
        },
      )
  }
  return {
    feature: Uint16Array.from(feature),
    threshold: Uint8Array.from(threshold),
    left: Uint16Array.from(left),
    value: Int32Array.from(value),
    cover: Float32Array.from(cover),
  }
}

/** Goes on to the node where a value that is known to be missing is asked for no more. */
function settle(nodes: readonly ForeignTreeNode[], from: number, known: Known) {
  let index = from
  for (;;) {
    const node = nodes[index]
    if (node === undefined)
      throw new InvalidInputError(`The imported trees name a node ${index} that is not there.`, {
        facts: { node: index },
        hint: 'Save the model again; the file is damaged.',
      })
    if (node.kind === 'leaf' || known.get(node.feature) !== true) return { node, index }
    index = node.missingGoesLeft ? node.left : node.right
  }
}
