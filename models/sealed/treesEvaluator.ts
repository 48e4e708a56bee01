import type { Evaluator } from './evaluator.ts'
import type { TreesProgram } from './program.ts'
import { binInto, quantiseInputs } from './quantiseInputs.ts'

/** Fields of a node: feature (of a leaf its value), threshold, place of the left child's fields (0 for a leaf). */
const NODE_FIELDS = 3

/** Lays checked trees out as one array of nodes, root after root. */
export function createTreesEvaluator(program: TreesProgram): Evaluator {
  const { columns, base, trees } = program
  const count = trees.reduce((sum, { feature }) => sum + feature.length, 0)
  const nodes = new Int32Array(count * NODE_FIELDS)
  const roots = new Int32Array(trees.length)
  let at = 0
  for (const [place, { feature, threshold, left, value }] of trees.entries()) {
    const root = at
    roots[place] = root
    for (let node = 0; node < feature.length; node++, at += NODE_FIELDS) {
      const child = left[node] ?? 0
      nodes[at] = child === 0 ? (value[node] ?? 0) : (feature[node] ?? 0)
      nodes[at + 1] = threshold[node] ?? 0
      nodes[at + 2] = child === 0 ? 0 : root + child * NODE_FIELDS
    }
  }
  const bins = new Int16Array(columns)

  const score = (inputs: Int16Array): number => {
    let sum = base
    for (let tree = 0; tree < roots.length; tree++) {
      let node = roots[tree] ?? 0
      for (let child = nodes[node + 2] ?? 0; child !== 0; child = nodes[node + 2] ?? 0)
        node = (inputs[nodes[node] ?? 0] ?? 0) <= (nodes[node + 1] ?? 0) ? child : child + NODE_FIELDS
      sum += nodes[node] ?? 0
    }
    return sum
  }
  const predict = (features: Float32Array, from = 0): number => {
    binInto(bins, program, features, from)
    return score(bins)
  }
  return {
    quantise: features => quantiseInputs(program, features),
    score,
    predict: features => predict(features),
    scores: (values, rows) => Int32Array.from(rows, row => predict(values, row * columns)),
  }
}
