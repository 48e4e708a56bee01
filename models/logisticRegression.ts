import { setImmediate } from 'node:timers/promises'
import { exactExp, exactLog } from '../core/index.ts'

/** A linear model of the log odds. */
export type LogisticModel = { readonly intercept: number; readonly weights: Float64Array }

const MAX_STEPS = 50
const MAX_HALVINGS = 30
const CONVERGED = 1e-9
const ROWS_PER_TURN = 16_384

/**
 * Fits logistic regression with a ridge penalty by Newton's method, that is iteratively reweighted least
 * squares (Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning", section 4.4.1). It
 * minimises Σ −ln p(outcome) + (l2/2)·Σw², the intercept free of penalty, halving a step that does not lower
 * it. Deterministic, in binary64; gives the event loop its turn on long data.
 *
 * @param inputs row-major, without missing values.
 * @param l2 above 0, so that the answer is unique and finite.
 */
export async function fitLogisticRegression({
  inputs,
  columns,
  up,
  l2,
}: {
  readonly inputs: Float32Array
  readonly columns: number
  readonly up: Uint8Array
  readonly l2: number
}): Promise<LogisticModel> {
  const size = columns + 1 // The intercept is the last coefficient.
  let coefficients = new Float64Array(size)
  let loss = await penalisedLoss(inputs, columns, up, l2, coefficients)
  for (let step = 0; step < MAX_STEPS; step++) {
    const { gradient, hessian } = await derivatives(inputs, columns, up, l2, coefficients)
    const direction = solvePositiveDefinite(hessian, gradient)
    let scale = 1
    let improved = false
    for (let halving = 0; halving < MAX_HALVINGS && !improved; halving++, scale /= 2) {
      const candidate = coefficients.map((value, place) => value - scale * (direction[place] ?? 0))
      const candidateLoss = await penalisedLoss(inputs, columns, up, l2, candidate)
      if (candidateLoss < loss) {
        coefficients = candidate
        loss = candidateLoss
        improved = true
      }
    }
    if (!improved || Math.max(...direction.map(Math.abs)) < CONVERGED) break
  }
  return { intercept: coefficients[columns] ?? 0, weights: coefficients.slice(0, columns) }
}

/** Probability of an outcome of 1 for each row of a row-major matrix. */
export function predictLogistic(model: LogisticModel, inputs: Float32Array): Float64Array {
  const columns = model.weights.length
  const coefficients = Float64Array.of(...model.weights, model.intercept)
  const rows = columns === 0 ? 0 : inputs.length / columns
  return Float64Array.from({ length: rows }, (_, row) =>
    logistic(logOdds(inputs, columns, row, coefficients)),
  )
}

function logOdds(inputs: Float32Array, columns: number, row: number, coefficients: Float64Array): number {
  let sum = coefficients[columns] ?? 0
  for (let column = 0; column < columns; column++)
    sum += (coefficients[column] ?? 0) * (inputs[row * columns + column] ?? 0)
  return sum
}

function logistic(value: number): number {
  return 1 / (1 + exactExp(-value))
}

async function penalisedLoss(
  inputs: Float32Array,
  columns: number,
  up: Uint8Array,
  l2: number,
  coefficients: Float64Array,
): Promise<number> {
  let loss = 0
  for (let column = 0; column < columns; column++) loss += (l2 / 2) * (coefficients[column] ?? 0) ** 2
  for (let row = 0; row < up.length; row++) {
    const odds = logOdds(inputs, columns, row, coefficients)
    // ln(1 + e^x) − y·x without overflow.
    loss += Math.max(odds, 0) + exactLog(1 + exactExp(-Math.abs(odds))) - (up[row] === 1 ? odds : 0)
    if (row % ROWS_PER_TURN === ROWS_PER_TURN - 1) await setImmediate()
  }
  return loss
}

/** Gradient, and the lower triangle of the Hessian, row-major. */
async function derivatives(
  inputs: Float32Array,
  columns: number,
  up: Uint8Array,
  l2: number,
  coefficients: Float64Array,
): Promise<{ gradient: Float64Array; hessian: Float64Array }> {
  const size = columns + 1
  const gradient = coefficients.map((value, place) => (place < columns ? l2 * value : 0))
  const hessian = new Float64Array(size * size)
  for (let column = 0; column < columns; column++) hessian[column * size + column] = l2
  const point = new Float64Array(size).fill(1)
  for (let row = 0; row < up.length; row++) {
    for (let column = 0; column < columns; column++) point[column] = inputs[row * columns + column] ?? 0
    const p = logistic(logOdds(inputs, columns, row, coefficients))
    const error = p - (up[row] ?? 0)
    const weight = p * (1 - p)
    for (let i = 0; i < size; i++) {
      const x = point[i] ?? 0
      gradient[i] = (gradient[i] ?? 0) + error * x
      const weighted = weight * x
      for (let j = 0; j <= i; j++)
        hessian[i * size + j] = (hessian[i * size + j] ?? 0) + weighted * (point[j] ?? 0)
    }
    if (row % ROWS_PER_TURN === ROWS_PER_TURN - 1) await setImmediate()
  }
  return { gradient, hessian }
}

/** Solves A·x = b for a symmetric positive definite A (lower triangle given) by Cholesky's decomposition. */
export function solvePositiveDefinite(lower: Float64Array, right: Float64Array): Float64Array {
  const size = right.length
  const factor = lower.slice()
  const at = (row: number, column: number) => factor[row * size + column] ?? 0
  for (let column = 0; column < size; column++) {
    let diagonal = at(column, column)
    for (let k = 0; k < column; k++) diagonal -= at(column, k) * at(column, k)
    // A saturated intercept can round to 0; the smallest normal step keeps the solution finite.
    const root = Math.sqrt(Math.max(diagonal, 1e-12))
    factor[column * size + column] = root
    for (let row = column + 1; row < size; row++) {
      let sum = at(row, column)
      for (let k = 0; k < column; k++) sum -= at(row, k) * at(column, k)
      factor[row * size + column] = sum / root
    }
  }
  const solution = right.slice()
  for (let row = 0; row < size; row++) {
    let sum = solution[row] ?? 0
    for (let k = 0; k < row; k++) sum -= at(row, k) * (solution[k] ?? 0)
    solution[row] = sum / at(row, row)
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = solution[row] ?? 0
    for (let k = row + 1; k < size; k++) sum -= at(k, row) * (solution[k] ?? 0)
    solution[row] = sum / at(row, row)
  }
  return solution
}
