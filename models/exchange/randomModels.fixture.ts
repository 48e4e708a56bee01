import { gaussian, type Random, SCORE_ONE, seededRandom } from '../../core/index.ts'
import { type Learner, learnerSchema, type NetworkLearner, type Objective, stepsOf } from '../learner.ts'
import { evaluateNetwork } from '../networks/evaluateNetwork.ts'
import { type FloatNetwork, layersOf, parameterCount } from '../networks/floatNetwork.ts'
import type { Tree, TreeEnsemble } from '../trees/treeEnsemble.ts'

/** A learner of this kind and shape, with the defaults for its training. */
export function learnerOf<Kind extends Learner['kind']>(
  shape: { readonly kind: Kind } & Record<string, unknown>,
): Extract<Learner, { kind: Kind }> {
  return learnerSchema.parse(shape) as Extract<Learner, { kind: Kind }>
}

/** A network of random weights, small enough that scores stay around 1. The feature `constant`, if any, never varies. */
export function randomNetwork(
  learner: NetworkLearner,
  columns: number,
  {
    seed,
    objective = 'direction',
    constant = -1,
  }: { seed: number; objective?: Objective; constant?: number },
): FloatNetwork {
  const random = seededRandom(seed)
  const layers = layersOf(learner, columns)
  const parameters = new Float32Array(parameterCount(layers))
  for (const { taps, inputs, weightsAt, biasesAt, outputs } of layers) {
    for (let at = weightsAt; at < biasesAt; at++) parameters[at] = gaussian(random) / Math.sqrt(taps * inputs)
    for (let at = biasesAt; at < biasesAt + outputs; at++) parameters[at] = gaussian(random) / 4
  }
  return {
    learner,
    objective,
    columns,
    scaler: {
      mean: Float32Array.from({ length: columns }, () => gaussian(random) * 3),
      std: Float32Array.from({ length: columns }, (_, column) =>
        column === constant ? 0 : 0.2 + random() * 4,
      ),
    },
    parameters,
    targetScale: objective === 'return' ? Math.fround(0.0125) : 1,
    targetCentre: objective === 'return' ? Math.fround(0.0003) : 0,
  }
}

/** Feature vectors about as wide as a scaler's; one value in eight is missing, one in forty infinite or far out. */
export function randomFeatures(count: number, random: Random): Float32Array {
  return Float32Array.from({ length: count }, () => {
    const draw = random()
    if (draw < 0.1) return Number.NaN
    if (draw < 0.11) return Number.POSITIVE_INFINITY
    if (draw < 0.12) return Number.NEGATIVE_INFINITY
    return gaussian(random) * (draw < 0.15 ? 300 : 4)
  })
}

/** Scores of windows that lie one after the other, each of the learner's steps. */
export function scoresOfWindows(network: FloatNetwork, windows: Float32Array): Float64Array {
  const steps = stepsOf(network.learner)
  const count = windows.length / network.columns / steps
  return evaluateNetwork(
    network,
    windows,
    Uint32Array.from({ length: count }, (_, place) => (place + 1) * steps - 1),
  )
}

/** Trees of random splits and leaves, over random edges. */
export function randomTrees(
  columns: number,
  { seed, trees = 7, depth = 4 }: { seed: number; trees?: number; depth?: number },
): TreeEnsemble {
  const random = seededRandom(seed)
  const edges = Array.from({ length: columns }, () =>
    Float32Array.from({ length: Math.floor(random() * 9) }, () => gaussian(random) * 3).sort(),
  )
  return {
    objective: 'direction',
    columns,
    edges,
    trees: Array.from({ length: trees }, () => randomTree(edges, depth, random)),
    base: Math.round(gaussian(random) * SCORE_ONE),
    targetScale: 1,
    targetCentre: 0,
  }
}

function randomTree(edges: readonly Float32Array[], depth: number, random: Random): Tree {
  const feature: number[] = []
  const threshold: number[] = []
  const left: number[] = []
  const value: number[] = []
  let level = [0]
  left.push(0)
  for (let at = 0; at <= depth; at++) {
    const next: number[] = []
    for (const node of level) {
      const isLeaf = at === depth || (at > 0 && random() < 0.2)
      const asked = Math.floor(random() * edges.length)
      feature[node] = isLeaf ? 0 : asked
      threshold[node] = isLeaf ? 0 : Math.floor(random() * ((edges[asked]?.length ?? 0) + 2))
      value[node] = isLeaf ? Math.round((gaussian(random) / 5) * SCORE_ONE) : 0
      if (isLeaf) continue
      left[node] = left.length
      next.push(left.length, left.length + 1)
      left.push(0, 0)
    }
    level = next
  }
  return {
    feature: Uint16Array.from(feature),
    threshold: Uint8Array.from(threshold),
    left: Uint16Array.from(left),
    value: Int32Array.from(value),
    cover: new Float32Array(left.length).fill(1),
  }
}

/** Scores of rows of trees, straight from what `TreeEnsemble` says of itself. */
export function scoresOfTrees(
  { edges, trees, base, columns }: TreeEnsemble,
  values: Float32Array,
): Float64Array {
  const binOf = (value: number, column: number) =>
    Number.isNaN(value) ? 0 : 1 + (edges[column]?.filter(edge => edge < value).length ?? 0)
  return Float64Array.from({ length: values.length / columns }, (_, row) => {
    let score = base
    for (const tree of trees) {
      let node = 0
      for (let child = tree.left[0] ?? 0; child !== 0; child = tree.left[node] ?? 0) {
        const column = tree.feature[node] ?? 0
        const bin = binOf(values[row * columns + column] ?? Number.NaN, column)
        node = bin <= (tree.threshold[node] ?? 0) ? child : child + 1
      }
      score += tree.value[node] ?? 0
    }
    return score / SCORE_ONE
  })
}
