import { InvalidInputError } from '../../core/index.ts'
import { evenlySpread } from '../evenlySpread.ts'
import { int16ToText } from './int16Text.ts'
import { assertWindows, type MatrixRows } from './matrixRows.ts'
import { BACKGROUND_LIMIT, type ModelCard } from './modelCard.ts'
import type { Program } from './program.ts'
import { quantiseInputs } from './quantiseInputs.ts'

/**
 * Background rows of a model unless told otherwise: the time of an explanation grows with them, and the mean of sixteen
 * is a fair picture of a training period.
 */
export const DEFAULT_BACKGROUND_ROWS = 16

/**
 * Records rows for a model's card, as the integer inputs of its program: evenly many of those given, which should be
 * the ones that it was trained on.
 *
 * @throws InvalidInputError when there are none, or a row has no window in the matrix.
 */
export function backgroundRows(
  program: Program,
  matrix: MatrixRows,
  most = DEFAULT_BACKGROUND_ROWS,
): ModelCard['background'] {
  const { steps, columns } = program
  const rows = evenlySpread(matrix.rows, Math.min(most, BACKGROUND_LIMIT))
  if (rows.length === 0)
    throw new InvalidInputError('There are no rows to record as a background.', {
      hint: 'Pass rows of the training period.',
    })
  assertWindows(matrix, program)
  const width = steps * columns
  const inputs = new Int16Array(rows.length * width)
  for (const [place, row] of rows.entries()) {
    const window = matrix.values.subarray((row + 1) * columns - width, (row + 1) * columns)
    inputs.set(quantiseInputs(program, window), place * width)
  }
  return { rows: rows.length, inputs: int16ToText(inputs) }
}
