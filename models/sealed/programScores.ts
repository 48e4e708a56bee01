import { checkProgram } from './checkProgram.ts'
import { assertWindows, type MatrixRows } from './matrixRows.ts'
import { createNetworkEvaluator } from './networkEvaluator.ts'
import type { Program } from './program.ts'
import { createTreesEvaluator } from './treesEvaluator.ts'

/**
 * Scores of a program that is no model yet, in 1 / `SCORE_ONE`: what its link is fitted to.
 *
 * @throws InvalidInputError when the program is malformed, or a row has no window in the matrix.
 */
export function programScores(program: Program, matrix: MatrixRows): Int32Array {
  checkProgram(program)
  assertWindows(matrix, program)
  const evaluator =
    program.kind === 'network' ? createNetworkEvaluator(program) : createTreesEvaluator(program)
  return evaluator.scores(matrix.values, matrix.rows)
}
