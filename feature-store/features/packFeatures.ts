import { type Hex, InvalidInputError } from '../../core/index.ts'

/** The one bit pattern that stands for a missing value. */
const QUIET_NAN = 0x7fc00000

const PACKED = /^0x(?:[0-9a-f]{8})*$/

/** Writes a feature vector as big-endian binary32, with 0x7fc00000 for every missing value. */
export function packFeatures(vector: Float32Array): Hex {
  const bytes = Buffer.alloc(vector.length * 4)
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i] ?? Number.NaN
    // A NaN in a typed array may carry any payload; the record has one.
    if (Number.isNaN(value)) bytes.writeUInt32BE(QUIET_NAN, i * 4)
    else bytes.writeFloatBE(value, i * 4)
  }
  return `0x${bytes.toString('hex')}`
}

/**
 * Reads what `packFeatures` wrote.
 *
 * @throws InvalidInputError when the text is no whole number of 32-bit words in lower-case hexadecimal.
 */
export function unpackFeatures(packed: Hex): Float32Array {
  if (!PACKED.test(packed))
    throw new InvalidInputError('A packed feature vector is malformed.', {
      facts: { length: packed.length },
      hint: 'It must be 0x and eight lower-case hexadecimal digits for each feature.',
    })
  const bytes = Buffer.from(packed.slice(2), 'hex')
  const vector = new Float32Array(bytes.length / 4)
  for (let i = 0; i < vector.length; i++) vector[i] = bytes.readFloatBE(i * 4)
  return vector
}
