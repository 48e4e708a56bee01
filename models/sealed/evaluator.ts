/** Computes a program's score; lengths are checked by the caller. */
export type Evaluator = {
  /** As of `quantiseInputs`. */
  quantise(features: Float32Array): Int16Array
  score(inputs: Int16Array): number
  /** The score of features; allocates nothing. */
  predict(features: Float32Array): number
  /** The score at each of the rows of a row-major matrix. */
  scores(values: Float32Array, rows: Uint32Array): Int32Array
}
