import { InvalidInputError } from '../../core/index.ts'
import {
  ONNX_FLOAT,
  ONNX_INT64,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxPort,
  type OnnxTensor,
} from './onnxModel.ts'
import {
  bytesOf,
  floatsOf,
  intOf,
  intsOf,
  type ProtobufField,
  packedFloats,
  readFields,
  textOf,
  textsOf,
} from './protobufReader.ts'

/**
 * Reads an ONNX file. What its numbers mean is left to the caller; that they are whole and fit their shapes is
 * checked here.
 *
 * @throws InvalidInputError when the bytes are no ONNX model, or one with tensors outside the file.
 */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  const model = readFields(bytes)
  const graph = bytesOf(model, 7).at(-1)
  if (graph === undefined)
    throw new InvalidInputError('The file is not an ONNX model: it holds no graph.', {
      hint: 'Check that the file was copied whole and is an .onnx file.',
    })
  if (bytesOf(model, 25).length > 0)
    throw new InvalidInputError('The ONNX model defines functions of its own.', {
      hint: 'Export it with its functions inlined (`onnx.inliner.inline_local_functions`).',
    })
  const fields = readFields(graph)
  const tensors = bytesOf(fields, 5).map(readTensor)
  const constants = new Map(tensors.map(tensor => [tensor.name, tensor]))
  return {
    operatorSets: new Map(
      bytesOf(model, 8)
        .map(readFields)
        .map(set => [textOf(set, 1), intOf(set, 2)] as const),
    ),
    nodes: bytesOf(fields, 1).map(readNode),
    constants,
    // Up to version 3 of the format every initializer was listed among the inputs too.
    inputs: bytesOf(fields, 11)
      .map(readPort)
      .filter(({ name }) => !constants.has(name)),
    outputs: bytesOf(fields, 12).map(readPort),
    metadata: metadataOf(model),
  }
}

/**
 * Reads what an ONNX file says beside its graph, whatever the graph is.
 *
 * @throws InvalidInputError when the bytes are no protobuf message.
 */
export function readOnnxMetadata(bytes: Uint8Array): ReadonlyMap<string, string> {
  return metadataOf(readFields(bytes))
}

function metadataOf(model: readonly ProtobufField[]): ReadonlyMap<string, string> {
  return new Map(
    bytesOf(model, 14)
      .map(readFields)
      .map(entry => [textOf(entry, 1), textOf(entry, 2)] as const),
  )
}

function readNode(bytes: Uint8Array): OnnxNode {
  const fields = readFields(bytes)
  return {
    inputs: textsOf(fields, 1),
    outputs: textsOf(fields, 2),
    name: textOf(fields, 3),
    operator: textOf(fields, 4),
    attributes: new Map(
      bytesOf(fields, 5)
        .map(readFields)
        .map(attribute => [textOf(attribute, 1), readAttribute(attribute)]),
    ),
    domain: textOf(fields, 7),
  }
}

function readAttribute(fields: readonly ProtobufField[]): OnnxAttribute {
  switch (intOf(fields, 20)) {
    case 1:
      return { kind: 'float', value: floatsOf(fields, 2).at(-1) ?? 0 }
    case 2:
      return { kind: 'int', value: intOf(fields, 3) }
    case 3:
      return { kind: 'text', value: textOf(fields, 4) }
    case 4:
      return { kind: 'tensor', value: readTensor(bytesOf(fields, 5).at(-1) ?? new Uint8Array(0)) }
    case 6:
      return { kind: 'floats', value: floatsOf(fields, 7) }
    case 7:
      return { kind: 'ints', value: intsOf(fields, 8) }
    case 8:
      return { kind: 'texts', value: textsOf(fields, 9) }
    default:
      return { kind: 'other', value: null }
  }
}

function readTensor(bytes: Uint8Array): OnnxTensor {
  const fields = readFields(bytes)
  const dims = intsOf(fields, 1)
  const elementType = intOf(fields, 2)
  const name = textOf(fields, 8)
  if (intOf(fields, 14) !== 0 || bytesOf(fields, 13).length > 0)
    throw new InvalidInputError(`The ONNX model keeps its tensor "${name}" in another file.`, {
      facts: { tensor: name },
      hint: 'Save it as one file (`onnx.save(model, path, save_as_external_data=False)`).',
    })
  const raw = bytesOf(fields, 9).at(-1)
  const values =
    elementType === ONNX_FLOAT
      ? raw === undefined
        ? floatsOf(fields, 4)
        : packedFloats(raw)
      : elementType === ONNX_INT64
        ? raw === undefined
          ? intsOf(fields, 7)
          : int64FromBytes(raw, name)
        : // Whoever uses it will refuse its type by name.
          []
  const size = dims.reduce((product, dim) => product * dim, 1)
  if (dims.some(dim => dim < 0) || (values.length !== size && isReadable(elementType)))
    throw new InvalidInputError(
      `The ONNX tensor "${name}" has ${values.length} values for the shape [${dims.join(', ')}].`,
      {
        facts: { tensor: name, values: values.length },
        hint: 'Export the model again; the file is damaged.',
      },
    )
  return { name, dims, elementType, values }
}

function isReadable(elementType: number): boolean {
  return elementType === ONNX_FLOAT || elementType === ONNX_INT64
}

function int64FromBytes(bytes: Uint8Array, name: string): number[] {
  if (bytes.length % 8 !== 0)
    throw new InvalidInputError(`The ONNX tensor "${name}" has ${bytes.length} bytes of int64 values.`, {
      facts: { tensor: name, bytes: bytes.length },
      hint: 'Export the model again; the file is damaged.',
    })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length / 8 }, (_, place) => Number(view.getBigInt64(place * 8, true)))
}

function readPort(bytes: Uint8Array): OnnxPort {
  const fields = readFields(bytes)
  const type = readFields(bytesOf(fields, 2).at(-1) ?? new Uint8Array(0))
  const tensor = readFields(bytesOf(type, 1).at(-1) ?? new Uint8Array(0))
  const shape = readFields(bytesOf(tensor, 2).at(-1) ?? new Uint8Array(0))
  return {
    name: textOf(fields, 1),
    elementType: intOf(tensor, 1),
    shape: bytesOf(shape, 1)
      .map(readFields)
      .map(dim => {
        const sizes = intsOf(dim, 1)
        return sizes.at(-1) ?? null
      }),
  }
}
