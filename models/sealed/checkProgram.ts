import { InvalidInputError, PPM } from '../../core/index.ts'
import { KNOT_LIMIT, type Link } from './link.ts'
import {
  INT16_MIN,
  INT32_MAX,
  INT32_MIN,
  type NetworkProgram,
  type Program,
  type ProgramLayer,
  type ProgramTree,
  type Requantisation,
  type TreesProgram,
  WEIGHT_LIMIT,
} from './program.ts'
import { MULTIPLIER_LIMIT, SHIFT_LIMIT } from './requantise.ts'

/** Most features of a vector, and most outputs of a layer. */
export const WIDTH_LIMIT = 4_096
/** Most feature vectors of a prediction. */
export const STEPS_LIMIT = 1_024
export const LAYERS_LIMIT = 16
export const TAPS_LIMIT = 16
export const DILATION_LIMIT = 1_024
export const TREES_LIMIT = 10_000
/** Most nodes of a tree: twelve levels of splits. */
export const NODES_LIMIT = 8_191
/** Most edges of a feature. */
export const EDGES_LIMIT = 254

/**
 * Checks that a program can be evaluated: that its parts fit each other, that all numbers are in their ranges, and
 * that no sum can leave an int32.
 *
 * @throws InvalidInputError naming the first field that is wrong.
 */
export function checkProgram(program: Program): void {
  const { kind, objective, steps, columns, link } = program
  if (objective !== 'direction' && objective !== 'return') throw malformed('objective', 'it is unknown')
  whole('columns', columns, 1, WIDTH_LIMIT)
  whole('steps', steps, 1, kind === 'network' ? STEPS_LIMIT : 1)
  checkLink(link)
  if (kind === 'network') checkNetwork(program)
  else if (kind === 'trees') checkTrees(program)
  else throw malformed('kind', 'it is unknown')
}

function checkLink({ scores, probabilitiesPpm, expectedReturn, interval }: Link): void {
  whole('link.scores.length', scores.length, 1, KNOT_LIMIT)
  length('link.probabilitiesPpm', probabilitiesPpm.length, scores.length)
  for (let knot = 0; knot < scores.length; knot++) {
    const ppm = probabilitiesPpm[knot] ?? Number.NaN
    whole(`link.probabilitiesPpm.${knot}`, ppm, probabilitiesPpm[knot - 1] ?? 0, PPM)
    if (knot > 0 && !((scores[knot] ?? 0) > (scores[knot - 1] ?? 0)))
      throw malformed(`link.scores.${knot}`, 'scores must ascend')
  }
  if (expectedReturn !== null) {
    const { of, multiplier, shift, centreE9 } = expectedReturn
    if (of !== 'score' && of !== 'probability') throw malformed('link.expectedReturn.of', 'it is unknown')
    whole('link.expectedReturn.multiplier', multiplier, 1 - MULTIPLIER_LIMIT, MULTIPLIER_LIMIT - 1)
    whole('link.expectedReturn.shift', shift, 0, SHIFT_LIMIT)
    whole('link.expectedReturn.centreE9', centreE9, INT32_MIN, INT32_MAX)
  }
  if (interval !== null) {
    if (expectedReturn === null) throw malformed('link.interval', 'there is no expected return to surround')
    whole('link.interval.lowerE9', interval.lowerE9, INT32_MIN, INT32_MAX)
    whole('link.interval.upperE9', interval.upperE9, interval.lowerE9, INT32_MAX)
    whole('link.interval.coveragePpm', interval.coveragePpm, 1, PPM - 1)
  }
}

function checkNetwork({ columns, steps, scaler, layers }: NetworkProgram): void {
  length('scaler.mean', scaler.mean.length, columns)
  length('scaler.std', scaler.std.length, columns)
  for (let column = 0; column < columns; column++) {
    finite(`scaler.mean.${column}`, scaler.mean[column])
    finite(`scaler.std.${column}`, scaler.std[column])
    if ((scaler.std[column] ?? 0) < 0) throw malformed(`scaler.std.${column}`, 'it is negative')
  }
  whole('layers.length', layers.length, 1, LAYERS_LIMIT)
  let inputs = columns
  for (const [place, layer] of layers.entries()) {
    const last = place === layers.length - 1
    const field = `layers.${place}`
    if (layer.inputs !== inputs) throw malformed(`${field}.inputs`, `expected ${inputs}, not ${layer.inputs}`)
    checkLayer(field, layer)
    if (steps === 1 && layer.taps !== 1) throw malformed(`${field}.taps`, 'there is one step only')
    if (last && layer.outputs !== 1) throw malformed(`${field}.outputs`, `expected 1, not ${layer.outputs}`)
    if (last && (layer.relu || layer.residual !== null))
      throw malformed(field, 'the last layer is neither rectified nor residual')
    inputs = layer.outputs
  }
}

function checkLayer(field: string, layer: ProgramLayer): void {
  const { taps, inputs, outputs, dilation, residual, weights, biases, multipliers, shifts } = layer
  whole(`${field}.taps`, taps, 1, TAPS_LIMIT)
  whole(`${field}.outputs`, outputs, 1, WIDTH_LIMIT)
  whole(`${field}.dilation`, dilation, 1, DILATION_LIMIT)
  if (residual !== null) {
    if (inputs !== outputs) throw malformed(`${field}.residual`, 'inputs and outputs differ')
    checkRequantisation(`${field}.residual`, residual)
  }
  length(`${field}.weights`, weights.length, taps * inputs * outputs)
  length(`${field}.biases`, biases.length, outputs)
  length(`${field}.multipliers`, multipliers.length, outputs)
  length(`${field}.shifts`, shifts.length, outputs)
  for (let output = 0; output < outputs; output++) {
    whole(`${field}.shifts.${output}`, shifts[output] ?? Number.NaN, 0, SHIFT_LIMIT)
    let magnitude = 0
    for (let place = output; place < weights.length; place += outputs) {
      const weight = Math.abs(weights[place] ?? 0)
      if (weight > WEIGHT_LIMIT) throw malformed(`${field}.weights.${place}`, `it is beyond ±${WEIGHT_LIMIT}`)
      magnitude += weight
    }
    if (accumulatorBound(magnitude, biases[output] ?? 0) > INT32_MAX)
      throw malformed(`${field}.weights`, `the sum of output ${output} can leave 32 bits`)
  }
}

/** Largest magnitude that a neuron's sum can take, whatever its int16 inputs are. */
export function accumulatorBound(weightMagnitude: number, bias: number): number {
  return weightMagnitude * -INT16_MIN + Math.abs(bias)
}

function checkRequantisation(field: string, { multiplier, shift }: Requantisation): void {
  whole(`${field}.multiplier`, multiplier, 0, MULTIPLIER_LIMIT - 1)
  whole(`${field}.shift`, shift, 0, SHIFT_LIMIT)
}

function checkTrees({ columns, edges, trees, base }: TreesProgram): void {
  length('edges', edges.length, columns)
  for (const [feature, list] of edges.entries()) {
    whole(`edges.${feature}.length`, list.length, 0, EDGES_LIMIT)
    for (let place = 0; place < list.length; place++) {
      finite(`edges.${feature}.${place}`, list[place])
      if (place > 0 && !((list[place] ?? 0) > (list[place - 1] ?? 0)))
        throw malformed(`edges.${feature}.${place}`, 'edges must ascend')
    }
  }
  whole('base', base, INT32_MIN, INT32_MAX)
  whole('trees.length', trees.length, 0, TREES_LIMIT)
  let lowest = base
  let highest = base
  for (const [place, tree] of trees.entries()) {
    const { low, high } = checkTree(`trees.${place}`, tree, columns)
    lowest += low
    highest += high
  }
  if (lowest < INT32_MIN || highest > INT32_MAX) throw malformed('trees', 'their sum can leave 32 bits')
}

/** Returns the least and the greatest leaf. */
function checkTree(field: string, { feature, threshold, left, value }: ProgramTree, columns: number) {
  const nodes = feature.length
  whole(`${field}.length`, nodes, 1, NODES_LIMIT)
  length(`${field}.threshold`, threshold.length, nodes)
  length(`${field}.left`, left.length, nodes)
  length(`${field}.value`, value.length, nodes)
  let low = INT32_MAX
  let high = INT32_MIN
  const parents = new Uint8Array(nodes)
  for (let node = 0; node < nodes; node++) {
    const child = left[node] ?? 0
    const leaf = value[node] ?? 0
    if (child === 0) {
      if (feature[node] !== 0 || threshold[node] !== 0)
        throw malformed(`${field}.${node}`, 'a leaf asks nothing')
      low = Math.min(low, leaf)
      high = Math.max(high, leaf)
      continue
    }
    if (leaf !== 0) throw malformed(`${field}.${node}`, 'an inner node has no value')
    whole(`${field}.${node}.feature`, feature[node] ?? 0, 0, columns - 1)
    whole(`${field}.${node}.threshold`, threshold[node] ?? 0, 0, EDGES_LIMIT)
    // Children after their parent: a walk always ends.
    whole(`${field}.${node}.left`, child, node + 1, nodes - 2)
    for (const place of [child, child + 1]) {
      if (parents[place] === 1) throw malformed(`${field}.${place}`, 'it has two parents')
      parents[place] = 1
    }
  }
  for (let node = 1; node < nodes; node++)
    if (parents[node] === 0) throw malformed(`${field}.${node}`, 'it has no parent')
  return { low, high }
}

function whole(field: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high)
    throw malformed(field, `${value} is not a whole number from ${low} to ${high}`)
}

function finite(field: string, value: number | undefined): void {
  if (!Number.isFinite(value)) throw malformed(field, `${value} is not a finite number`)
}

function length(field: string, actual: number, expected: number): void {
  if (actual !== expected) throw malformed(field, `expected ${expected} values, not ${actual}`)
}

/** The error for a program whose field is wrong. */
export function malformed(field: string, problem: string): InvalidInputError {
  return new InvalidInputError(`The model program's field "${field}" is wrong: ${problem}.`, {
    facts: { field },
    hint: 'Pass a program that this version sealed; the file may be damaged.',
  })
}
