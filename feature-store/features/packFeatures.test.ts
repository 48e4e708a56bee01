import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packFeatures, unpackFeatures } from './packFeatures.ts'

test('writes big-endian binary32', () =>
  expect(packFeatures(Float32Array.of(1, -2, Number.NaN))).toBe('0x3f800000c00000007fc00000'))

test('writes one NaN whatever its payload', () => {
  const odd = new Float32Array(new Uint32Array([0xffc12345, 0x7f800001]).buffer)
  expect(packFeatures(odd)).toBe('0x7fc000007fc00000')
})

test('reads back what it wrote', () =>
  fc.assert(
    fc.property(fc.array(fc.float({ noDefaultInfinity: true })), values => {
      const vector = Float32Array.from(values)
      expect(unpackFeatures(packFeatures(vector))).toEqual(vector)
    }),
  ))

test.each(['0x1234', '0x3F800000', '3f800000', '0xzzzzzzzz'])('refuses %s', text =>
  expect(() => unpackFeatures(text as never)).toThrow('A packed feature vector is malformed.'),
)
