import { float32ToBytes } from './littleEndian.ts'
import { ONNX_FLOAT, ONNX_INT64 } from './onnxModel.ts'
import { ProtobufWriter } from './protobufWriter.ts'

/** Operators of ONNX 1.12: old enough for every runtime in use, new enough for all that is written here. */
const OPERATOR_SET = 17
/** The version of the file format that came with them. */
const FORMAT_VERSION = 8
/** Version of the operators of trees; `ai.onnx.ml` counts its own. */
const TREES_OPERATOR_SET = 3
export const TREES_DOMAIN = 'ai.onnx.ml'

/** Attributes of a node: a number is an integer, a `Float32Array` a list of binary32 values. */
export type NodeAttributes = Readonly<
  Record<string, number | string | readonly number[] | readonly string[] | Float32Array>
>

/** Collects the nodes and constants of one graph and writes them as an ONNX file. (onnx/onnx.proto) */
export class OnnxWriter {
  readonly #nodes: ProtobufWriter[] = []
  readonly #constants: ProtobufWriter[] = []
  readonly #names = new Set<string>()

  /** Adds a node and names its result. */
  node(
    operator: string,
    inputs: readonly string[],
    { name, attributes = {}, domain = '' }: { name: string; attributes?: NodeAttributes; domain?: string },
  ): string {
    const output = this.#unused(name)
    const node = new ProtobufWriter()
    for (const input of inputs) node.text(1, input)
    node.text(2, output).text(3, `${output}_node`).text(4, operator)
    for (const [key, value] of Object.entries(attributes)) node.message(5, attributeOf(key, value))
    if (domain !== '') node.text(7, domain)
    this.#nodes.push(node)
    return output
  }

  /** Adds a tensor of binary32 values; one value without dimensions is a scalar. */
  floats(name: string, values: ArrayLike<number>, dims: readonly number[] = []): string {
    return this.#constant(name, ONNX_FLOAT, dims, tensor => tensor.bytes(9, float32ToBytes(values)))
  }

  /** Adds a tensor of int64 values. */
  integers(name: string, values: readonly number[], dims: readonly number[] = []): string {
    return this.#constant(name, ONNX_INT64, dims, tensor => tensor.packedInts(7, values))
  }

  /**
   * The file: one input and some outputs of binary32 values. A text among the sizes of a shape is the name of one
   * that is free.
   */
  toBytes({
    name,
    input,
    outputs,
    metadata,
  }: {
    readonly name: string
    readonly input: Port
    readonly outputs: readonly Port[]
    readonly metadata: Readonly<Record<string, string>>
  }): Uint8Array {
    const graph = new ProtobufWriter()
    for (const node of this.#nodes) graph.message(1, node)
    graph.text(2, name)
    for (const constant of this.#constants) graph.message(5, constant)
    graph.message(11, portOf(input))
    for (const output of outputs) graph.message(12, portOf(output))
    const model = new ProtobufWriter()
      .int(1, FORMAT_VERSION)
      .text(2, 'touchstone')
      .message(7, graph)
      .message(8, new ProtobufWriter().text(1, '').int(2, OPERATOR_SET))
      .message(8, new ProtobufWriter().text(1, TREES_DOMAIN).int(2, TREES_OPERATOR_SET))
    for (const [key, value] of Object.entries(metadata))
      model.message(14, new ProtobufWriter().text(1, key).text(2, value))
    return model.toBytes()
  }

  #constant(
    name: string,
    elementType: number,
    dims: readonly number[],
    write: (tensor: ProtobufWriter) => ProtobufWriter,
  ): string {
    const unused = this.#unused(name)
    const tensor = new ProtobufWriter()
    if (dims.length > 0) tensor.packedInts(1, dims)
    this.#constants.push(write(tensor.int(2, elementType).text(8, unused)))
    return unused
  }

  #unused(name: string): string {
    let unused = name
    for (let count = 2; this.#names.has(unused); count++) unused = `${name}_${count}`
    this.#names.add(unused)
    return unused
  }
}

/** An input or output: its name, and its sizes, a text where one is free. */
export type Port = { readonly name: string; readonly shape: readonly (number | string)[] }

function portOf({ name, shape }: Port): ProtobufWriter {
  const sizes = new ProtobufWriter()
  for (const size of shape)
    sizes.message(
      1,
      typeof size === 'number' ? new ProtobufWriter().int(1, size) : new ProtobufWriter().text(2, size),
    )
  const tensor = new ProtobufWriter().int(1, ONNX_FLOAT).message(2, sizes)
  return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor))
}

function attributeOf(name: string, value: NodeAttributes[string]): ProtobufWriter {
  const attribute = new ProtobufWriter().text(1, name)
  if (typeof value === 'number') return attribute.int(3, value).int(20, 2)
  if (typeof value === 'string') return attribute.text(4, value).int(20, 3)
  if (value instanceof Float32Array) {
    // One field each: onnx.proto does not pack the lists of attributes.
    for (const number of value) attribute.float(7, number)
    return attribute.int(20, 6)
  }
  if (value.every(item => typeof item === 'number')) {
    for (const number of value) attribute.int(8, number)
    return attribute.int(20, 7)
  }
  for (const text of value) attribute.text(9, String(text))
  return attribute.int(20, 8)
}
