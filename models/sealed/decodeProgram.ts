import { PPM } from '../../core/index.ts'
import {
  checkProgram,
  EDGES_LIMIT,
  LAYERS_LIMIT,
  malformed,
  NODES_LIMIT,
  TREES_LIMIT,
  WIDTH_LIMIT,
} from './checkProgram.ts'
import {
  KINDS,
  LEAF,
  LINE_SOURCES,
  OBJECTIVES,
  PROGRAM_FORMAT_VERSION,
  PROGRAM_MAGIC,
  RELU_FLAG,
  RESIDUAL_FLAG,
} from './encodeProgram.ts'
import { KNOT_LIMIT, type Link } from './link.ts'
import type { Program, ProgramLayer, ProgramTree } from './program.ts'

/**
 * Reads what `encodeProgram` wrote, and nothing else: any bytes that it accepts are encoded as themselves.
 *
 * @throws InvalidInputError naming the first field that is wrong.
 */
export function decodeProgram(bytes: Uint8Array): Program {
  const reader = new ByteReader(bytes)
  if (reader.u32('magic') !== PROGRAM_MAGIC) throw malformed('magic', 'the bytes are no program')
  const version = reader.u8('version')
  if (version !== PROGRAM_FORMAT_VERSION)
    throw malformed('version', `${version} is not ${PROGRAM_FORMAT_VERSION}, which this version reads`)
  const kind = oneOf('kind', KINDS, reader.u8('kind'))
  const objective = oneOf('objective', OBJECTIVES, reader.u8('objective'))
  const steps = reader.u16('steps')
  const columns = limited('columns', reader.u16('columns'), WIDTH_LIMIT)
  const described = { objective, columns, link: readLink(reader) }
  const program: Program =
    kind === 'network'
      ? { kind, steps, ...described, ...readNetwork(reader, columns) }
      : { kind, steps: one(steps), ...described, ...readTrees(reader, columns) }
  reader.assertEnd()
  checkProgram(program)
  return program
}

function readLink(reader: ByteReader): Link {
  const knots = limited('link.scores.length', reader.u8('link.scores.length'), KNOT_LIMIT)
  const scores = Int32Array.from({ length: knots }, () => reader.i32('link.scores'))
  const ppm = Array.from({ length: knots }, () => reader.u32('link.probabilitiesPpm'))
  // Checked before an Int32Array cuts it off.
  for (const [knot, value] of ppm.entries()) limited(`link.probabilitiesPpm.${knot}`, value, PPM)
  const source = reader.u8('link.expectedReturn')
  const expectedReturn =
    source === 0
      ? null
      : {
          of: oneOf('link.expectedReturn', LINE_SOURCES, source - 1),
          multiplier: reader.i32('link.expectedReturn.multiplier'),
          shift: reader.u8('link.expectedReturn.shift'),
          centreE9: reader.i32('link.expectedReturn.centreE9'),
        }
  const interval =
    limited('link.interval', reader.u8('link.interval'), 1) === 0
      ? null
      : {
          lowerE9: reader.i32('link.interval.lowerE9'),
          upperE9: reader.i32('link.interval.upperE9'),
          coveragePpm: reader.u32('link.interval.coveragePpm'),
        }
  return { scores, probabilitiesPpm: Int32Array.from(ppm), expectedReturn, interval }
}

function readNetwork(reader: ByteReader, columns: number) {
  const mean = Float32Array.from({ length: columns }, () => reader.f32('scaler.mean'))
  const std = Float32Array.from({ length: columns }, () => reader.f32('scaler.std'))
  const count = limited('layers.length', reader.u8('layers.length'), LAYERS_LIMIT)
  const layers = Array.from({ length: count }, (_, place) => readLayer(reader, `layers.${place}`))
  return { scaler: { mean, std }, layers }
}

function readLayer(reader: ByteReader, field: string): ProgramLayer {
  const taps = reader.u16(`${field}.taps`)
  const inputs = limited(`${field}.inputs`, reader.u16(`${field}.inputs`), WIDTH_LIMIT)
  const outputs = limited(`${field}.outputs`, reader.u16(`${field}.outputs`), WIDTH_LIMIT)
  const dilation = reader.u16(`${field}.dilation`)
  const flags = limited(`${field}.flags`, reader.u8(`${field}.flags`), RELU_FLAG | RESIDUAL_FLAG)
  const residual =
    (flags & RESIDUAL_FLAG) === 0
      ? null
      : { multiplier: reader.u16(`${field}.residual`), shift: reader.u8(`${field}.residual`) }
  const values = taps * inputs * outputs
  reader.assertLeft(`${field}.weights`, values)
  return {
    taps,
    inputs,
    outputs,
    dilation,
    relu: (flags & RELU_FLAG) !== 0,
    residual,
    // Stored into an int8, the byte takes its sign back.
    weights: Int8Array.from({ length: values }, () => reader.u8(`${field}.weights`)),
    biases: Int32Array.from({ length: outputs }, () => reader.i32(`${field}.biases`)),
    multipliers: Uint16Array.from({ length: outputs }, () => reader.u16(`${field}.multipliers`)),
    shifts: Uint8Array.from({ length: outputs }, () => reader.u8(`${field}.shifts`)),
  }
}

function readTrees(reader: ByteReader, columns: number) {
  const edges = Array.from({ length: columns }, (_, column) => {
    const count = limited(`edges.${column}.length`, reader.u8(`edges.${column}.length`), EDGES_LIMIT)
    return Float32Array.from({ length: count }, () => reader.f32(`edges.${column}`))
  })
  const base = reader.i32('base')
  const count = limited('trees.length', reader.u16('trees.length'), TREES_LIMIT)
  const trees = Array.from({ length: count }, (_, place) => readTree(reader, `trees.${place}`))
  return { edges, base, trees }
}

function readTree(reader: ByteReader, field: string): ProgramTree {
  const nodes = limited(`${field}.length`, reader.u16(`${field}.length`), NODES_LIMIT)
  const feature = new Uint16Array(nodes)
  const threshold = new Uint8Array(nodes)
  const left = new Uint16Array(nodes)
  const value = new Int32Array(nodes)
  for (let node = 0; node < nodes; node++) {
    const name = `${field}.${node}`
    const asked = reader.u8(name)
    if (asked === LEAF) {
      value[node] = reader.i32(name)
      continue
    }
    threshold[node] = asked
    feature[node] = reader.u16(name)
    left[node] = reader.u16(name)
    if (left[node] === 0) throw malformed(name, 'an inner node has no child')
  }
  return { feature, threshold, left, value }
}

function oneOf<T>(field: string, choices: readonly T[], place: number): T {
  const choice = choices[place]
  if (choice === undefined) throw malformed(field, `${place} is unknown`)
  return choice
}

function one(steps: number): 1 {
  if (steps !== 1) throw malformed('steps', `trees look at 1, not ${steps}`)
  return 1
}

function limited(field: string, value: number, limit: number): number {
  if (value > limit) throw malformed(field, `${value} is above ${limit}`)
  return value
}

/** Reads big-endian numbers; every one names its field, in case the bytes end before it. */
class ByteReader {
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  u8(field: string): number {
    return this.#view.getUint8(this.#take(field, 1))
  }

  u16(field: string): number {
    return this.#view.getUint16(this.#take(field, 2))
  }

  u32(field: string): number {
    return this.#view.getUint32(this.#take(field, 4))
  }

  i32(field: string): number {
    return this.#view.getInt32(this.#take(field, 4))
  }

  /** Refuses −0, which `encodeProgram` never writes. */
  f32(field: string): number {
    const value = this.#view.getFloat32(this.#take(field, 4))
    if (Object.is(value, -0)) throw malformed(field, 'it is −0')
    return value
  }

  assertLeft(field: string, bytes: number): void {
    if (this.#view.byteLength - this.#at < bytes) throw malformed(field, 'the bytes end before it')
  }

  assertEnd(): void {
    const left = this.#view.byteLength - this.#at
    if (left > 0) throw malformed('end', `${left} bytes follow the program`)
  }

  #take(field: string, bytes: number): number {
    this.assertLeft(field, bytes)
    const at = this.#at
    this.#at += bytes
    return at
  }
}
