import type { Objective } from '../../learner.ts'
import type { KernelSource } from '../gpuKernel.ts'
import { ENTER, float, word } from './memberRecord.ts'

/** Rows of a batch that one workgroup scores; their part of the gradient is one slice. */
export const SCORED_ROWS = 64

/** The shape of the last layer, whose one output is the score. */
export type ScoreShape = {
  readonly inputs: number
  readonly weightsAt: number
  readonly biasesAt: number
  readonly parameters: number
  readonly batchSize: number
  /** Rows that a batch takes up. */
  readonly pitch: number
  readonly objective: Objective
}

/** What learns from the scores, beside computing the loss. */
export type ScoreGradient = {
  /** Where the layer's slices begin in a member's `stride` values of `gradients`. */
  readonly at: number
  readonly stride: number
  /** Whether a hidden layer lies below, and whether it is to pass on the gradient of its output. */
  readonly below: { readonly keepsGradients: boolean } | null
}

const LOSS: Readonly<Record<Objective, string>> = {
  // ln(1 + x) as 2·artanh(x / (2 + x)): its terms fall by 9 at least, so eight reach binary32's last bit. WGSL's own
  // logarithm is too coarse for small x.
  direction: `
    let odds = exp(-abs(score));
    let ratio = odds / (2.0 + odds);
    let square = ratio * ratio;
    var sum = 1.0 / 15.0;
    for (var n = 13.0; n > 0.0; n -= 2.0) { sum = sum * square + 1.0 / n; }
    loss = 2.0 * ratio * sum + max(score, 0.0) - goal * score;
    slope = select(odds / (1.0 + odds), 1.0 / (1.0 + odds), score > 0.0) - goal;`,
  return: `
    slope = score - goal;
    loss = 0.5 * slope * slope;`,
}

/**
 * Scores a batch and puts the sum of weight · loss of each workgroup's rows into `losses`. To learn, it also writes the
 * slopes before the ReLU of the layer below, and a slice of the gradient of its own weights and bias.
 */
export function scoreLoss(shape: ScoreShape, gradient: ScoreGradient | null): KernelSource {
  const { inputs, weightsAt, biasesAt, parameters, batchSize, pitch, objective } = shape
  const groups = Math.ceil(pitch / SCORED_ROWS)
  const below = gradient?.below ?? null
  const keepsGradients = below?.keepsGradients ?? false
  const learn =
    gradient === null
      ? ''
      : `
  for (var at = lane; at < ${SCORED_ROWS * inputs}u; at += 256u) {
    let place = at / ${inputs}u;
    let column = at % ${inputs}u;
    if (first + place < ${pitch}u) {
      ${
        below === null
          ? ''
          : `let to = (member * ${pitch}u + first + place) * ${inputs}u + column;
      let slope = slopesOfRows[place] * parameters[weights + column];
      ${keepsGradients ? 'inputGradients[to] = slope;' : ''}
      inputSlopes[to] = select(0.0, slope, inputActivations[to] > 0.0);`
      }
    }
  }
  let into = member * ${gradient.stride}u + ${gradient.at}u + group.x * ${inputs + 1}u;
  let count = min(${SCORED_ROWS}u, ${pitch}u - first);
  for (var column = lane; column < ${inputs}u; column += 256u) {
    var sum = 0.0;
    for (var place = 0u; place < count; place++) {
      sum += inputs[(member * ${pitch}u + first + place) * ${inputs}u + column] * slopesOfRows[place];
    }
    gradients[into + column] = sum;
  }
  if (lane == 0u) {
    var sum = 0.0;
    for (var place = 0u; place < count; place++) { sum += slopesOfRows[place]; }
    gradients[into + ${inputs}u] = sum;
  }`
  return {
    label: gradient === null ? 'score' : 'score and slopes',
    arrays: [
      { name: 'plan', element: 'u32' },
      { name: 'order', element: 'u32' },
      { name: 'labels', element: 'vec2f' },
      { name: 'parameters', element: 'f32' },
      { name: 'inputs', element: 'f32' },
      { name: 'losses', element: 'f32', writes: true },
      ...(gradient === null ? [] : [{ name: 'gradients', element: 'f32', writes: true } as const]),
      ...(below === null
        ? []
        : [
            { name: 'inputActivations', element: 'f32' } as const,
            { name: 'inputSlopes', element: 'f32', writes: true } as const,
          ]),
      ...(keepsGradients ? [{ name: 'inputGradients', element: 'f32', writes: true } as const] : []),
    ],
    code: `${ENTER}
var<workgroup> sums: array<f32, 256>;
var<workgroup> slopesOfRows: array<f32, ${SCORED_ROWS}>;
var<workgroup> lossesOfRows: array<f32, ${SCORED_ROWS}>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  enter(group.z);
  let weights = member * ${parameters}u + ${weightsAt}u;
  let batchFrom = step.x * ${batchSize}u;
  let rows = ${word('rows')};
  let size = select(0u, min(${batchSize}u, rows - batchFrom), rows > batchFrom);
  let first = group.x * ${SCORED_ROWS}u;
  // Four invocations to a row.
  let place = lane / 4u;
  var part = 0.0;
  if (first + place < size) {
    let row = (member * ${pitch}u + first + place) * ${inputs}u;
    for (var column = lane % 4u; column < ${inputs}u; column += 4u) {
      part += inputs[row + column] * parameters[weights + column];
    }
  }
  sums[lane] = part;
  workgroupBarrier();
  if (lane < ${SCORED_ROWS}u) {
    var loss = 0.0;
    var slope = 0.0;
    if (first + lane < size) {
      let score = (sums[lane * 4u] + sums[lane * 4u + 1u]) + (sums[lane * 4u + 2u] + sums[lane * 4u + 3u])
        + parameters[member * ${parameters}u + ${biasesAt}u];
      let label = labels[order[${word('rowsAt')} + batchFrom + first + lane]];
      let goal = (label.x - ${float('targetCentre')}) / ${float('targetScale')};
      ${LOSS[objective]}
      loss *= label.y;
      slope *= label.y;
    }
    slopesOfRows[lane] = slope;
    lossesOfRows[lane] = loss;
  }
  workgroupBarrier();
  if (lane == 0u && size > 0u) {
    var sum = 0.0;
    for (var at = 0u; at < ${SCORED_ROWS}u; at++) { sum += lossesOfRows[at]; }
    losses[${word('lossesAt')} + step.x * ${groups}u + group.x] = sum;
  }${learn}
}
`,
  }
}

/** Adds up a member's losses of an epoch, over its batches, into `results` [member]: always in one order. */
export function sumLosses({ batchSize, pitch }: Pick<ScoreShape, 'batchSize' | 'pitch'>): KernelSource {
  const groups = Math.ceil(pitch / SCORED_ROWS)
  return {
    label: 'sum of losses',
    arrays: [
      { name: 'plan', element: 'u32' },
      { name: 'losses', element: 'f32' },
      { name: 'results', element: 'f32', writes: true },
    ],
    code: `${ENTER}
var<workgroup> sums: array<f32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  enter(group.z);
  let places = (${word('rows')} + ${batchSize - 1}u) / ${batchSize}u * ${groups}u;
  var sum = 0.0;
  for (var at = lane; at < places; at += 256u) { sum += losses[${word('lossesAt')} + at]; }
  sums[lane] = sum;
  for (var half = 128u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { sums[lane] += sums[lane + half]; }
  }
  if (lane == 0u) { results[member] = sums[0]; }
}
`,
  }
}
