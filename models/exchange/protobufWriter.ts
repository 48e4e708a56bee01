import { float32ToBytes } from './littleEndian.ts'

const VARINT = 0
const LENGTH_DELIMITED = 2
const FIXED32 = 5

const TEXT = new TextEncoder()

/**
 * Writes one protobuf message field by field, each by its number; `toBytes` gives the message. Fields lie in the order
 * in which they were written, so that the same calls give the same bytes.
 * (protobuf.dev/programming-guides/encoding)
 */
export class ProtobufWriter {
  #bytes = new Uint8Array(64)
  #length = 0

  /** An integer of at most 53 bits, as int32, int64 or an enumeration. */
  int(field: number, value: number): this {
    this.#varint(field * 8 + VARINT)
    this.#varint(value)
    return this
  }

  /** A binary32 value. */
  float(field: number, value: number): this {
    this.#varint(field * 8 + FIXED32)
    this.#append(float32ToBytes([value]))
    return this
  }

  bytes(field: number, value: Uint8Array): this {
    this.#varint(field * 8 + LENGTH_DELIMITED)
    this.#varint(value.length)
    this.#append(value)
    return this
  }

  text(field: number, value: string): this {
    return this.bytes(field, TEXT.encode(value))
  }

  message(field: number, value: ProtobufWriter): this {
    return this.bytes(field, value.#bytes.subarray(0, value.#length))
  }

  packedInts(field: number, values: Iterable<number>): this {
    const packed = new ProtobufWriter()
    for (const value of values) packed.#varint(value)
    return this.message(field, packed)
  }

  toBytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  /** Base 128, the least significant group first; a negative value as its 64-bit two's complement. */
  #varint(value: number): void {
    this.#reserve(10)
    if (value < 0) {
      let rest = BigInt.asUintN(64, BigInt(value))
      for (; rest > 127n; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 127n) | 128
      this.#bytes[this.#length++] = Number(rest)
      return
    }
    let rest = value
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) + 128
    this.#bytes[this.#length++] = rest
  }

  #append(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}
