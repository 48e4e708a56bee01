import { attributeOf, integersAt, isConstant, type NodeCall, refusedNode } from './onnxFlow.ts'
import { ONNX_FLOAT, type OnnxTensor } from './onnxModel.ts'

/** Values that a node may make out of its shape alone; what is folded here are sizes and amounts, no data. */
const VALUES_LIMIT = 65_536

const FOLDS: Readonly<Record<string, (call: NodeCall, tensor: OnnxTensor) => OnnxTensor>> = {
  ConstantOfShape: constantOfShape,
  Concat: concat,
  Reshape: reshaped,
  Slice: sliced,
  Transpose: transposed,
  Cast: cast,
}

/**
 * The constant that a node makes of constants; null where its operator is none of those that exporters put there:
 * PyTorch's write the amounts of a padding as a small calculation.
 *
 * @throws InvalidInputError where the operator is used in another way.
 */
export function foldConstants(call: NodeCall): OnnxTensor | null {
  const { operator } = call.node
  const fold = Object.hasOwn(FOLDS, operator) ? FOLDS[operator] : undefined
  const [first] = call.inputs
  if (
    fold === undefined ||
    !isConstant(first) ||
    !call.inputs.every(value => value === undefined || isConstant(value))
  )
    return null
  return fold(call, first.tensor)
}

function constantOfShape(call: NodeCall): OnnxTensor {
  const dims = integersAt(call, 0)
  const size = sizeOf(dims)
  const value = attributeOf(call, 'value', 'tensor', null)
  if (dims.some(dim => dim < 0) || size > VALUES_LIMIT)
    throw refusedNode(call, `makes a tensor of shape [${dims.join(', ')}]`)
  const values = new Array<number>(size).fill(Number(value?.values[0] ?? 0))
  return { name: call.where, dims, values, elementType: value?.elementType ?? ONNX_FLOAT }
}

function concat(call: NodeCall, { elementType }: OnnxTensor): OnnxTensor {
  const tensors = call.inputs.filter(isConstant).map(({ tensor }) => tensor)
  if (tensors.some(tensor => tensor.dims.length !== 1 || tensor.elementType !== elementType))
    throw refusedNode(call, 'joins constants that are no lists of one type')
  const values = tensors.flatMap(tensor => Array.from(tensor.values))
  return { name: call.where, dims: [values.length], values, elementType }
}

function reshaped(call: NodeCall, tensor: OnnxTensor): OnnxTensor {
  const shape = integersAt(call, 1).map((dim, axis) => (dim === 0 ? (tensor.dims[axis] ?? 0) : dim))
  const known = sizeOf(shape.filter(dim => dim !== -1))
  const dims = shape.map(dim => (dim === -1 ? tensor.values.length / known : dim))
  if (sizeOf(dims) !== tensor.values.length || !dims.every(Number.isSafeInteger))
    throw refusedNode(call, `reshapes ${tensor.values.length} values to [${shape.join(', ')}]`)
  return { ...tensor, dims }
}

/** Every so many rows of a list or a matrix, forwards or backwards. */
function sliced(call: NodeCall, tensor: OnnxTensor): OnnxTensor {
  const [rows = 0, width = 1] = tensor.dims
  const [start, end, axis, stride] = [1, 2, 3, 4].map(place => {
    const [value = place === 4 ? 1 : 0, ...more] = integersAt(
      call,
      place,
      place > 2 ? [place === 4 ? 1 : 0] : undefined,
    )
    if (more.length > 0) throw refusedNode(call, 'slices a constant along several axes')
    return value
  }) as [number, number, number, number]
  if (tensor.dims.length > 2 || (axis !== 0 && axis !== -tensor.dims.length) || stride === 0)
    throw refusedNode(call, 'slices a constant along something other than its first axis')
  const fromEnd = (at: number) => (at < 0 ? at + rows : at)
  const lowest = stride > 0 ? 0 : -1
  const highest = stride > 0 ? rows : rows - 1
  const clamped = (at: number, low: number) => Math.min(Math.max(fromEnd(at), low), highest)
  const to = clamped(end, lowest)
  const values: number[] = []
  for (let row = clamped(start, 0); stride > 0 ? row < to : row > to; row += stride)
    for (let column = 0; column < width; column++) values.push(Number(tensor.values[row * width + column]))
  return { ...tensor, dims: [values.length / width, ...tensor.dims.slice(1)], values }
}

function transposed(call: NodeCall, tensor: OnnxTensor): OnnxTensor {
  const order = attributeOf(call, 'perm', 'ints', [1, 0]).join()
  const [rows = 0, columns = 0] = tensor.dims
  if (tensor.dims.length !== 2 || order !== '1,0')
    throw refusedNode(call, `orders a constant's axes as [${order}]`)
  const values = Array.from({ length: rows * columns }, (_, place) =>
    Number(tensor.values[(place % rows) * columns + Math.floor(place / rows)]),
  )
  return { ...tensor, dims: [columns, rows], values }
}

function cast(call: NodeCall, tensor: OnnxTensor): OnnxTensor {
  const to = attributeOf(call, 'to', 'int', 0)
  if (to !== tensor.elementType)
    throw refusedNode(call, `turns a constant of type ${tensor.elementType} into type ${to}`)
  return tensor
}

function sizeOf(dims: readonly number[]): number {
  return dims.reduce((size, dim) => size * dim, 1)
}
