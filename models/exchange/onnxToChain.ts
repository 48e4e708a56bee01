import { InvalidInputError } from '../../core/index.ts'
import type { ChainLink, LayerChain } from './layerChain.ts'
import { foldConstants } from './onnxConstants.ts'
import { arithmetic, clip, isMissing, or, where } from './onnxElementwise.ts'
import {
  advance,
  attributeOf,
  type Flow,
  flowAt,
  type GraphValue,
  type NodeCall,
  refusedNode,
} from './onnxFlow.ts'
import { nodesBefore, whereOf } from './onnxGraph.ts'
import { batchNormalization, conv, gemm, matMul } from './onnxLayers.ts'
import { ONNX_FLOAT, type OnnxModel, type OnnxNode } from './onnxModel.ts'
import { flatten, gather, pad, reshape, slice, squeeze, transpose } from './onnxReshapes.ts'

const OPERATORS: Readonly<Record<string, (call: NodeCall) => GraphValue>> = {
  Add: arithmetic,
  Sub: arithmetic,
  Mul: arithmetic,
  Div: arithmetic,
  Clip: clip,
  IsNaN: isMissing,
  IsInf: isMissing,
  Or: or,
  Where: where,
  Gemm: gemm,
  MatMul: matMul,
  Conv: conv,
  BatchNormalization: batchNormalization,
  Relu: call => advance(call, flowAt(call, 0), { kind: 'relu' }),
  Sigmoid: call => advance(call, flowAt(call, 0), { kind: 'sigmoid' }),
  // Dropout drops nothing once the network is trained.
  Dropout: call => flowAt(call, 0),
  Transpose: transpose,
  Gather: gather,
  Slice: slice,
  Pad: pad,
  Squeeze: squeeze,
  Flatten: flatten,
  Reshape: reshape,
}

/**
 * Reads a graph as a chain of layers, from its one input to the given output; nodes that the output does not hang on
 * count for nothing.
 *
 * @param given steps of a network over time whose file leaves them open.
 * @throws InvalidInputError naming the node that has no place in a chain.
 */
export function onnxToChain(
  model: OnnxModel,
  { output, steps: given }: { readonly output: string; readonly steps: number | undefined },
): LayerChain {
  const nodes = nodesBefore(model.nodes, output)
  const input = inputOf(model, nodes, given)
  const links: ChainLink[] = []
  const values = new Map<string, GraphValue>([[input.name, input.flow]])
  for (const [name, tensor] of model.constants) values.set(name, { kind: 'constant', tensor })
  for (const node of nodes) {
    const call: NodeCall = {
      node,
      where: whereOf(node),
      inputs: node.inputs.map(name => values.get(name)),
      links,
    }
    // An empty name stands for an input that is left out.
    const unknown = node.inputs.find(name => name !== '' && !values.has(name))
    if (unknown !== undefined) throw refusedNode(call, `takes "${unknown}", which no node before it gives`)
    const [name] = node.outputs
    if (name !== undefined) values.set(name, resultOf(call))
  }
  const end = values.get(output)
  if (end?.kind !== 'flow' || end.links !== links.length)
    throw new InvalidInputError(`The output "${output}" of the ONNX model is not the end of its layers.`, {
      facts: { output },
      hint: 'Name another output.',
    })
  return { columns: input.flow.channels, steps: input.flow.steps, links }
}

function resultOf(call: NodeCall): GraphValue {
  const { operator, domain } = call.node
  if (domain !== '' && domain !== 'ai.onnx')
    throw refusedNode(call, `is of the operators of "${domain}", of which none is supported`)
  if (operator === 'Constant') {
    const value = attributeOf(call, 'value', 'tensor', null)
    if (value === null) throw refusedNode(call, 'has no tensor "value"')
    return { kind: 'constant', tensor: value }
  }
  if (operator === 'Identity') return call.inputs[0] ?? flowAt(call, 0)
  const tensor = foldConstants(call)
  if (tensor !== null) return { kind: 'constant', tensor }
  const run = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined
  if (run === undefined) throw refusedNode(call, 'is of an operator that is not supported')
  const [first] = call.inputs
  if (first?.kind === 'flow' && first.padding > 0 && operator !== 'Conv')
    throw refusedNode(call, 'follows a padding and is no convolution')
  if (first?.kind === 'flow' && first.excess > 0 && operator !== 'Slice')
    throw refusedNode(call, 'sees steps after the present one')
  return run(call)
}

function inputOf(
  model: OnnxModel,
  nodes: readonly OnnxNode[],
  given: number | undefined,
): { name: string; flow: Flow } {
  const [input, ...others] = model.inputs.filter(({ name }) => nodes.some(node => node.inputs.includes(name)))
  if (input === undefined || others.length > 0)
    throw new InvalidInputError(
      `The ONNX model has ${others.length + (input === undefined ? 0 : 1)} inputs; a network here has one, its features.`,
      { facts: { inputs: model.inputs.length }, hint: 'Export it with all features in one tensor.' },
    )
  const { name, shape, elementType } = input
  const [, second, third] = shape
  // Frameworks differ in which of the two comes first; where nothing is swapped before a convolution, the channels do.
  const firstConv = nodes.findIndex(node => node.operator === 'Conv')
  const isSwapped = nodes.slice(0, Math.max(0, firstConv)).some(isSwap)
  const axes = shape.length === 2 ? 'rows' : firstConv < 0 || isSwapped ? 'steps-channels' : 'channels-steps'
  const [inFile, channels] =
    axes === 'rows' ? [1, second] : axes === 'steps-channels' ? [second, third] : [third, second]
  const steps = inFile ?? given
  const text = shape.map(size => size ?? '?').join(', ')
  if (elementType !== ONNX_FLOAT)
    throw new InvalidInputError(`The input "${name}" of the ONNX model is not of binary32 values.`, {
      facts: { input: name, elementType },
      hint: 'Export the model in float32.',
    })
  if (shape.length < 2 || shape.length > 3 || !isSize(channels))
    throw new InvalidInputError(`The input "${name}" of the ONNX model has the shape [${text}].`, {
      facts: { input: name, shape: text },
      hint: 'Supported are [rows, features], [rows, steps, features] and [rows, features, steps], features fixed.',
    })
  if (!isSize(steps))
    throw new InvalidInputError(
      `The input "${name}" of the ONNX model leaves open how many steps it takes.`,
      {
        facts: { input: name, shape: text },
        hint: 'Pass `steps`.',
      },
    )
  return { name, flow: { kind: 'flow', links: 0, channels, axes, steps, padding: 0, excess: 0 } }
}

/** A number of features or steps; more than 16 bits of either are no network of this kind. */
function isSize(size: number | null | undefined): size is number {
  return Number.isSafeInteger(size) && Number(size) >= 1 && Number(size) <= 65_535
}

/** A transpose of three axes; one of two turns a constant. */
function isSwap({ operator, attributes }: OnnxNode): boolean {
  const order = attributes.get('perm')
  return operator === 'Transpose' && order?.kind === 'ints' && order.value.length === 3
}
