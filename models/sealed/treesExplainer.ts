import { float32FromText } from '../float32Text.ts'
import { explainTrees } from '../trees/explainTrees.ts'
import type { Evaluator } from './evaluator.ts'
import type { Explanation } from './explanation.ts'
import type { TreesProgram } from './program.ts'
import { ensembleOf } from './treesProgram.ts'

/**
 * Prepares the exact Shapley values of sealed trees.
 *
 * @param covers of the nodes, as a card holds them.
 */
export function createTreesExplainer(
  program: TreesProgram,
  evaluator: Evaluator,
  covers: string,
): (inputs: Int16Array) => Explanation {
  const explain = explainTrees(ensembleOf(program, float32FromText(covers) ?? new Float32Array(0)))
  return inputs => {
    // A bin is a byte.
    const { base, contributions } = explain(Uint8Array.from(inputs))
    return {
      score: evaluator.score(inputs),
      base,
      contributions: Float64Array.from(contributions),
      standardErrors: new Float64Array(contributions.length),
    }
  }
}
