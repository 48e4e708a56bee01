import { InvalidInputError } from '../../core/index.ts'
import { float32FromBytes } from './littleEndian.ts'

/** A field of a protobuf message as it lies in the bytes; what it means is for the message's own reader. */
export type ProtobufField =
  | { readonly number: number; readonly wire: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly wire: 'bytes' | 'fixed32' | 'fixed64'; readonly bytes: Uint8Array }

const TEXT = new TextDecoder('utf-8', { fatal: true })

/**
 * The fields of a message in their order. Every length is checked against what is left of the message, so no byte
 * outside it is read, whatever the bytes say.
 *
 * @throws InvalidInputError when the bytes are not a protobuf message.
 */
export function readFields(bytes: Uint8Array): ProtobufField[] {
  const fields: ProtobufField[] = []
  const cursor = { at: 0 }
  while (cursor.at < bytes.length) {
    const tag = readVarint(bytes, cursor)
    const number = Number(tag >> 3n)
    if (number < 1 || number > 536_870_911) throw broken(`names a field ${number}`)
    switch (Number(tag & 7n)) {
      case 0:
        fields.push({ number, wire: 'varint', value: readVarint(bytes, cursor) })
        break
      case 1:
        fields.push({ number, wire: 'fixed64', bytes: take(bytes, cursor, 8) })
        break
      case 2:
        fields.push({ number, wire: 'bytes', bytes: take(bytes, cursor, Number(readVarint(bytes, cursor))) })
        break
      case 5:
        fields.push({ number, wire: 'fixed32', bytes: take(bytes, cursor, 4) })
        break
      default:
        throw broken(`has a wire type ${Number(tag & 7n)} in field ${number}`)
    }
  }
  return fields
}

/** The last value of a singular field, as protobuf has it; `absent` where there is none. */
export function intOf(fields: readonly ProtobufField[], number: number, absent = 0): number {
  return intsOf(fields, number).at(-1) ?? absent
}

/** The values of a repeated integer field, packed or not. */
export function intsOf(fields: readonly ProtobufField[], number: number): number[] {
  const values: number[] = []
  for (const field of fields) {
    if (field.number !== number) continue
    if (field.wire === 'varint') values.push(toInteger(field.value))
    else if (field.wire === 'bytes') {
      const cursor = { at: 0 }
      while (cursor.at < field.bytes.length) values.push(toInteger(readVarint(field.bytes, cursor)))
    } else throw broken(`has no integer in field ${number}`)
  }
  return values
}

/** The values of a repeated binary32 field, packed or not. */
export function floatsOf(fields: readonly ProtobufField[], number: number): Float32Array {
  const parts: Uint8Array[] = []
  for (const field of fields) {
    if (field.number !== number) continue
    if (field.wire !== 'fixed32' && field.wire !== 'bytes') throw broken(`has no numbers in field ${number}`)
    parts.push(field.bytes)
  }
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return packedFloats(only)
  return Float32Array.from(parts.flatMap(part => Array.from(packedFloats(part))))
}

/** The contents of a repeated field of bytes, texts or messages. */
export function bytesOf(fields: readonly ProtobufField[], number: number): Uint8Array[] {
  return fields
    .filter(field => field.number === number)
    .map(field => {
      if (field.wire !== 'bytes') throw broken(`has no text or message in field ${number}`)
      return field.bytes
    })
}

export function textsOf(fields: readonly ProtobufField[], number: number): string[] {
  return bytesOf(fields, number).map(bytes => {
    try {
      return TEXT.decode(bytes)
    } catch (cause) {
      throw broken(`has a text in field ${number} that is not UTF-8`, cause)
    }
  })
}

/** The last text of a singular field; empty where there is none. */
export function textOf(fields: readonly ProtobufField[], number: number): string {
  return textsOf(fields, number).at(-1) ?? ''
}

/**
 * Binary32 values that lie one after the other.
 *
 * @throws InvalidInputError when the bytes are not whole numbers of four.
 */
export function packedFloats(bytes: Uint8Array): Float32Array {
  if (bytes.length % 4 !== 0) throw broken(`has ${bytes.length} bytes of numbers that take four each`)
  return float32FromBytes(bytes)
}

function readVarint(bytes: Uint8Array, cursor: { at: number }): bigint {
  let value = 0n
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = bytes[cursor.at++]
    if (byte === undefined) throw broken('ends inside a number')
    value |= BigInt(byte & 127) << shift
    if (byte < 128) return BigInt.asUintN(64, value)
  }
  throw broken('has a number of more than ten bytes')
}

function take(bytes: Uint8Array, cursor: { at: number }, length: number): Uint8Array {
  const end = cursor.at + length
  if (end > bytes.length) throw broken(`says ${length} bytes where ${bytes.length - cursor.at} are left`)
  const part = bytes.subarray(cursor.at, end)
  cursor.at = end
  return part
}

/** Beyond 53 bits the nearest integer that is exact: exporters write the greatest int64 for "to the end". */
function toInteger(value: bigint): number {
  const integer = Number(BigInt.asIntN(64, value))
  return Math.min(Math.max(integer, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)
}

function broken(fact: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError(`The file is not an ONNX model: a message in it ${fact}.`, {
    facts: { fact },
    hint: 'Check that the file was copied whole and is an .onnx file.',
    cause,
  })
}
