import type { TreesLearner } from '../learner.ts'
import { leafValue } from './splitRule.ts'
import type { TreesCrew } from './treesCrew.ts'
import {
  BLOCK,
  CHUNK_ROWS,
  HISTOGRAM_BYTES,
  LEAST_TASK_FEATURES,
  SPLIT_BYTES,
  TASK_FIELDS,
  type TreesLayout,
} from './treesMemory.ts'
import { TASK_MARK, TASK_MOVE, TASK_SPLIT } from './treesTask.ts'

/** A tree as it grows: by node, in the order of the levels. `left` is 0 for a leaf, `value` 0 for another node. */
export type GrownTree = {
  readonly feature: number[]
  readonly threshold: number[]
  readonly left: number[]
  readonly value: number[]
}

export type GrowOptions = {
  readonly learner: TreesLearner
  /** Units of the integers that stand for gradients and second derivatives. */
  readonly gradientUnit: number
  readonly curvatureUnit: number
  /** Whether each feature was drawn for this tree. */
  readonly isDrawn: Uint8Array
  /** Rows drawn for this tree, in the first list, and their sums, as integers. */
  readonly root: { readonly count: number; readonly gradient: number; readonly curvature: number }
  /** Greatest magnitude of a leaf, in 1 / `SCORE_ONE`. */
  readonly leafLimit: number
}

const TASKS_PER_THREAD = 2

/** A node that may be split: where its rows lie in the list of its level, and where its histograms do. */
type OpenNode = { readonly node: number; from: number; count: number; slot: number; canSplit: boolean }
/** Two children: the histograms of the smaller are summed, those of the larger are what is left of the parent's. */
type Pair = { readonly smaller: OpenNode; readonly larger: OpenNode | null }
type Split = { gain: number; feature: number; threshold: number; gradient: number; curvature: number }

/**
 * Grows one tree, level by level: of each node the split with the greatest gain (Chen and Guestrin, "XGBoost",
 * 2016, equation 7, without the factor ½), the lower feature and then the lower threshold among equals.
 */
export function growTree(crew: TreesCrew, options: GrowOptions): GrownTree {
  const { learner, gradientUnit, curvatureUnit, root, leafLimit } = options
  const { memory, layout } = crew
  const tree: GrownTree = { feature: [0], threshold: [0], left: [0], value: [0] }
  const sums = new Float64Array(memory.buffer, layout.sumsAt, layout.nodes * 2)
  sums.set([root.gradient, root.curvature])
  const freeSlots = Array.from({ length: layout.slots - 1 }, (_, index) => layout.slots - 1 - index)
  const mayBeSplit = (node: number) => (sums[2 * node + 1] ?? 0) * curvatureUnit >= 2 * learner.minLeafWeight

  const first: OpenNode = { node: 0, from: 0, count: root.count, slot: 0, canSplit: root.count > 0 }
  let pairs: Pair[] = first.canSplit && mayBeSplit(0) ? [{ smaller: first, larger: null }] : []
  for (let level = 0; level < learner.depth && pairs.length > 0; level++) {
    const splits = findSplits(crew, options, pairs, level)
    const parted: { parent: OpenNode; split: Split; left: OpenNode; right: OpenNode }[] = []
    for (const parent of openNodes(pairs)) {
      const split = splits.get(parent.node)
      if (split === undefined) {
        freeSlots.push(parent.slot)
        continue
      }
      const child = tree.left.length
      tree.feature[parent.node] = split.feature
      tree.threshold[parent.node] = split.threshold
      tree.left[parent.node] = child
      for (const column of [tree.feature, tree.threshold, tree.left, tree.value]) column.push(0, 0)
      const gradient = sums[2 * parent.node] ?? 0
      const curvature = sums[2 * parent.node + 1] ?? 0
      sums.set([split.gradient, split.curvature], 2 * child)
      sums.set([gradient - split.gradient, curvature - split.curvature], 2 * child + 2)
      const open = (node: number): OpenNode => ({
        node,
        from: parent.from,
        count: 0,
        slot: parent.slot,
        canSplit: level + 1 < learner.depth && mayBeSplit(node),
      })
      const children = { left: open(child), right: open(child + 1) }
      if (children.left.canSplit || children.right.canSplit) parted.push({ parent, split, ...children })
      else freeSlots.push(parent.slot)
    }
    partRows(crew, parted, level)
    pairs = parted.map(({ left, right }) => {
      const [smaller, larger] = left.count <= right.count ? [left, right] : [right, left]
      smaller.slot = freeSlots.pop() ?? 0
      return { smaller, larger }
    })
  }
  for (let node = 0; node < tree.left.length; node++)
    if (tree.left[node] === 0) {
      const gradient = (sums[2 * node] ?? 0) * gradientUnit
      const curvature = (sums[2 * node + 1] ?? 0) * curvatureUnit
      tree.value[node] = leafValue(gradient, curvature, learner, leafLimit)
    }
  return tree
}

/** The nodes of pairs in the order of their numbers. */
function openNodes(pairs: readonly Pair[]): OpenNode[] {
  return pairs
    .flatMap(({ smaller, larger }) => (larger === null ? [smaller] : [smaller, larger]))
    .toSorted((a, b) => a.node - b.node)
}

/**
 * Features of one task: 16, or fewer where tasks are few, so that each thread has several and none waits long for
 * the slowest.
 */
function taskSize(pairs: number, { columns, threads }: TreesLayout): number {
  if (threads === 1) return BLOCK
  const isEnough = (size: number) => pairs * Math.ceil(columns / size) >= TASKS_PER_THREAD * threads
  return [BLOCK, BLOCK / 2].find(isEnough) ?? LEAST_TASK_FEATURES
}

/** The best split of each node that has one. */
function findSplits(
  crew: TreesCrew,
  options: GrowOptions,
  pairs: readonly Pair[],
  level: number,
): Map<number, Split> {
  const { memory, layout, views } = crew
  const { columns } = layout
  const taskFeatures = taskSize(pairs.length, layout)
  const listRows = layout.listRowsAt[level % 2] ?? 0
  const listGradients = layout.listGradientsAt[level % 2] ?? 0
  const firstFeatures: number[] = []
  for (let feature = 0; feature < columns; feature += taskFeatures)
    if (options.isDrawn.subarray(feature, feature + taskFeatures).includes(1)) firstFeatures.push(feature)
  const histogramAt = ({ slot }: OpenNode, feature: number) =>
    layout.histogramsAt + slot * layout.slotBytes + feature * HISTOGRAM_BYTES
  let tasks = 0
  for (const { smaller, larger } of pairs)
    for (const feature of firstFeatures)
      views.tasks.set(
        [
          listRows + 4 * smaller.from,
          listGradients + 8 * smaller.from,
          smaller.count,
          histogramAt(smaller, feature),
          larger === null ? 0 : histogramAt(larger, feature),
          feature,
          smaller.node,
          larger?.node ?? 0,
          Number(smaller.canSplit),
          Number(larger?.canSplit ?? false),
          taskFeatures,
        ],
        TASK_FIELDS * tasks++,
      )
  crew.run(TASK_SPLIT, tasks)
  const found = new Float64Array(memory.buffer, layout.splitsAt, (tasks * 2 * SPLIT_BYTES) / 8)
  const splits = new Map<number, Split>()
  let task = 0
  for (const { smaller, larger } of pairs)
    for (let part = 0; part < firstFeatures.length; part++, task++)
      for (const [side, open] of [smaller, larger].entries()) {
        if (open === null || !open.canSplit) continue
        const [gain = 0, feature = 0, threshold = 0, gradient = 0, curvature = 0] = found.subarray(
          ((2 * task + side) * SPLIT_BYTES) / 8,
        )
        // Features come in ascending order, so that the lower one keeps its place among equals.
        if (gain > (splits.get(open.node)?.gain ?? 0))
          splits.set(open.node, { gain, feature, threshold, gradient, curvature })
      }
  return splits
}

/** Moves the rows of nodes that were split to the other list, those that go left first, and counts both sides. */
function partRows(
  { views, run, layout }: TreesCrew,
  parted: readonly {
    readonly parent: OpenNode
    readonly split: Split
    readonly left: OpenNode
    readonly right: OpenNode
  }[],
  level: number,
): void {
  const { listRowsAt, listGradientsAt, marksAt, binsAt, blockBytes } = layout
  const from = level % 2
  const rowsAt = (list: number) => listRowsAt[list] ?? 0
  const gradientsAt = (list: number) => listGradientsAt[list] ?? 0
  const chunks: { readonly at: number; readonly rows: number }[] = []
  const owners: number[] = []
  for (const [owner, { parent, split }] of parted.entries()) {
    const bins = binsAt + Math.floor(split.feature / BLOCK) * blockBytes + (split.feature % BLOCK)
    for (let done = 0; done < parent.count; done += CHUNK_ROWS) {
      const at = parent.from + done
      const rows = Math.min(CHUNK_ROWS, parent.count - done)
      views.tasks.set(
        [rowsAt(from) + 4 * at, rows, bins, split.threshold, marksAt + at],
        TASK_FIELDS * chunks.length,
      )
      chunks.push({ at, rows })
      owners.push(owner)
    }
  }
  run(TASK_MARK, chunks.length)
  const lefts = chunks.map((_, chunk) => views.tasks[TASK_FIELDS * chunk + 5] ?? 0)
  for (const [chunk, left] of lefts.entries()) {
    const node = parted[owners[chunk] ?? 0]
    if (node !== undefined) node.left.count += left
  }
  for (const { parent, left, right } of parted) {
    right.count = parent.count - left.count
    right.from = parent.from + left.count
  }
  const filled = new Map<number, { left: number; right: number }>()
  for (const [chunk, { at, rows }] of chunks.entries()) {
    const owner = owners[chunk] ?? 0
    const node = parted[owner]
    if (node === undefined) continue
    const next = filled.get(owner) ?? { left: node.left.from, right: node.right.from }
    const left = lefts[chunk] ?? 0
    views.tasks.set(
      [
        rowsAt(from) + 4 * at,
        gradientsAt(from) + 8 * at,
        marksAt + at,
        rows,
        rowsAt(1 - from),
        gradientsAt(1 - from),
        next.left,
        next.right,
      ],
      TASK_FIELDS * chunk,
    )
    filled.set(owner, { left: next.left + left, right: next.right + rows - left })
  }
  run(TASK_MOVE, chunks.length)
}
