import fc from 'fast-check'
import { concatBytes, keccak256, toHex } from 'viem'
import { expect, test } from 'vitest'
import { keccakAfter, keccakBytes, keccakHex } from './keccak.ts'
import { loadFastKeccak } from './loadFastKeccak.ts'

test('hashes are keccak256, before and after the faster code is loaded', async () => {
  const check = () =>
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 1_000 }),
        fc.uint8Array({ maxLength: 1_000 }),
        (bytes, others) => {
          const hash = keccakBytes(bytes)
          expect(keccakHex(others)).toBe(keccak256(others))
          // Still good after another was computed.
          expect(toHex(hash)).toBe(keccak256(bytes))
        },
      ),
    )
  const before = new Uint8Array(1_000).fill(7)
  const hashes = Array.from({ length: 300 }, (_, length) => keccakAfter(before.subarray(0, length * 3)))
  const checkAfter = () =>
    fc.assert(
      fc.property(fc.nat({ max: 299 }), fc.uint8Array({ maxLength: 500 }), (length, bytes) => {
        const expected = keccak256(concatBytes([before.subarray(0, length * 3), bytes]))
        for (let round = 0; round < 2; round++) expect(toHex(hashes[length]!(bytes))).toBe(expected)
      }),
    )
  check()
  checkAfter()
  await loadFastKeccak()
  check()
  checkAfter()
})
