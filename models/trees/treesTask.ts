import type { TreesKernel } from './treesKernel.ts'
import {
  CHUNK_BYTES,
  coverBytes,
  SPLIT_BYTES,
  STAGE_BYTES,
  TASK_FIELDS,
  type TreesLayout,
} from './treesMemory.ts'

/** Kinds of work that threads share out among themselves. */
export const TASK_DRAW = 1
export const TASK_UPDATE = 2
export const TASK_SPLIT = 3
export const TASK_MARK = 4
export const TASK_MOVE = 5

/**
 * Does one task. Its fields, by kind:
 * - draw: first row, rows; writes how many are drawn to field 2. Key and limit are the plan's.
 * - update: first row, rows, place in the next list or −1.
 * - split: rows, gradients and count of the smaller child; its histograms and the larger child's (its parent's
 *   before; 0 at the root), first feature, the two nodes, whether each may be split, how many features.
 * - mark: rows, count, bins of the feature, threshold, marks; writes how many go left to field 5.
 * - move: rows, gradients, marks, count, where to, places of the first row to the left and to the right.
 */
export function doTask(
  kernel: TreesKernel,
  layout: TreesLayout,
  { tasks, plan }: TaskViews,
  thread: number,
  kind: number,
  task: number,
): void {
  const at = task * TASK_FIELDS
  const field = (place: number): number => tasks[at + place] ?? 0
  switch (kind) {
    case TASK_DRAW:
      tasks[at + 2] = kernel.countDrawn(
        field(0),
        field(1),
        plan.getUint32(28, true),
        plan.getFloat64(64, true),
      )
      return
    case TASK_UPDATE:
      kernel.updateRows(
        layout.planAt,
        field(0),
        field(1),
        field(2),
        layout.coversAt + thread * coverBytes(layout.nodes),
        layout.stagesAt + thread * STAGE_BYTES,
        layout.chunksAt + task * CHUNK_BYTES,
      )
      return
    case TASK_SPLIT:
      splitTask(kernel, layout, field, thread, task)
      return
    case TASK_MARK:
      tasks[at + 5] = kernel.markLeft(field(0), field(1), field(2), field(3), field(4))
      return
    case TASK_MOVE:
      kernel.moveRows(field(0), field(1), field(2), field(3), field(4), field(5), field(6), field(7))
  }
}

/** What of the memory describes the work. */
export type TaskViews = { readonly tasks: Int32Array; readonly plan: DataView }

export function taskViews(memory: WebAssembly.Memory, layout: TreesLayout): TaskViews {
  return {
    tasks: new Int32Array(memory.buffer, layout.tasksAt, layout.maximumTasks * TASK_FIELDS),
    plan: new DataView(memory.buffer, layout.planAt, 128),
  }
}

/** Histograms of two children over a few features, and the best split of each among them. */
function splitTask(
  kernel: TreesKernel,
  layout: TreesLayout,
  field: (place: number) => number,
  thread: number,
  task: number,
): void {
  const { binsAt, blockBytes, binCountsAt, sumsAt, ruleAt, splitsAt, stagesAt } = layout
  const firstFeature = field(5)
  const features = field(10)
  const smaller = field(3)
  const larger = field(4)
  const bins = binsAt + Math.floor(firstFeature / 16) * blockBytes + (firstFeature % 16)
  const stage = stagesAt + thread * STAGE_BYTES
  const find = (histogram: number, node: number, out: number) =>
    kernel.findSplit(
      histogram,
      firstFeature,
      features,
      binCountsAt,
      sumsAt + node * 16,
      ruleAt,
      splitsAt + (2 * task + out) * SPLIT_BYTES,
    )
  kernel.sumHistograms(field(0), field(1), field(2), bins, features, smaller, stage)
  if (field(8) !== 0) find(smaller, field(6), 0)
  if (larger === 0) return
  kernel.subtractHistograms(larger, smaller, features)
  if (field(9) !== 0) find(larger, field(7), 1)
}
