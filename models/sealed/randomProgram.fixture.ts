import { gaussian, type Random } from '../../core/index.ts'
import type { NetworkLearner, Objective } from '../learner.ts'
import { type FloatNetwork, layersOf, parameterCount } from '../networks/floatNetwork.ts'
import type { TreeEnsemble } from '../trees/treeEnsemble.ts'
import { accumulatorBound } from './checkProgram.ts'
import { uncalibratedLink } from './link.ts'
import { INT32_MAX, type NetworkProgram, type ProgramLayer } from './program.ts'

const descent = { epochs: 1, batchSize: 1, learningRate: 0.1, l2: 0, patience: 1 }

/** Shapes of networks that tests go through. */
export const LEARNERS: Readonly<
  Record<string, { readonly columns: number; readonly learner: NetworkLearner }>
> = {
  linear: { columns: 7, learner: { kind: 'linear', ...descent } },
  'mlp 64-128-64-1': { columns: 64, learner: { kind: 'mlp', hidden: [128, 64], ...descent } },
  'mlp 5-3-1': { columns: 5, learner: { kind: 'mlp', hidden: [3], ...descent } },
  'mlp 33-17-20-9-1': { columns: 33, learner: { kind: 'mlp', hidden: [17, 20, 9], ...descent } },
  'tcn whose field is longer than its window': {
    columns: 3,
    learner: { kind: 'tcn', steps: 6, channels: 8, levels: 3, kernel: 2, ...descent },
  },
  'tcn whose first level is residual': {
    columns: 6,
    learner: { kind: 'tcn', steps: 16, channels: 6, levels: 2, kernel: 3, ...descent },
  },
}

/** A network with normal weights, each layer's output about as large as its input; scalers of odd sizes. */
export function randomNetwork(
  random: Random,
  learner: NetworkLearner,
  columns: number,
  objective: Objective = 'direction',
): FloatNetwork {
  const layers = layersOf(learner, columns)
  const parameters = new Float32Array(parameterCount(layers))
  for (const { taps, inputs, outputs, weightsAt, biasesAt } of layers) {
    const size = Math.sqrt(2 / (taps * inputs))
    for (let at = weightsAt; at < biasesAt; at++) parameters[at] = gaussian(random) * size
    for (let at = biasesAt; at < biasesAt + outputs; at++) parameters[at] = gaussian(random) * 0.2
  }
  return {
    learner,
    objective,
    columns,
    scaler: {
      mean: Float32Array.from({ length: columns }, () => gaussian(random) * 10),
      std: Float32Array.from({ length: columns }, (_, column) => (column === 2 ? 0 : 0.01 + 5 * random())),
    },
    parameters,
    targetScale: objective === 'return' ? 0.004 : 1,
    targetCentre: objective === 'return' ? 0.0001 : 0,
  }
}

/** A program that no training would give: any weights, biases and scales that are allowed, so that sums saturate. */
export function randomProgram(random: Random, learner: NetworkLearner, columns: number): NetworkProgram {
  const whole = (below: number) => Math.floor(random() * below)
  const layers = layersOf(learner, columns).map(
    ({ taps, inputs, outputs, dilation, relu, residual }): ProgramLayer => {
      const reach = 1 + whole(127)
      const weights = Int8Array.from({ length: taps * inputs * outputs }, () => whole(2 * reach + 1) - reach)
      const biases = Int32Array.from({ length: outputs }, (_, output) => {
        let magnitude = 0
        for (let at = output; at < weights.length; at += outputs) magnitude += Math.abs(weights[at] ?? 0)
        const room = INT32_MAX - accumulatorBound(magnitude, 0)
        return (random() < 0.5 ? 1 : -1) * whole(random() < 0.1 ? room : Math.min(room, 100_000))
      })
      return {
        taps,
        inputs,
        outputs,
        dilation,
        relu,
        residual: residual ? { multiplier: whole(65_536), shift: whole(20) } : null,
        weights,
        biases,
        multipliers: Uint16Array.from({ length: outputs }, () => whole(65_536)),
        shifts: Uint8Array.from({ length: outputs }, () => (random() < 0.95 ? 20 + whole(10) : whole(47))),
      }
    },
  )
  return {
    kind: 'network',
    objective: 'direction',
    steps: learner.kind === 'tcn' ? learner.steps : 1,
    columns,
    link: uncalibratedLink('direction', 1, 0),
    scaler: {
      mean: Float32Array.from({ length: columns }, () => gaussian(random)),
      std: Float32Array.from({ length: columns }, () => (random() < 0.1 ? 0 : random() * 3)),
    },
    layers,
  }
}

/** Trees of random splits and leaves, and features between 0 and 1. */
export function randomEnsemble(random: Random, columns: number, trees: number, depth: number): TreeEnsemble {
  const edges = Array.from({ length: columns }, (_, column) =>
    // The first feature has no edges: it never varied.
    Float32Array.from({ length: column === 0 ? 0 : 5 + Math.floor(random() * 200) }, random)
      .sort()
      .filter((edge, place, all) => place === 0 || edge > (all[place - 1] ?? 0)),
  )
  return {
    objective: 'direction',
    columns,
    edges,
    trees: Array.from({ length: trees }, () => randomTree(random, edges, depth)),
    base: Math.floor(gaussian(random) * 100_000),
    targetScale: 1,
    targetCentre: 0,
  }
}

function randomTree(random: Random, edges: readonly Float32Array[], depth: number) {
  const nodes: { feature: number; threshold: number; left: number; value: number; cover: number }[] = []
  let level = [0]
  nodes.push({ feature: 0, threshold: 0, left: 0, value: 0, cover: 1_000 })
  for (let at = 0; at <= depth; at++) {
    const next: number[] = []
    for (const place of level) {
      const node = nodes[place]
      if (node === undefined) continue
      if (at === depth || random() < 0.15) {
        node.value = Math.floor(gaussian(random) * 200_000)
        continue
      }
      node.feature = 1 + Math.floor(random() * (edges.length - 1))
      node.threshold = Math.floor(random() * (edges[node.feature]?.length ?? 0))
      node.left = nodes.length
      const share = 0.1 + 0.8 * random()
      next.push(nodes.length, nodes.length + 1)
      nodes.push({ feature: 0, threshold: 0, left: 0, value: 0, cover: node.cover * share })
      nodes.push({ feature: 0, threshold: 0, left: 0, value: 0, cover: node.cover * (1 - share) })
    }
    level = next
  }
  return {
    feature: Uint16Array.from(nodes, node => node.feature),
    threshold: Uint8Array.from(nodes, node => node.threshold),
    left: Uint16Array.from(nodes, node => node.left),
    value: Int32Array.from(nodes, node => node.value),
    cover: Float32Array.from(nodes, node => node.cover),
  }
}

const EXTREMES = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  3.4e38,
  -3.4e38,
  1e-45,
  -0,
  0,
]

/** Features of any size, a share of them missing, infinite or extreme. */
export function randomFeatures(random: Random, count: number): Float32Array {
  return Float32Array.from({ length: count }, () => {
    const kind = random()
    if (kind < 0.05) return EXTREMES[Math.floor(random() * EXTREMES.length)] ?? 0
    return kind < 0.5 ? gaussian(random) * 12 : random()
  })
}
