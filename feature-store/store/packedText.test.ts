import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packedSize, packText, unpackText } from './packedText.ts'

function pack(text: string, known: readonly Uint8Array[] = []): Buffer {
  const target = Buffer.alloc(packedSize(text) + 3)
  return target.subarray(0, packText(text, target, 0, known))
}

const hexadecimal = fc.uint8Array({ maxLength: 40 }).map(bytes => `0x${Buffer.from(bytes).toString('hex')}`)
const text = fc
  .array(
    fc.oneof(
      hexadecimal,
      fc.constantFrom('0x', '0', 'x', 'ab', '\x01', '\x02\x03', '"', '{"$int":"', '0xABCDEF0123', 'é∑🪙'),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    ),
    { maxLength: 12 },
  )
  .map(parts => parts.join(''))

test('any text comes back as it was, and never takes more room than was set aside', () => {
  fc.assert(
    fc.property(text, fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 3 }), (given, known) => {
      const packed = pack(given, known)
      expect(packed.length).toBeLessThanOrEqual(packedSize(given))
      expect(unpackText(packed, known)).toBe(given)
    }),
    { numRuns: 2_000 },
  )
})

test('hexadecimal takes half its room, and a known piece two bytes', () => {
  const hash = `0x${'ab'.repeat(32)}`
  expect(pack(`"${hash}"`)).toHaveLength(1 + 3 + 32 + 1)
  expect(pack(`"${hash}"`, [Buffer.from(hash.slice(2), 'hex')])).toHaveLength(1 + 2 + 1)
})

test('a run of any length comes back, upper-case and odd digits too', () => {
  for (const digits of [7, 8, 9, 131_069, 131_070, 131_071, 131_080]) {
    const run = `<0x${'9'.repeat(digits)}>`
    expect(unpackText(pack(run))).toBe(run)
  }
  expect(unpackText(pack('0xABCDEF0123456789abcdef01'))).toBe('0xABCDEF0123456789abcdef01')
})
