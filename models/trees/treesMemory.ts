import { InvalidInputError } from '../../core/index.ts'
import { kernelMemory } from '../kernels/instantiateKernel.ts'

/** Features of a block of bins, and bytes of a row in it. */
export const BLOCK = 16
/** Features of the smallest task that sums histograms. */
export const LEAST_TASK_FEATURES = 4
/** Rows that one task goes through; losses are summed by such chunks, so it is part of the result. */
export const CHUNK_ROWS = 16_384
/** Bytes of one feature's histogram. */
export const HISTOGRAM_BYTES = 4_096
/** Bytes of one feature's edges: 256 binary32 numbers, padded with +Infinity. */
export const EDGES_BYTES = 1_024
/** Bytes of a split that was found: gain, feature, threshold and two sums. */
export const SPLIT_BYTES = 40
/** Bytes of what a chunk of rows adds up to. */
export const CHUNK_BYTES = 32
/** 32-bit integers that describe a task. */
export const TASK_FIELDS = 12
/** Bytes in which a thread gathers bins. */
export const STAGE_BYTES = 8_192
/** Bytes of values that a thread turns into bins at a time. */
const VALUES_BYTES = 1_048_576

/** What the memory of one training must hold. */
export type TreesShape = {
  /** Rows to fit to; the validation rows follow them. */
  readonly trainRows: number
  readonly rows: number
  readonly columns: number
  readonly depth: number
  /** Threads that work, the leading one included. */
  readonly threads: number
}

/** Where in the memory what lies, in bytes. */
export type TreesLayout = TreesShape & {
  readonly nodes: number
  readonly blockBytes: number
  readonly valuesBytes: number
  readonly maximumTasks: number
  readonly controlAt: number
  readonly ruleAt: number
  readonly planAt: number
  readonly tasksAt: number
  readonly splitsAt: number
  readonly chunksAt: number
  readonly sumsAt: number
  readonly nodesAt: number
  readonly leavesAt: number
  readonly coversAt: number
  readonly stagesAt: number
  readonly binCountsAt: number
  readonly edgesAt: number
  readonly targetsAt: number
  readonly weightsAt: number
  readonly scoresAt: number
  readonly marksAt: number
  /** Two lists of rows, each with its gradients: a level's rows move from the one to the other. */
  readonly listRowsAt: readonly [number, number]
  readonly listGradientsAt: readonly [number, number]
  readonly histogramsAt: number
  readonly slotBytes: number
  readonly slots: number
  readonly valuesAt: number
  readonly binsAt: number
  readonly bytes: number
}

/** Lays out the memory of a training. */
export function layOut(shape: TreesShape): TreesLayout {
  const { trainRows, rows, columns, depth, threads } = shape
  const nodes = 2 ** (depth + 1) - 1
  const slots = Math.max(1, Math.min(2 ** (depth - 1), trainRows))
  const paddedColumns = BLOCK * Math.ceil(columns / BLOCK)
  const chunks = Math.ceil(trainRows / CHUNK_ROWS) + Math.ceil((rows - trainRows) / CHUNK_ROWS)
  const pairs = Math.ceil(slots / 2) * Math.ceil(columns / LEAST_TASK_FEATURES)
  const maximumTasks = Math.max(chunks, pairs, Math.ceil(trainRows / CHUNK_ROWS) + slots)
  const valuesBytes = Math.max(VALUES_BYTES, columns * 4)
  const slotBytes = paddedColumns * HISTOGRAM_BYTES
  let at = 0
  const take = (bytes: number): number => {
    const from = at
    // Lines of the cache, so that no two threads write to one line.
    at += 64 * Math.ceil(bytes / 64)
    return from
  }
  return {
    ...shape,
    nodes,
    slots,
    maximumTasks,
    valuesBytes,
    slotBytes,
    blockBytes: rows * BLOCK,
    controlAt: take(64),
    ruleAt: take(64),
    planAt: take(128),
    tasksAt: take(maximumTasks * TASK_FIELDS * 4),
    splitsAt: take(maximumTasks * 2 * SPLIT_BYTES),
    chunksAt: take(chunks * CHUNK_BYTES),
    sumsAt: take(nodes * 16),
    nodesAt: take(nodes * 8),
    leavesAt: take(nodes * 4),
    coversAt: take(threads * coverBytes(nodes)),
    stagesAt: take(threads * STAGE_BYTES),
    binCountsAt: take(paddedColumns * 4),
    edgesAt: take(columns * EDGES_BYTES),
    targetsAt: take(rows * 4),
    weightsAt: take(rows * 4),
    scoresAt: take(rows * 4),
    marksAt: take(trainRows),
    listRowsAt: [take(trainRows * 4), take(trainRows * 4)],
    listGradientsAt: [take(trainRows * 8), take(trainRows * 8)],
    histogramsAt: take(slots * slotBytes),
    valuesAt: take(threads * valuesBytes),
    binsAt: take((paddedColumns / BLOCK) * rows * BLOCK),
    bytes: at,
  }
}

/** Bytes of a thread's sums of weights by node. */
export function coverBytes(nodes: number): number {
  return 64 * Math.ceil((nodes * 8) / 64)
}

/**
 * A memory for the layout.
 *
 * @throws InvalidInputError when WebAssembly cannot address it.
 */
export function treesMemory(layout: TreesLayout): WebAssembly.Memory {
  const { bytes, rows, columns, depth } = layout
  if (bytes > MAXIMUM_BYTES)
    throw new InvalidInputError(
      `${rows} rows of ${columns} features and trees of depth ${depth} take ${bytes} bytes; there are ${MAXIMUM_BYTES}.`,
      {
        facts: { rows, columns, depth, bytes },
        hint: 'Use fewer rows or features, or trees of less depth.',
      },
    )
  return kernelMemory(bytes)
}

/** What WebAssembly addresses with 32 bits. */
const MAXIMUM_BYTES = 2 ** 32
