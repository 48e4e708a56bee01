import type { KernelSource } from '../gpuKernel.ts'
import { ENTER, float, STEP_WORDS, word } from './memberRecord.ts'

/** A layer's parameters among the network's, and its slices of their gradient among a member's. */
export type GradientSlices = {
  readonly parametersAt: number
  readonly weights: number
  readonly biases: number
  readonly at: number
  readonly count: number
}

/** Moments nearer to 0 than this become 0, as in the CPU's kernel. */
const SMALLEST = '1e-30'
const SMALLEST_SQUARE = '1e-37'

/**
 * A step of Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, algorithm 1) on the slices of the
 * gradient, added up in their order, divided by the batch's sum of weights, plus l2 · weight.
 */
export function adam({
  layers,
  parameters,
  stride,
}: {
  readonly layers: readonly GradientSlices[]
  readonly parameters: number
  readonly stride: number
}): KernelSource {
  const cases = layers.map(
    ({ parametersAt, weights, biases, at, count }) => `if (index < ${parametersAt + weights + biases}u) {
      source = ${at}u + index - ${parametersAt}u;
      count = ${count}u;
      each = ${weights + biases}u;
      isWeight = index < ${parametersAt + weights}u;
    }`,
  )
  return {
    label: 'adam',
    arrays: [
      { name: 'plan', element: 'u32' },
      { name: 'gradients', element: 'f32' },
      { name: 'parameters', element: 'f32', writes: true },
      { name: 'firstMoments', element: 'f32', writes: true },
      { name: 'secondMoments', element: 'f32', writes: true },
    ],
    code: `${ENTER}
@compute @workgroup_size(256)
fn main(
  @builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(workgroup_id) group: vec3u,
) {
  enter(group.z);
  let now = ${word('stepsAt')} + step.x * ${STEP_WORDS}u;
  let correction1 = bitcast<f32>(plan[now]);
  let correction2 = bitcast<f32>(plan[now + 1u]);
  let scale = bitcast<f32>(plan[now + 2u]);
  for (var index = id.x; index < ${parameters}u; index += groups.x * 256u) {
    var source = 0u;
    var count = 0u;
    var each = 0u;
    var isWeight = false;
    ${cases.join(' else ')}
    source += member * ${stride}u;
    var sum = 0.0;
    for (var slice = 0u; slice < count; slice++) { sum += gradients[source + slice * each]; }
    let at = member * ${parameters}u + index;
    let parameter = parameters[at];
    let gradient = sum * scale + select(0.0, ${float('l2')} * parameter, isWeight);
    var m = firstMoments[at] * 0.9 + gradient * 0.1;
    var v = secondMoments[at] * 0.999 + gradient * gradient * 0.001;
    if (abs(m) < ${SMALLEST}) { m = 0.0; }
    if (v < ${SMALLEST_SQUARE}) { v = 0.0; }
    firstMoments[at] = m;
    secondMoments[at] = v;
    parameters[at] = parameter - ${float('learningRate')} * (m * correction1 / (sqrt(v * correction2) + 1e-8));
  }
}
`,
  }
}
