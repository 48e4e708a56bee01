import { InvalidInputError } from '../core/index.ts'

/** The value of each hexadecimal digit by its character; 255 for others. */
const DIGITS = new Uint8Array(128).fill(255)
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  DIGITS[digit.charCodeAt(0)] = value
  DIGITS[digit.toUpperCase().charCodeAt(0)] = value
}

/**
 * Writes what `0x` and hexadecimal digits say into bytes, from a place on.
 *
 * @param size Bytes that the text must have.
 * @throws InvalidInputError when it has others, or something else than digits.
 */
export function writeHex(bytes: Uint8Array, at: number, text: string, size: number): void {
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
