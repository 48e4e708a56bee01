import { InvalidInputError } from '../../core/index.ts'

/**
 * Rows of a row-major feature matrix in the order of time. For a model over time a row stands for its window: the
 * `steps` rows that end at it.
 */
export type MatrixRows = { readonly values: Float32Array; readonly rows: Uint32Array }

/**
 * Checks that every row has its window in the matrix.
 *
 * @throws InvalidInputError naming the first that has not.
 */
export function assertWindows(
  { values, rows }: MatrixRows,
  { steps, columns }: { readonly steps: number; readonly columns: number },
): void {
  for (const row of rows)
    if (row < steps - 1 || (row + 1) * columns > values.length)
      throw new InvalidInputError(`Row ${row} has no window of ${steps} steps in the matrix.`, {
        facts: { row, steps, rows: values.length / columns },
        hint: 'Pass rows of the matrix that have enough rows before them.',
      })
}
