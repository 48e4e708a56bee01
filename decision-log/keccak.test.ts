import fc from 'fast-check'
import { keccak256, toHex } from 'viem'
import { expect, test } from 'vitest'
import { keccakBytes, keccakHex } from './keccak.ts'
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
  check()
  await loadFastKeccak()
  check()
})
