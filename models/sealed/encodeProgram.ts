import { checkProgram } from './checkProgram.ts'
import type { Link } from './link.ts'
import type { NetworkProgram, Program, ProgramLayer, ProgramTree, TreesProgram } from './program.ts'

/** First bytes of every encoded program: "TSPG". */
export const PROGRAM_MAGIC = 0x54_53_50_47
/** The version of the encoding that this code writes and reads. */
export const PROGRAM_FORMAT_VERSION = 1

/** `kind` and `objective` as bytes: their place here. */
export const KINDS = ['network', 'trees'] as const
export const OBJECTIVES = ['direction', 'return'] as const
/** What an expected return is a line of, as a byte: its place here plus 1; 0 for none. */
export const LINE_SOURCES = ['score', 'probability'] as const
/** Bits of a layer's flags. */
export const RELU_FLAG = 1
export const RESIDUAL_FLAG = 2
/** In place of the threshold of a node: it is a leaf. */
export const LEAF = 255

/**
 * Writes a program as bytes; equal programs give equal bytes. All numbers are big-endian, since contracts read them
 * so; u, i and f are unsigned, signed and binary32, with their bits.
 *
 * ```
 * header   u32 magic, u8 version, u8 kind, u8 objective, u16 steps, u16 columns
 * link     u8 knots, i32 score × knots, u32 probability × knots,
 *          u8 source of the line (0 none), else i32 multiplier, u8 shift, i32 centre,
 *          u8 interval (0 none, 1), else i32 lower, i32 upper, u32 coverage
 * network  f32 mean × columns, f32 std × columns, u8 layers, then for each layer
 *          u16 taps, u16 inputs, u16 outputs, u16 dilation, u8 flags,
 *          u16 multiplier and u8 shift of the residual if there is one,
 *          i8 weight × taps × inputs × outputs, i32 bias × outputs, u16 multiplier × outputs, u8 shift × outputs
 * trees    u8 edges and f32 edge × edges for each column, i32 base, u16 trees, then for each tree
 *          u16 nodes, and 5 bytes a node: u8 threshold, u16 feature, u16 left; or of a leaf 255, i32 value
 * ```
 *
 * @throws InvalidInputError when the program is malformed.
 */
export function encodeProgram(program: Program): Uint8Array {
  checkProgram(program)
  const writer = new ByteWriter()
  writer.u32(PROGRAM_MAGIC)
  writer.u8(PROGRAM_FORMAT_VERSION)
  writer.u8(KINDS.indexOf(program.kind))
  writer.u8(OBJECTIVES.indexOf(program.objective))
  writer.u16(program.steps)
  writer.u16(program.columns)
  writeLink(writer, program.link)
  if (program.kind === 'network') writeNetwork(writer, program)
  else writeTrees(writer, program)
  return writer.bytes()
}

function writeLink(writer: ByteWriter, { scores, probabilitiesPpm, expectedReturn, interval }: Link): void {
  writer.u8(scores.length)
  for (const score of scores) writer.i32(score)
  for (const ppm of probabilitiesPpm) writer.u32(ppm)
  writer.u8(expectedReturn === null ? 0 : LINE_SOURCES.indexOf(expectedReturn.of) + 1)
  if (expectedReturn !== null) {
    writer.i32(expectedReturn.multiplier)
    writer.u8(expectedReturn.shift)
    writer.i32(expectedReturn.centreE9)
  }
  writer.u8(interval === null ? 0 : 1)
  if (interval !== null) {
    writer.i32(interval.lowerE9)
    writer.i32(interval.upperE9)
    writer.u32(interval.coveragePpm)
  }
}

function writeNetwork(writer: ByteWriter, { scaler, layers }: NetworkProgram): void {
  for (const mean of scaler.mean) writer.f32(mean)
  for (const std of scaler.std) writer.f32(std)
  writer.u8(layers.length)
  for (const layer of layers) writeLayer(writer, layer)
}

function writeLayer(writer: ByteWriter, layer: ProgramLayer): void {
  writer.u16(layer.taps)
  writer.u16(layer.inputs)
  writer.u16(layer.outputs)
  writer.u16(layer.dilation)
  writer.u8((layer.relu ? RELU_FLAG : 0) | (layer.residual !== null ? RESIDUAL_FLAG : 0))
  if (layer.residual !== null) {
    writer.u16(layer.residual.multiplier)
    writer.u8(layer.residual.shift)
  }
  for (const weight of layer.weights) writer.u8(weight & 255)
  for (const bias of layer.biases) writer.i32(bias)
  for (const multiplier of layer.multipliers) writer.u16(multiplier)
  for (const shift of layer.shifts) writer.u8(shift)
}

function writeTrees(writer: ByteWriter, { edges, base, trees }: TreesProgram): void {
  for (const list of edges) {
    writer.u8(list.length)
    for (const edge of list) writer.f32(edge)
  }
  writer.i32(base)
  writer.u16(trees.length)
  for (const tree of trees) writeTree(writer, tree)
}

function writeTree(writer: ByteWriter, { feature, threshold, left, value }: ProgramTree): void {
  writer.u16(feature.length)
  for (let node = 0; node < feature.length; node++) {
    const child = left[node] ?? 0
    writer.u8(child === 0 ? LEAF : (threshold[node] ?? 0))
    if (child === 0) {
      writer.i32(value[node] ?? 0)
      continue
    }
    writer.u16(feature[node] ?? 0)
    writer.u16(child)
  }
}

/** Bytes that grow as they are written, big-endian. */
class ByteWriter {
  #buffer = new DataView(new ArrayBuffer(1_024))
  #length = 0

  u8(value: number): void {
    const at = this.#reserve(1)
    this.#buffer.setUint8(at, value)
  }

  u16(value: number): void {
    const at = this.#reserve(2)
    this.#buffer.setUint16(at, value)
  }

  u32(value: number): void {
    const at = this.#reserve(4)
    this.#buffer.setUint32(at, value)
  }

  i32(value: number): void {
    const at = this.#reserve(4)
    this.#buffer.setInt32(at, value)
  }

  f32(value: number): void {
    const at = this.#reserve(4)
    // Adding 0 turns −0 into 0: both compute the same, and one program has one text.
    this.#buffer.setFloat32(at, value + 0)
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#buffer.buffer.slice(0, this.#length))
  }

  #reserve(bytes: number): number {
    const at = this.#length
    this.#length += bytes
    if (this.#length > this.#buffer.byteLength) {
      const grown = new Uint8Array(this.#buffer.byteLength * 2)
      grown.set(new Uint8Array(this.#buffer.buffer))
      this.#buffer = new DataView(grown.buffer)
    }
    return at
  }
}
