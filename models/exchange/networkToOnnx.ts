import { type FloatNetwork, layersOf, type NetworkLayer } from '../networks/floatNetwork.ts'
import { SCALED_LIMIT, type Scaler } from '../scaler.ts'
import type { OnnxWriter } from './onnxWriter.ts'

/** Adds a network's nodes, from the input `features` to the value `score`. */
export function networkToOnnx(writer: OnnxWriter, network: FloatNetwork): void {
  const { learner, columns, parameters, scaler } = network
  const layers = layersOf(learner, columns)
  const scaled = scaleToOnnx(writer, scaler)
  let value = scaled
  if (learner.kind === 'tcn') {
    // ONNX convolves over the last axis.
    value = writer.node('Transpose', [scaled], { name: 'by_channel', attributes: { perm: [0, 2, 1] } })
    for (const [level, layer] of layers.slice(0, -1).entries())
      value = levelToOnnx(writer, { value, layer, level, parameters })
    const last = writer.integers('last_step', [learner.steps - 1])
    value = writer.node('Gather', [value, last], { name: 'present', attributes: { axis: 2 } })
  }
  for (const [index, layer] of layers.entries()) {
    const isOutput = index === layers.length - 1
    if (learner.kind === 'tcn' && !isOutput) continue
    const { inputs, outputs, relu, weightsAt, biasesAt } = layer
    const weights = writer.floats(`weights_${index}`, parameters.subarray(weightsAt, biasesAt), [
      inputs,
      outputs,
    ])
    const biases = writer.floats(`biases_${index}`, parameters.subarray(biasesAt, biasesAt + outputs), [
      outputs,
    ])
    value = writer.node('Gemm', [value, weights, biases], { name: isOutput ? 'score' : `layer_${index}` })
    if (relu) value = writer.node('Relu', [value], { name: `hidden_${index}` })
  }
}

/**
 * As `scaleValue`: a missing or infinite value is replaced by the mean, which scales to exactly 0; so does everything
 * that is divided by infinity, which stands for a feature that never varied.
 */
function scaleToOnnx(writer: OnnxWriter, { mean, std }: Scaler): string {
  const means = writer.floats('mean', mean, [mean.length])
  const spreads = writer.floats(
    'std',
    std.map(value => (value === 0 ? Number.POSITIVE_INFINITY : value)),
    [std.length],
  )
  const isNan = writer.node('IsNaN', ['features'], { name: 'is_nan' })
  const isInfinite = writer.node('IsInf', ['features'], { name: 'is_infinite' })
  const isMissing = writer.node('Or', [isNan, isInfinite], { name: 'is_missing' })
  const known = writer.node('Where', [isMissing, means, 'features'], { name: 'known' })
  const centred = writer.node('Sub', [known, means], { name: 'centred' })
  const scaled = writer.node('Div', [centred, spreads], { name: 'scaled' })
  const low = writer.floats('lowest', [-SCALED_LIMIT])
  const high = writer.floats('highest', [SCALED_LIMIT])
  return writer.node('Clip', [scaled, low, high], { name: 'limited' })
}

/** One causal convolution: zeros before the first step, ReLU, and its own input where the network adds it. */
function levelToOnnx(
  writer: OnnxWriter,
  {
    value,
    layer,
    level,
    parameters,
  }: { value: string; layer: NetworkLayer; level: number; parameters: Float32Array },
): string {
  const { taps, inputs, outputs, dilation, weightsAt, biasesAt, residual } = layer
  // From [tap][input][output] to ONNX's [output][input][tap]; in both the first tap is the oldest.
  const weights = new Float32Array(taps * inputs * outputs)
  for (let tap = 0; tap < taps; tap++)
    for (let input = 0; input < inputs; input++)
      for (let output = 0; output < outputs; output++)
        weights[(output * inputs + input) * taps + tap] =
          parameters[weightsAt + (tap * inputs + input) * outputs + output] ?? 0
  const convolved = writer.node(
    'Conv',
    [
      value,
      writer.floats(`weights_${level}`, weights, [outputs, inputs, taps]),
      writer.floats(`biases_${level}`, parameters.subarray(biasesAt, biasesAt + outputs), [outputs]),
    ],
    {
      name: `convolved_${level}`,
      attributes: {
        kernel_shape: [taps],
        dilations: [dilation],
        pads: [(taps - 1) * dilation, 0],
        strides: [1],
      },
    },
  )
  const rectified = writer.node('Relu', [convolved], { name: `rectified_${level}` })
  return residual ? writer.node('Add', [rectified, value], { name: `level_${level}` }) : rectified
}
