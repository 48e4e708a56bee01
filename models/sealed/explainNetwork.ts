import { type Hash, InvalidInputError, seededRandom } from '../../core/index.ts'
import { apportioned, type Explanation } from './explanation.ts'
import type { NetworkEvaluator } from './networkEvaluator.ts'
import type { NetworkProgram } from './program.ts'

/** Pairs of orders at least. */
const LEAST_PAIRS = 16
/** Pairs of orders of each background row at least: how much they differ says how sure their mean is. */
const LEAST_PAIRS_PER_ROW = 2

/**
 * Prepares the Shapley values of a network by sampled orders (Štrumbelj and Kononenko, "Explaining prediction models
 * and individual predictions with feature contributions", 2014), each with its reverse (antithetic; Mitchell et al.,
 * "Sampling Permutations for Shapley Value Estimation", 2022). In an order the features go one by one from a background
 * row's values to those that are explained, and each is credited with the change of the score that it makes.
 *
 * The orders are drawn once, from the model's hash: equal inputs have equal explanations on every machine. The base is
 * the mean score of the background rows, rounded half up. A standard error is of the sampling of orders alone, from the
 * differences between the pairs of one background row: about 95 of 100 contributions are within 3 of them of the true
 * value. The background itself is taken as it is.
 *
 * @param background integer inputs of rows, one after the other.
 * @throws InvalidInputError when there are no background rows.
 */
export function createNetworkExplainer(
  program: NetworkProgram,
  evaluator: NetworkEvaluator,
  background: Int16Array,
  hash: Hash,
): (inputs: Int16Array) => Explanation {
  const { columns, steps } = program
  const width = steps * columns
  const rows = background.length / width
  if (rows < 1)
    throw new InvalidInputError('There are no background rows to explain a prediction against.', {
      hint: 'Seal the model with background rows from its training period.',
    })
  const pairsPerRow = Math.max(LEAST_PAIRS_PER_ROW, Math.ceil(LEAST_PAIRS / rows))
  const pairs = rows * pairsPerRow
  const orders = drawOrders(columns, pairs, hash)
  const startAt = (row: number) => background.subarray(row * width, (row + 1) * width)
  const startScores = Float64Array.from({ length: rows }, (_, row) => evaluator.score(startAt(row)))
  const startSum = startScores.reduce((sum, score) => sum + score, 0)
  const base = Math.floor((2 * startSum + rows) / (2 * rows))
  const held = new Uint16Array(evaluator.slots)
  const heldScores = new Int32Array(evaluator.slots)

  /** Adds to each feature's credit the change of the score that it makes in this order. */
  const walk = (row: number, order: Uint16Array, backwards: boolean, credits: Float64Array) => {
    evaluator.startFrom(startAt(row))
    let score = startScores[row] ?? 0
    let slots = 0
    const settle = () => {
      evaluator.scoresOf(slots, heldScores)
      for (let slot = 0; slot < slots; slot++) {
        const feature = held[slot] ?? 0
        const next = heldScores[slot] ?? 0
        credits[feature] = (credits[feature] ?? 0) + next - score
        score = next
      }
      slots = 0
    }
    for (let place = 0; place < columns; place++) {
      const feature = order[backwards ? columns - 1 - place : place] ?? 0
      if (!evaluator.change(feature)) continue
      held[slots] = feature
      evaluator.complete(slots++)
      if (slots === evaluator.slots) settle()
    }
    if (slots > 0) settle()
  }

  return inputs => {
    const score = evaluator.score(inputs)
    evaluator.aimAt(inputs)
    const credits = Array.from({ length: pairs }, (_, pair) => {
      const order = orders.subarray(pair * columns, (pair + 1) * columns)
      const credit = new Float64Array(columns)
      walk(pair % rows, order, false, credit)
      walk(pair % rows, order, true, credit)
      return credit
    })
    const sums = new Float64Array(columns)
    for (const credit of credits)
      for (let feature = 0; feature < columns; feature++)
        sums[feature] = (sums[feature] ?? 0) + (credit[feature] ?? 0)
    return {
      score,
      base,
      contributions: apportioned(sums, 2 * pairs, score - base),
      standardErrors: standardErrors(credits, rows),
    }
  }
}

/** Of the mean over background rows of the mean over their pairs; pair p is of row p mod rows. */
function standardErrors(credits: readonly Float64Array[], rows: number): Float64Array {
  const perRow = credits.length / rows
  return (credits[0] ?? new Float64Array(0)).map((_, feature) => {
    let squares = 0
    for (let row = 0; row < rows; row++) {
      let sum = 0
      for (let pair = row; pair < credits.length; pair += rows) sum += credits[pair]?.[feature] ?? 0
      for (let pair = row; pair < credits.length; pair += rows) {
        // A credit is of two orders.
        const apart = ((credits[pair]?.[feature] ?? 0) - sum / perRow) / 2
        squares += apart * apart
      }
    }
    return Math.sqrt(squares / (perRow - 1) / perRow) / rows
  })
}

/** Orders of the features, one after the other: Fisher and Yates's shuffle, seeded by the first bits of the hash. */
function drawOrders(columns: number, count: number, hash: Hash): Uint16Array {
  const random = seededRandom(Number.parseInt(hash.slice(2, 10), 16))
  const orders = new Uint16Array(count * columns)
  for (let from = 0; from < orders.length; from += columns) {
    const order = orders.subarray(from, from + columns)
    for (let place = 0; place < columns; place++) order[place] = place
    for (let place = columns - 1; place > 0; place--) {
      const other = Math.floor(random() * (place + 1))
      const value = order[place] ?? 0
      order[place] = order[other] ?? 0
      order[other] = value
    }
  }
  return orders
}
