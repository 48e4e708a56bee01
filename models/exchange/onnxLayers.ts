import type { ForeignLayer } from './layerChain.ts'
import {
  advance,
  attributeOf,
  byChannel,
  type Flow,
  floatsAt,
  flowAt,
  type NodeCall,
  refusedNode,
} from './onnxFlow.ts'

/** alpha · A·B + beta · C, with A the flow. */
export function gemm(call: NodeCall): Flow {
  const flow = flowAt(call, 0)
  if (flow.axes !== 'rows') throw refusedNode(call, 'takes several steps')
  if (attributeOf(call, 'transA', 'int', 0) !== 0) throw refusedNode(call, 'takes its input transposed')
  const alpha = attributeOf(call, 'alpha', 'float', 1)
  const beta = attributeOf(call, 'beta', 'float', 1)
  const isTransposed = attributeOf(call, 'transB', 'int', 0) !== 0
  const { values, outputs } = matrixAt(call, flow, isTransposed)
  const biases =
    call.inputs[2] === undefined ? [0] : byChannel(call, { ...flow, channels: outputs }, floatsAt(call, 2))
  return dense(call, flow, {
    outputs,
    weights: values.map(value => value * alpha),
    biases: Array.from({ length: outputs }, (_, output) => (biases[output] ?? 0) * beta),
  })
}

/** A·B with A the flow; what an addition behind it adds is folded in later. */
export function matMul(call: NodeCall): Flow {
  const flow = flowAt(call, 0)
  if (flow.axes === 'channels-steps') throw refusedNode(call, 'multiplies over the steps')
  const { values, outputs } = matrixAt(call, flow, false)
  return dense(call, flow, { outputs, weights: values, biases: new Float32Array(outputs) })
}

function dense(
  call: NodeCall,
  flow: Flow,
  { outputs, weights, biases }: Pick<ForeignLayer, 'outputs' | 'weights' | 'biases'>,
): Flow {
  const layer: ForeignLayer = {
    kind: 'layer',
    taps: 1,
    inputs: flow.channels,
    outputs,
    dilation: 1,
    padded: false,
    weights,
    biases,
  }
  return advance(call, flow, layer, { channels: outputs })
}

/** The second input as a matrix [channels][outputs]. */
function matrixAt(
  call: NodeCall,
  flow: Flow,
  isTransposed: boolean,
): { values: Float64Array; outputs: number } {
  const { dims, values } = floatsAt(call, 1)
  const [rows = 0, columns = 0] = dims
  const inputs = isTransposed ? columns : rows
  const outputs = isTransposed ? rows : columns
  if (dims.length !== 2 || inputs !== flow.channels)
    throw refusedNode(call, `takes weights of shape [${dims.join(', ')}] for ${flow.channels} channels`)
  const matrix = new Float64Array(values.length)
  for (let input = 0; input < inputs; input++)
    for (let output = 0; output < outputs; output++)
      matrix[input * outputs + output] = Number(
        values[isTransposed ? output * inputs + input : input * outputs + output],
      )
  return { values: matrix, outputs }
}

/** A convolution over the steps that sees no later one. */
export function conv(call: NodeCall): Flow {
  const flow = flowAt(call, 0)
  const { dims, values } = floatsAt(call, 1)
  const [outputs = 0, inputs = 0, taps = 0] = dims
  if (flow.axes !== 'channels-steps' || dims.length !== 3 || taps === 0)
    throw refusedNode(call, 'does not convolve over [rows, channels, steps]')
  if (attributeOf(call, 'group', 'int', 1) !== 1) throw refusedNode(call, 'convolves in groups')
  if (inputs !== flow.channels)
    throw refusedNode(call, `takes weights of shape [${dims.join(', ')}] for ${flow.channels} channels`)
  if (attributeOf(call, 'strides', 'ints', []).some(stride => stride !== 1))
    throw refusedNode(call, 'skips steps')
  const autoPad = attributeOf(call, 'auto_pad', 'text', 'NOTSET')
  if (!['NOTSET', 'VALID'].includes(autoPad)) throw refusedNode(call, `pads by "${autoPad}"`)
  const [dilation = 1] = attributeOf(call, 'dilations', 'ints', [])
  const [padBefore = 0, padAfter = 0] = autoPad === 'VALID' ? [] : attributeOf(call, 'pads', 'ints', [])
  const before = padBefore + flow.padding
  const span = (taps - 1) * dilation
  if (dilation < 1 || before < 0 || padAfter < 0)
    throw refusedNode(call, 'has a negative dilation or padding')
  const padded = before > 0
  if (padded ? before !== span : padAfter !== 0)
    throw refusedNode(call, `pads ${before} steps before and ${padAfter} after, not ${span} before`)
  const steps = padded ? flow.steps : flow.steps - span
  if (steps < 1) throw refusedNode(call, `looks at ${span + 1} steps where there are ${flow.steps}`)
  const weights = new Float64Array(values.length)
  for (let output = 0; output < outputs; output++)
    for (let input = 0; input < inputs; input++)
      for (let tap = 0; tap < taps; tap++)
        weights[(tap * inputs + input) * outputs + output] = Number(
          values[(output * inputs + input) * taps + tap],
        )
  const biases =
    call.inputs[2] === undefined
      ? new Float64Array(outputs)
      : byChannel(call, { ...flow, axes: 'rows', channels: outputs }, floatsAt(call, 2))
  const layer: ForeignLayer = { kind: 'layer', taps, inputs, outputs, dilation, padded, weights, biases }
  return advance(call, flow, layer, { channels: outputs, steps, padding: 0, excess: padAfter })
}

/** (x − mean) / √(variance + epsilon) · scale + shift, by channel, as it is once it is trained. */
export function batchNormalization(call: NodeCall): Flow {
  const flow = flowAt(call, 0)
  if (attributeOf(call, 'training_mode', 'int', 0) !== 0) throw refusedNode(call, 'is in training')
  const along: Flow = { ...flow, axes: 'rows' }
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map(place =>
    byChannel(call, along, floatsAt(call, place)),
  )
  const epsilon = attributeOf(call, 'epsilon', 'float', 1e-5)
  const std = Float64Array.from(variance ?? [], value => Math.sqrt(value + epsilon))
  const normalised = advance(call, flow, { kind: 'normalise', mean: mean ?? [], std })
  return advance(call, normalised, { kind: 'scale', factors: scale ?? [], shifts: shift ?? [] })
}
