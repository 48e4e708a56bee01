import { InvalidInputError } from '../../core/index.ts'
import type { ChainLink, ChainStep, LayerChain } from './layerChain.ts'
import type { KerasLayer, KerasWeight, LayersModelFile } from './layersModelFile.ts'

/** What runs from layer to layer. */
type Shape = {
  /** Of [rows, steps, channels]; null for [rows, channels]. */
  readonly steps: number | null
  readonly channels: number
}

/** One layer with all that its conversion needs. */
type LayerCall = {
  readonly layer: KerasLayer
  readonly where: string
  readonly weights: readonly KerasWeight[]
  readonly add: (step: ChainStep) => void
}

const CONVERSIONS: Readonly<Record<string, (call: LayerCall, shape: Shape) => Shape>> = {
  InputLayer: (_, shape) => shape,
  Dense: dense,
  Conv1D: conv1d,
  Activation: activationOnly,
  ReLU: reluOnly,
  Normalization: normalization,
  BatchNormalization: batchNormalization,
  Rescaling: rescaling,
  Flatten: lastOfOne,
  Cropping1D: cropping,
  // These act in training alone.
  Dropout: (_, shape) => shape,
  SpatialDropout1D: (_, shape) => shape,
  AlphaDropout: (_, shape) => shape,
  GaussianDropout: (_, shape) => shape,
  GaussianNoise: (_, shape) => shape,
  ActivityRegularization: (_, shape) => shape,
}

/**
 * Reads the layers of a Sequential model as a chain.
 *
 * @throws InvalidInputError naming the layer that is not supported.
 */
export function layersModelToChain({ layers, weights }: LayersModelFile): LayerChain {
  const input = inputShape(layers)
  const links: ChainLink[] = []
  let shape = input
  for (const layer of layers) {
    const where = `layer "${String(layer.config['name'])}" (${layer.className})`
    const call: LayerCall = { layer, where, weights, add: step => links.push({ ...step, where }) }
    const convert = Object.hasOwn(CONVERSIONS, layer.className) ? CONVERSIONS[layer.className] : undefined
    if (convert === undefined) throw refused(call, 'is of a class that is not supported')
    shape = convert(call, shape)
  }
  return { columns: input.channels, steps: input.steps ?? 1, links }
}

function inputShape(layers: readonly KerasLayer[]): Shape {
  const config = layers[0]?.config ?? {}
  const sizes = config['batch_input_shape'] ?? config['batch_shape']
  const [, ...rest] = Array.isArray(sizes) ? sizes : []
  const [first, second] = rest
  const isSize = (size: unknown): size is number =>
    Number.isSafeInteger(size) && Number(size) >= 1 && Number(size) <= 65_535
  if (rest.length === 1 && isSize(first)) return { steps: null, channels: first }
  if (rest.length === 2 && isSize(first) && isSize(second)) return { steps: first, channels: second }
  throw new InvalidInputError(`The LayersModel takes inputs of the shape [${rest.join(', ')}].`, {
    facts: { shape: rest.join(', ') },
    hint: 'Supported are [features] and [steps, features], both fixed by `inputShape` of the first layer.',
  })
}

function dense(call: LayerCall, shape: Shape): Shape {
  const outputs = sizeOf(call, 'units')
  const kernel = weightOf(call, 'kernel', [shape.channels, outputs])
  addLayer(call, { taps: 1, inputs: shape.channels, outputs, dilation: 1, padded: false, kernel })
  return { ...shape, channels: outputs }
}

function conv1d(call: LayerCall, shape: Shape): Shape {
  const { config } = call.layer
  const outputs = sizeOf(call, 'filters')
  const taps = sizeOf(call, 'kernel_size')
  const dilation = sizeOf(call, 'dilation_rate', 1)
  const padding = config['padding'] ?? 'valid'
  if (sizeOf(call, 'strides', 1) !== 1) throw refused(call, 'skips steps')
  if (sizeOf(call, 'groups', 1) !== 1) throw refused(call, 'convolves in groups')
  if ((config['data_format'] ?? 'channels_last') !== 'channels_last')
    throw refused(call, 'has its channels first')
  if (padding !== 'valid' && padding !== 'causal') throw refused(call, `pads by "${String(padding)}"`)
  if (shape.steps === null) throw refused(call, 'convolves over one step')
  const span = (taps - 1) * dilation
  const padded = padding === 'causal' && span > 0
  const steps = padded ? shape.steps : shape.steps - span
  if (steps < 1) throw refused(call, `looks at ${span + 1} steps where there are ${shape.steps}`)
  const kernel = weightOf(call, 'kernel', [taps, shape.channels, outputs])
  addLayer(call, { taps, inputs: shape.channels, outputs, dilation, padded, kernel })
  return { steps, channels: outputs }
}

function addLayer(
  call: LayerCall,
  {
    kernel,
    ...layer
  }: {
    taps: number
    inputs: number
    outputs: number
    dilation: number
    padded: boolean
    kernel: Float32Array
  },
): void {
  const { outputs } = layer
  const biases =
    call.layer.config['use_bias'] === false ? new Float32Array(outputs) : weightOf(call, 'bias', [outputs])
  call.add({ kind: 'layer', ...layer, weights: kernel, biases })
  addActivation(call)
}

function addActivation(call: LayerCall): void {
  const name = call.layer.config['activation'] ?? 'linear'
  if (name === 'relu' || name === 'sigmoid') call.add({ kind: name })
  else if (name !== 'linear')
    throw refused(call, `has the activation ${typeof name === 'string' ? name : JSON.stringify(name)}`)
}

function activationOnly(call: LayerCall, shape: Shape): Shape {
  addActivation(call)
  return shape
}

function reluOnly(call: LayerCall, shape: Shape): Shape {
  const { config } = call.layer
  if (config['max_value'] != null || config['negative_slope'] || config['threshold'])
    throw refused(call, 'is cut off or sloped')
  call.add({ kind: 'relu' })
  return shape
}

function normalization(call: LayerCall, shape: Shape): Shape {
  const { config } = call.layer
  assertLastAxis(call, shape)
  if (config['invert'] === true) throw refused(call, 'inverts the scaling')
  const mean = statistic(call, 'mean', shape)
  const variance = statistic(call, 'variance', shape)
  // Keras divides by at least its epsilon; a feature that never varied is scaled to 0 here.
  const std = variance.map(value => (value > 0 ? Math.max(Math.sqrt(value), 1e-7) : Number.POSITIVE_INFINITY))
  call.add({ kind: 'normalise', mean, std })
  return shape
}

/** A statistic of Normalization: given as a number or a list in its configuration, or measured and kept as a weight. */
function statistic(call: LayerCall, name: string, { channels }: Shape): Float64Array {
  const given = call.layer.config[name]
  if (given === undefined || given === null) return Float64Array.from(weightOf(call, name, [channels]))
  const values: unknown[] = [given].flat(3)
  if (!values.every(value => Number.isFinite(value)) || (values.length !== 1 && values.length !== channels))
    throw refused(call, `has no ${name} for ${channels} features`)
  return Float64Array.from({ length: channels }, (_, channel) =>
    Number(values[values.length === 1 ? 0 : channel]),
  )
}

function batchNormalization(call: LayerCall, shape: Shape): Shape {
  const { config } = call.layer
  const { channels } = shape
  assertLastAxis(call, shape)
  const epsilon = Number(config['epsilon'] ?? 0.001)
  const ones = new Float32Array(channels).fill(1)
  const std = weightOf(call, 'moving_variance', [channels]).map(variance => Math.sqrt(variance + epsilon))
  call.add({ kind: 'normalise', mean: weightOf(call, 'moving_mean', [channels]), std })
  call.add({
    kind: 'scale',
    factors: config['scale'] === false ? ones : weightOf(call, 'gamma', [channels]),
    shifts: config['center'] === false ? new Float32Array(channels) : weightOf(call, 'beta', [channels]),
  })
  return shape
}

function rescaling(call: LayerCall, shape: Shape): Shape {
  const numbers = (name: string, absent: number) => {
    const value = Number(call.layer.config[name] ?? absent)
    if (!Number.isFinite(value)) throw refused(call, `has no number "${name}"`)
    return new Float64Array(shape.channels).fill(value)
  }
  call.add({ kind: 'scale', factors: numbers('scale', 1), shifts: numbers('offset', 0) })
  return shape
}

function lastOfOne(call: LayerCall, shape: Shape): Shape {
  if (shape.steps === null) return shape
  if (shape.steps !== 1) throw refused(call, `joins ${shape.steps} steps`)
  call.add({ kind: 'lastStep' })
  return { ...shape, steps: null }
}

function cropping(call: LayerCall, shape: Shape): Shape {
  const value = call.layer.config['cropping']
  const [before, after] = Array.isArray(value) ? value : [value, value]
  if (shape.steps === null || before !== shape.steps - 1 || after !== 0)
    throw refused(call, 'takes something other than the last step')
  call.add({ kind: 'lastStep' })
  return { ...shape, steps: 1 }
}

function assertLastAxis(call: LayerCall, { steps }: Shape): void {
  const axis: unknown = [call.layer.config['axis'] ?? -1].flat()[0]
  if (axis !== -1 && axis !== (steps === null ? 1 : 2))
    throw refused(call, `scales along axis ${String(axis)}`)
}

function weightOf(call: LayerCall, name: string, shape: readonly number[]): Float32Array {
  const key = `${String(call.layer.config['name'])}/${name}`
  const found = call.weights.filter(weight => `/${weight.name.replace(/:0$/, '')}`.endsWith(`/${key}`))
  const [weight] = found
  if (weight === undefined || found.length > 1)
    throw refused(call, found.length > 1 ? `has ${found.length} weights "${key}"` : `has no weight "${key}"`)
  if (weight.shape.join() !== shape.join() || weight.values.length === 0)
    throw refused(call, `has a "${name}" of shape [${weight.shape.join(', ')}], not [${shape.join(', ')}]`)
  return weight.values
}

/** A size of a layer's configuration, a number or a list of one. */
function sizeOf(call: LayerCall, name: string, absent?: number): number {
  const value: unknown = [call.layer.config[name] ?? absent].flat()[0]
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value
  throw refused(call, `has no size "${name}"`)
}

function refused({ where, layer }: Pick<LayerCall, 'where' | 'layer'>, fact: string): InvalidInputError {
  return new InvalidInputError(`The LayersModel's ${where} ${fact}; such a model cannot be converted.`, {
    facts: { className: layer.className, fact },
    hint: 'Supported are Dense and causal Conv1D with ReLU, scaling, and layers that act in training alone.',
  })
}
