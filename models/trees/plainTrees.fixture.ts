import { exactExp, exactLog, SCORE_ONE, seededRandom } from '../../core/index.ts'
import type { Fit } from '../fit.ts'
import type { TreesLearner } from '../learner.ts'
import { binOf, featureEdges } from './binFeatures.ts'
import type { Tree, TreeEnsemble } from './treeEnsemble.ts'
import { treesTargets } from './treesTargets.ts'

/**
 * Trains trees by the rules of `trainTrees` in plain numbers: no histograms are subtracted, no rows moved, no
 * threads used, every split is tried from scratch. Slow; for comparison in tests, with up to 16,384 rows.
 *
 * @param isRounded false leaves gradients as they are, to see what rounding them costs.
 */
export function plainTrees(
  fit: Fit<TreesLearner>,
  isRounded = true,
): { ensemble: TreeEnsemble; losses: number[]; validationLosses: number[] } {
  const { set, train, validation, learner, objective } = fit
  const { values, columns } = set
  const given = treesTargets(fit)
  const rows = [...train, ...validation]
  const column = (feature: number) => rows.map(row => values[row * columns + feature] ?? Number.NaN)
  const edges = Array.from({ length: columns }, (_, feature) =>
    featureEdges(Float32Array.from(column(feature).slice(0, train.length))),
  )
  const bins = edges.map((found, feature) => column(feature).map(value => binOf(found, value)))
  const scores = rows.map(() => given.base)
  const random = seededRandom(fit.seed)
  const fitted = Array.from(train, (_, place) => place)
  const weight = (row: number) => given.weights[row] ?? 0
  const target = (row: number) => given.targets[row] ?? 0
  const distance = (row: number) => (scores[row] ?? 0) / SCORE_ONE - target(row)
  const key = () => Math.floor(random() * 2 ** 32)
  const steepest = objective === 'return' ? 1 : 0.25
  const curvatureScale = scaleOf(given.largestWeight * steepest, given.trainWeight * steepest)
  const measured = () =>
    objective === 'return' ? Math.max(...fitted.map(row => Math.abs(distance(row)))) : 1
  let farthest = measured()
  let bound = farthest
  let nextKey = key()
  let scoreLeft = 2 ** 31 - 1 - Math.abs(given.base)
  const trees: Tree[] = []
  const losses: number[] = []
  const validationLosses: number[] = []
  for (let round = 0; round < learner.rounds; round++) {
    const gradientScale = scaleOf(given.largestWeight * bound, given.trainWeight * bound)
    const drawn = fitted.filter(row => drawOf(row, nextKey) < learner.rowShare * 2 ** 32)
    const gradients = new Map<number, [number, number]>()
    for (const row of drawn) {
      const [gradient, curvature] = derivatives(objective, (scores[row] ?? 0) / SCORE_ONE, target(row))
      const exact = [weight(row) * gradient * gradientScale, weight(row) * curvature * curvatureScale]
      const [g = 0, h = 0] = isRounded ? exact.map(value => Math.floor(value + 0.5)) : exact
      gradients.set(row, [g / gradientScale, h / curvatureScale])
    }
    const features = drawnFeatures(random, columns, learner.featureShare)
    const tree = grow(learner, bins, gradients, drawn, features, Math.min(16 * SCORE_ONE, scoreLeft))
    const greatest = Math.max(...tree.value.map(Math.abs))
    scoreLeft -= greatest
    const cover = tree.left.map(() => 0)
    const coverScale = scaleOf(given.largestWeight, given.trainWeight)
    for (const row of rows.keys()) {
      for (let node: number | null = 0; node !== null; ) {
        if (row < train.length)
          cover[node] = (cover[node] ?? 0) + Math.floor(weight(row) * coverScale + 0.5) / coverScale
        const child: number = tree.left[node] ?? 0
        if (child === 0) {
          scores[row] = (scores[row] ?? 0) + (tree.value[node] ?? 0)
          node = null
        } else
          node =
            (bins[tree.feature[node] ?? 0]?.[row] ?? 0) <= (tree.threshold[node] ?? 0) ? child : child + 1
      }
    }
    trees.push({
      feature: Uint16Array.from(tree.feature),
      threshold: Uint8Array.from(tree.threshold),
      left: Uint16Array.from(tree.left),
      value: Int32Array.from(tree.value),
      cover: Float32Array.from(cover),
    })
    const mean = (from: number, to: number, total: number) => {
      let sum = 0
      for (let row = from; row < to; row++)
        sum += weight(row) * lossOf(objective, (scores[row] ?? 0) / SCORE_ONE, target(row))
      return sum / total
    }
    losses.push(mean(0, train.length, given.trainWeight))
    if (validation.length > 0) validationLosses.push(mean(train.length, rows.length, given.validationWeight))
    // The bound that the next gradients are scaled by is one that was known before this tree was added.
    bound = objective === 'return' ? farthest + greatest / SCORE_ONE : 1
    farthest = measured()
    nextKey = key()
  }
  const { base, targetScale, targetCentre } = given
  return {
    ensemble: { objective, columns, edges, trees, base, targetScale, targetCentre },
    losses,
    validationLosses,
  }
}

type PlainTree = { feature: number[]; threshold: number[]; left: number[]; value: number[] }
type Split = { readonly gain: number; readonly feature: number; readonly threshold: number }

function grow(
  learner: TreesLearner,
  bins: readonly (readonly number[])[],
  gradients: ReadonlyMap<number, readonly [number, number]>,
  drawn: readonly number[],
  features: readonly number[],
  leafLimit: number,
): PlainTree {
  const tree: PlainTree = { feature: [], threshold: [], left: [], value: [] }
  const sums = (rows: readonly number[]): [number, number] => {
    let g = 0
    let h = 0
    for (const row of rows) {
      g += gradients.get(row)?.[0] ?? 0
      h += gradients.get(row)?.[1] ?? 0
    }
    return [g, h]
  }
  const score = (g: number, h: number) => (h + learner.l2 > 0 ? (g * g) / (h + learner.l2) : 0)
  const bestSplit = (rows: readonly number[]): Split | null => {
    let best: Split | null = null
    const [g, h] = sums(rows)
    for (const feature of features)
      for (let threshold = 0; threshold < 255; threshold++) {
        const left = rows.filter(row => (bins[feature]?.[row] ?? 0) <= threshold)
        if (left.length === 0 || left.length === rows.length) continue
        const [leftG, leftH] = sums(left)
        if (leftH < learner.minLeafWeight || h - leftH < learner.minLeafWeight) continue
        const gain = score(leftG, leftH) + score(g - leftG, h - leftH) - score(g, h)
        if (gain > (best?.gain ?? 1e-6) && gain >= learner.minGain) best = { gain, feature, threshold }
      }
    return best
  }
  let level: (readonly number[])[] = [drawn]
  let first = 0
  for (let depth = 0; level.length > 0; depth++) {
    const next: (readonly number[])[] = []
    for (const rows of level) {
      const split = depth < learner.depth ? bestSplit(rows) : null
      const [g, h] = sums(rows)
      const step = h + learner.l2 > 0 ? (-g / (h + learner.l2)) * learner.learningRate : 0
      const leaf = Math.min(leafLimit, Math.max(-leafLimit, Math.floor(step * SCORE_ONE + 0.5))) + 0
      tree.feature.push(split?.feature ?? 0)
      tree.threshold.push(split?.threshold ?? 0)
      tree.left.push(split === null ? 0 : first + level.length + next.length)
      tree.value.push(split === null ? leaf : 0)
      if (split === null) continue
      const goesLeft = (row: number) => (bins[split.feature]?.[row] ?? 0) <= split.threshold
      next.push(
        rows.filter(goesLeft),
        rows.filter(row => !goesLeft(row)),
      )
    }
    first += level.length
    level = next
  }
  return tree
}

function derivatives(objective: string, margin: number, target: number): [number, number] {
  if (objective === 'return') return [margin - target, 1]
  const e = exactExp(-Math.abs(margin))
  const near = 1 / (1 + e)
  const far = e * near
  return [(margin >= 0 ? near : far) - target, near * far]
}

function lossOf(objective: string, margin: number, target: number): number {
  if (objective === 'return') return 0.5 * (margin - target) * (margin - target)
  const wrong = margin >= 0 === target > 0.5 ? 0 : Math.abs(margin)
  return exactLog(1 + exactExp(-Math.abs(margin))) + wrong
}

function drawOf(row: number, key: number): number {
  let mixed = (Math.imul(row, 0x9e3779b1) + key) >>> 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b) >>> 0
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) >>> 0
  return (mixed ^ (mixed >>> 16)) >>> 0
}

function drawnFeatures(random: () => number, columns: number, share: number): number[] {
  const wanted = Math.max(1, Math.round(columns * share))
  const order = Array.from({ length: columns }, (_, feature) => feature)
  if (wanted === columns) return order
  const drawn = Array.from({ length: wanted }, (_, place) => {
    const other = place + Math.floor(random() * (columns - place))
    const feature = order[other] ?? 0
    order[other] = order[place] ?? 0
    order[place] = feature
    return feature
  })
  return drawn.toSorted((a, b) => a - b)
}

function scaleOf(largest: number, sum: number): number {
  let scale = 2 ** 60
  while (largest * scale > 2 ** 30 || sum * scale > 2 ** 52) scale /= 2
  return scale
}
