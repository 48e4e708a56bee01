import { type Address, type Hash, InvalidInputError } from '../core/index.ts'
import { keccakBytes, keccakHex } from './keccak.ts'

/** Writes the fields of one EIP-712 struct, in order, as words of 32 bytes, and hashes them. */
export type StructWriter = {
  begin(typeHash: Hash): void
  hash(value: Hash): void
  address(value: Address): void
  /** A whole number from 0 that a double holds. */
  number(value: number): void
  /** keccak256(0x1901 ‖ domain separator ‖ hash of the struct): the typed data's hash. */
  end(separator: Hash): Hash
}

const WORD = 32

/**
 * Creates the writer of structs of so many fields, whose bytes are reused for each: values of dynamic length are
 * written as their hashes.
 *
 * @see https://eips.ethereum.org/EIPS/eip-712
 */
export function createStructWriter(fields: number): StructWriter {
  const bytes = new Uint8Array((1 + fields) * WORD)
  const view = new DataView(bytes.buffer)
  const message = new Uint8Array(2 + 2 * WORD)
  message.set([0x19, 0x01])
  let at = 0

  const hash = (value: Hash) => {
    writeHex(bytes, at, value, WORD)
    at += WORD
  }
  return {
    hash,
    begin(typeHash) {
      at = 0
      hash(typeHash)
    },
    address(value) {
      writeHex(bytes, at + 12, value, 20)
      at += WORD
    },
    number(value) {
      view.setUint32(at + WORD - 8, Math.floor(value / 2 ** 32))
      view.setUint32(at + WORD - 4, value % 2 ** 32)
      at += WORD
    },
    end(separator) {
      writeHex(message, 2, separator, WORD)
      message.set(keccakBytes(bytes), 2 + WORD)
      return keccakHex(message)
    },
  }
}

/** The value of each hexadecimal digit by its character; 255 for others. */
const DIGITS = new Uint8Array(128).fill(255)
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  DIGITS[digit.charCodeAt(0)] = value
  DIGITS[digit.toUpperCase().charCodeAt(0)] = value
}

function writeHex(bytes: Uint8Array, at: number, text: string, size: number): void {
  let faults = text.length === 2 + 2 * size ? 0 : 255
  for (let place = 0; place < size; place++) {
    const high = DIGITS[text.charCodeAt(2 + 2 * place)] ?? 255
    const low = DIGITS[text.charCodeAt(3 + 2 * place)] ?? 255
    faults |= (high | low) & 240
    bytes[at + place] = (high << 4) | low
  }
  if (faults !== 0)
    throw new InvalidInputError(`${text} is no value of ${size} bytes.`, {
      facts: { text, bytes: size },
      hint: `Pass 0x and ${2 * size} hexadecimal digits.`,
    })
}
