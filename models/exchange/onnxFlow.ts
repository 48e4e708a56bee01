import { InvalidInputError } from '../../core/index.ts'
import type { ChainLink, ChainStep } from './layerChain.ts'
import {
  ONNX_FLOAT,
  ONNX_INT64,
  type OnnxAttributeValues,
  type OnnxNode,
  type OnnxTensor,
} from './onnxModel.ts'

/** The value that runs through a graph from its input to its output, after so many links of the chain. */
export type Flow = {
  readonly kind: 'flow'
  readonly links: number
  /** Features of a step at first, then outputs of the last layer. */
  readonly channels: number
  /** Order of its axes: [rows, channels], [rows, steps, channels] or [rows, channels, steps]. */
  readonly axes: 'rows' | 'steps-channels' | 'channels-steps'
  readonly steps: number
  /** Zeros that a `Pad` put before the first step, for the convolution that must follow. */
  readonly padding: number
  /** Steps behind the last one, which a convolution padded on both sides made and a `Slice` must take away. */
  readonly excess: number
}

/** What a name in the graph stands for. */
export type GraphValue =
  | Flow
  | { readonly kind: 'constant'; readonly tensor: OnnxTensor }
  /** Where the flow was missing after so many links. */
  | { readonly kind: 'missing'; readonly links: number }

/** A node with its inputs looked up, the flow among them and the chain that it adds to. */
export type NodeCall = {
  readonly node: OnnxNode
  readonly where: string
  readonly inputs: readonly (GraphValue | undefined)[]
  readonly links: ChainLink[]
}

/** Adds a step to the chain and gives the flow behind it. */
export function advance(call: NodeCall, flow: Flow, step: ChainStep, changes: Partial<Flow> = {}): Flow {
  call.links.push({ ...step, where: call.where })
  return { ...flow, links: call.links.length, ...changes }
}

/**
 * The flow at one of a node's inputs.
 *
 * @throws InvalidInputError when it is not there, or is not what the link before gave.
 */
export function flowAt(call: NodeCall, place: number): Flow {
  const flow = call.inputs[place]
  if (flow?.kind !== 'flow') throw refusedNode(call, 'takes no value that depends on the features')
  if (flow.links !== call.links.length) throw refusedNode(call, 'branches off an earlier value')
  return flow
}

export function isConstant(value: GraphValue | undefined): value is GraphValue & { kind: 'constant' } {
  return value?.kind === 'constant'
}

/** The binary32 tensor at one of a node's inputs. */
export function floatsAt(call: NodeCall, place: number): OnnxTensor {
  return tensorAt(call, place, ONNX_FLOAT, 'binary32')
}

/** The int64 values at one of a node's inputs; `absent` where it is left out. */
export function integersAt(call: NodeCall, place: number, absent?: readonly number[]): readonly number[] {
  if (call.inputs[place] === undefined && absent !== undefined) return absent
  return Array.from(tensorAt(call, place, ONNX_INT64, 'int64').values)
}

function tensorAt(call: NodeCall, place: number, elementType: number, type: string): OnnxTensor {
  const value = call.inputs[place]
  if (!isConstant(value)) throw refusedNode(call, `has no constant as its input ${place}`)
  if (value.tensor.elementType !== elementType)
    throw refusedNode(call, `takes a tensor "${value.tensor.name}" that is not ${type}`)
  return value.tensor
}

/**
 * An attribute of a node, of the given kind.
 *
 * @throws InvalidInputError when it is of another kind.
 */
export function attributeOf<Kind extends keyof OnnxAttributeValues, Absent>(
  call: Pick<NodeCall, 'node' | 'where'>,
  name: string,
  kind: Kind,
  absent: Absent,
): OnnxAttributeValues[Kind] | Absent {
  const attribute = call.node.attributes.get(name)
  if (attribute === undefined) return absent
  if (attribute.kind !== kind) throw refusedNode(call, `has no ${kind} "${name}"`)
  return attribute.value as OnnxAttributeValues[Kind]
}

/** A constant by channel of the flow: one number for all, or one for each along the axis of the channels alone. */
export function byChannel(call: NodeCall, flow: Flow, tensor: OnnxTensor): Float64Array {
  const { dims, values } = tensor
  const behind = flow.axes === 'channels-steps' ? 1 : 0
  const channelAxis = dims.length - 1 - behind
  const fits = dims.every((dim, axis) => dim === 1 || (axis === channelAxis && dim === flow.channels))
  if (!fits || dims.length > (flow.axes === 'rows' ? 2 : 3))
    throw refusedNode(call, `takes a tensor of shape [${dims.join(', ')}] for ${flow.channels} channels`)
  return Float64Array.from({ length: flow.channels }, (_, channel) =>
    Number(values[values.length === 1 ? 0 : channel]),
  )
}

/** An error that names the node and what of it is not supported. */
export function refusedNode(
  { node, where }: Pick<NodeCall, 'node' | 'where'>,
  fact: string,
): InvalidInputError {
  return new InvalidInputError(`The ONNX ${where} ${fact}; such a graph cannot be converted.`, {
    facts: { operator: node.operator, node: node.name, fact },
    hint: 'Run it as it is with `openOnnxModel`, or export the network as plain layers with ReLU.',
  })
}
