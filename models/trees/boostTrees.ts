import { seededRandom } from '../../core/index.ts'
import type { Objective, TreesLearner } from '../learner.ts'
import { type GrownTree, growTree } from './growTree.ts'
import { integerScale, LEAF_LIMIT, NOISE_GAIN } from './splitRule.ts'
import type { Tree } from './treeEnsemble.ts'
import type { TreesCrew } from './treesCrew.ts'
import { CHUNK_BYTES, CHUNK_ROWS, coverBytes, TASK_FIELDS } from './treesMemory.ts'
import { TASK_DRAW, TASK_UPDATE } from './treesTask.ts'

/** What the rounds need to know beside the memory, which holds bins, targets and weights already. */
export type BoostPlan = {
  readonly objective: Objective
  readonly learner: TreesLearner
  readonly seed: number
  /** Score of every row before the first tree. */
  readonly base: number
  /** Sums of the weights of the rows to fit to and of the validation rows, and the greatest of the former. */
  readonly trainWeight: number
  readonly validationWeight: number
  readonly largestWeight: number
  /** Bins of each feature, that of missing values included. */
  readonly binCounts: readonly number[]
}

/** One round that was run. */
export type BoostRound = {
  readonly tree: Tree
  readonly loss: number
  /** Null without validation rows. */
  readonly validationLoss: number | null
}

/** 2^32: the draw of a row is below its share of it. */
const DRAWS = 4_294_967_296
const INT32_MAX = 2_147_483_647

/**
 * Runs the rounds, one at each step of the iteration, until all are run or the validation loss has not become
 * better for `patience` rounds.
 */
export function* boostTrees(crew: TreesCrew, plan: BoostPlan): Generator<BoostRound, void> {
  const { objective, learner, trainWeight, largestWeight } = plan
  const { memory, layout } = crew
  const isSquared = objective === 'return'
  const curvatureBound = isSquared ? 1 : 0.25
  const curvatureScale = integerScale(largestWeight * curvatureBound, trainWeight * curvatureBound)
  const coverScale = integerScale(largestWeight, trainWeight)
  const gradientScaleWithin = (farthest: number) =>
    integerScale(largestWeight * farthest, trainWeight * farthest)
  const random = seededRandom(plan.seed)
  const binCounts = new Int32Array(memory.buffer, layout.binCountsAt, layout.columns)
  const rule = new Float64Array(memory.buffer, layout.ruleAt, 6)
  new Int32Array(memory.buffer, layout.scoresAt, layout.rows).fill(plan.base)
  crew.views.plan.setUint32(24, Number(isSquared), true)

  // No gradient of the log loss is above 1; of the squared loss it is the distance from the target.
  let farthest = isSquared ? farthestTarget(crew, plan.base) : 1
  let gradientScale = gradientScaleWithin(farthest)
  let totals = update(crew, plan, STUMP, { gradientScale, curvatureScale, coverScale, key: drawKey(random) })
  let scoreLeft = INT32_MAX - Math.abs(plan.base)
  let best = { round: 0, loss: Number.POSITIVE_INFINITY }
  for (let round = 0; round < learner.rounds; round++) {
    const isDrawn = drawFeatures(random, layout.columns, learner.featureShare)
    for (const [feature, bins] of plan.binCounts.entries())
      binCounts[feature] = isDrawn[feature] === 1 ? bins : 0
    const gradientUnit = 1 / gradientScale
    const curvatureUnit = 1 / curvatureScale
    rule.set([gradientUnit, curvatureUnit, learner.l2, learner.minLeafWeight, learner.minGain, NOISE_GAIN])
    const grown = growTree(crew, {
      learner,
      gradientUnit,
      curvatureUnit,
      isDrawn,
      root: totals,
      leafLimit: Math.min(LEAF_LIMIT, scoreLeft),
    })
    const greatestLeaf = grown.value.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    // The sum of any leaves of the trees is an int32.
    scoreLeft -= greatestLeaf
    if (isSquared) gradientScale = gradientScaleWithin(farthest + greatestLeaf / 2 ** 20)
    totals = update(crew, plan, grown, { gradientScale, curvatureScale, coverScale, key: drawKey(random) })
    farthest = isSquared ? totals.farthest : 1
    yield {
      tree: sealTree(grown, coversOf(crew, grown, coverScale)),
      loss: totals.loss,
      validationLoss: totals.validationLoss,
    }
    if (totals.validationLoss === null) continue
    if (totals.validationLoss < best.loss) best = { round, loss: totals.validationLoss }
    else if (round - best.round >= learner.patience) return
  }
}

const STUMP: GrownTree = { feature: [0], threshold: [0], left: [0], value: [0] }

function drawKey(random: () => number): number {
  return Math.floor(random() * DRAWS)
}

/** A share of the features, at least one, drawn without replacement. */
export function drawFeatures(random: () => number, columns: number, share: number): Uint8Array {
  const isDrawn = new Uint8Array(columns)
  const wanted = Math.max(1, Math.round(columns * share))
  const order = Uint32Array.from({ length: columns }, (_, feature) => feature)
  for (let place = 0; place < wanted; place++) {
    const other = wanted === columns ? place : place + Math.floor(random() * (columns - place))
    const feature = order[other] ?? 0
    order[other] = order[place] ?? 0
    order[place] = feature
    isDrawn[feature] = 1
  }
  return isDrawn
}

type Totals = {
  /** Rows drawn for the next tree, and the sums of their integers. */
  readonly count: number
  readonly gradient: number
  readonly curvature: number
  readonly loss: number
  readonly validationLoss: number | null
  readonly farthest: number
}

/** Takes all rows through a tree, and lists the rows drawn for the next with their gradients. */
function update(
  crew: TreesCrew,
  plan: BoostPlan,
  tree: GrownTree,
  {
    gradientScale,
    curvatureScale,
    coverScale,
    key,
  }: Record<'gradientScale' | 'curvatureScale' | 'coverScale' | 'key', number>,
): Totals {
  const { memory, layout, views } = crew
  const { trainRows, rows } = layout
  writeTree(crew, tree)
  const limit = plan.learner.rowShare * DRAWS
  const addresses = [
    [0, layout.nodesAt],
    [4, layout.leavesAt],
    [8, plan.learner.depth],
    [12, layout.scoresAt],
    [16, layout.targetsAt],
    [20, layout.weightsAt],
    [28, key],
    [32, layout.listRowsAt[0]],
    [36, layout.listGradientsAt[0]],
  ] as const
  for (const [place, value] of addresses) views.plan.setUint32(place, value, true)
  for (const [index, value] of [gradientScale, curvatureScale, coverScale, limit].entries())
    views.plan.setFloat64(40 + 8 * index, value, true)
  new Float64Array(memory.buffer, layout.coversAt, (layout.threads * coverBytes(layout.nodes)) / 8).fill(0)

  const chunks = chunksOf(trainRows, rows)
  const fitted = Math.ceil(trainRows / CHUNK_ROWS)
  const drawn = drawRows(crew, chunks.slice(0, fitted), plan.learner.rowShare)
  let listAt = 0
  for (const [chunk, { first, count }] of chunks.entries()) {
    views.tasks.set([first, count, chunk < fitted ? listAt : -1], TASK_FIELDS * chunk)
    listAt += drawn[chunk] ?? 0
  }
  crew.run(TASK_UPDATE, chunks.length)

  const results = new Float64Array(memory.buffer, layout.chunksAt, (chunks.length * CHUNK_BYTES) / 8)
  const totals = { loss: 0, validation: 0, gradient: 0, curvature: 0, farthest: 0 }
  for (let chunk = 0; chunk < chunks.length; chunk++) {
    const [loss = 0, gradient = 0, curvature = 0, farthest = 0] = results.subarray(4 * chunk)
    if (chunk >= fitted) totals.validation += loss
    else {
      totals.loss += loss
      totals.gradient += gradient
      totals.curvature += curvature
      totals.farthest = Math.max(totals.farthest, farthest)
    }
  }
  return {
    count: listAt,
    gradient: totals.gradient,
    curvature: totals.curvature,
    loss: totals.loss / plan.trainWeight,
    validationLoss: rows > trainRows ? totals.validation / plan.validationWeight : null,
    farthest: totals.farthest,
  }
}

type Chunk = { readonly first: number; readonly count: number }

/** Rows to fit to and validation rows in pieces, none of which holds both. */
function chunksOf(trainRows: number, rows: number): Chunk[] {
  const chunks: Chunk[] = []
  for (let first = 0; first < rows; ) {
    const end = first < trainRows ? trainRows : rows
    const count = Math.min(CHUNK_ROWS, end - first)
    chunks.push({ first, count })
    first += count
  }
  return chunks
}

/** How many rows of each chunk are drawn for the next tree. */
function drawRows({ views, run }: TreesCrew, chunks: readonly Chunk[], share: number): number[] {
  if (share === 1) return chunks.map(({ count }) => count)
  for (const [chunk, { first, count }] of chunks.entries())
    views.tasks.set([first, count], TASK_FIELDS * chunk)
  run(TASK_DRAW, chunks.length)
  return chunks.map((_, chunk) => views.tasks[TASK_FIELDS * chunk + 2] ?? 0)
}

/** Writes a tree as the kernel walks it. */
function writeTree({ memory, layout }: TreesCrew, { feature, threshold, left, value }: GrownTree): void {
  const nodes = new DataView(memory.buffer, layout.nodesAt, layout.nodes * 8)
  for (let node = 0; node < left.length; node++) {
    const isLeaf = left[node] === 0
    const column = feature[node] ?? 0
    nodes.setUint32(
      8 * node,
      layout.binsAt + Math.floor(column / 16) * layout.blockBytes + (column % 16),
      true,
    )
    nodes.setUint16(8 * node + 4, isLeaf ? node : (left[node] ?? 0), true)
    nodes.setUint16(8 * node + 6, isLeaf ? 255 : (threshold[node] ?? 0), true)
  }
  new Int32Array(memory.buffer, layout.leavesAt, layout.nodes).set(value)
}

/** Sums of the weights of the rows to fit to by node, in binary32: of leaves what the threads summed. */
function coversOf({ memory, layout }: TreesCrew, { left }: GrownTree, scale: number): Float32Array {
  const stride = coverBytes(layout.nodes) / 8
  const byThread = new Float64Array(memory.buffer, layout.coversAt, layout.threads * stride)
  const sums = new Float64Array(left.length)
  for (let node = left.length - 1; node >= 0; node--) {
    const child = left[node] ?? 0
    let sum = 0
    if (child !== 0) sum = (sums[child] ?? 0) + (sums[child + 1] ?? 0)
    else for (let thread = 0; thread < layout.threads; thread++) sum += byThread[thread * stride + node] ?? 0
    sums[node] = sum
  }
  return Float32Array.from(sums, sum => sum / scale)
}

function sealTree({ feature, threshold, left, value }: GrownTree, cover: Float32Array): Tree {
  return {
    feature: Uint16Array.from(feature),
    threshold: Uint8Array.from(threshold),
    left: Uint16Array.from(left),
    value: Int32Array.from(value),
    cover,
  }
}

/** Greatest distance of a target from the first score. */
function farthestTarget({ memory, layout }: TreesCrew, base: number): number {
  const targets = new Float32Array(memory.buffer, layout.targetsAt, layout.trainRows)
  let farthest = 0
  for (const target of targets) farthest = Math.max(farthest, Math.abs(target - base / 2 ** 20))
  return farthest
}
