/** Element types of ONNX tensors, as numbered in onnx.proto. */
export const ONNX_FLOAT = 1
export const ONNX_INT64 = 7
export const ONNX_BOOL = 9

export type OnnxTensor = {
  readonly name: string
  readonly dims: readonly number[]
  /** Of a `ONNX_FLOAT` or `ONNX_INT64` tensor, row-major. */
  readonly values: Float32Array | readonly number[]
  readonly elementType: number
}

/** What attributes hold, by kind. */
export type OnnxAttributeValues = {
  readonly float: number
  readonly int: number
  readonly text: string
  readonly tensor: OnnxTensor
  readonly floats: Float32Array
  readonly ints: readonly number[]
  readonly texts: readonly string[]
  /** Of a kind that no supported operator has, a graph say. */
  readonly other: null
}

export type OnnxAttribute = {
  readonly [Kind in keyof OnnxAttributeValues]: {
    readonly kind: Kind
    readonly value: OnnxAttributeValues[Kind]
  }
}[keyof OnnxAttributeValues]

export type OnnxNode = {
  readonly name: string
  readonly operator: string
  /** Empty for the ONNX operators themselves. */
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: ReadonlyMap<string, OnnxAttribute>
}

/** An input or output of the whole model; a null in its shape is a size that is free. */
export type OnnxPort = {
  readonly name: string
  readonly elementType: number
  readonly shape: readonly (number | null)[]
}

/** What of an ONNX file its meaning hangs on. (github.com/onnx/onnx, onnx/onnx.proto) */
export type OnnxModel = {
  /** Version of each operator set by its domain. */
  readonly operatorSets: ReadonlyMap<string, number>
  readonly nodes: readonly OnnxNode[]
  readonly constants: ReadonlyMap<string, OnnxTensor>
  /** Inputs that are no constants. */
  readonly inputs: readonly OnnxPort[]
  readonly outputs: readonly OnnxPort[]
  readonly metadata: ReadonlyMap<string, string>
}
