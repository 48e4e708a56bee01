import fc from 'fast-check'
import { concat, keccak256 } from 'viem'
import { expect, test } from 'vitest'
import { type Hash, InvalidInputError } from '../core/index.ts'
import { batchRoot, batchTree, EMPTY_HEAD, nextHead, rootOver, verifyProof } from './index.ts'

const hash: fc.Arbitrary<Hash> = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes): Hash => `0x${Buffer.from(bytes).toString('hex')}`)
const leaves = fc.array(hash, { minLength: 1, maxLength: 40 })
/** RFC 9162, section 2.1.1, by its recursion. */
function rootByRecursion(list: readonly Hash[]): Hash {
  if (list.length === 1) return list[0]!
  let left = 1
  while (left * 2 < list.length) left *= 2
  return keccak256(concat([rootByRecursion(list.slice(0, left)), rootByRecursion(list.slice(left))]))
}

test('the root is that of RFC 9162, by its recursion', () => {
  fc.assert(
    fc.property(leaves, list => {
      expect(batchRoot(list)).toBe(rootByRecursion(list))
    }),
  )
})

test('every leaf proves at its place, and nothing else does', () => {
  fc.assert(
    fc.property(leaves, fc.nat(), fc.nat(), hash, (list, at, elsewhere, stranger) => {
      const [index, other] = [at % list.length, elsewhere % (list.length + 1)]
      const { root, proofOf } = batchTree(list)
      const place = { count: list.length, index, proof: proofOf(index) }
      expect(verifyProof(root, list[index]!, place)).toBe(true)
      expect(verifyProof(root, list[index]!, { ...place, proof: [...place.proof, stranger] })).toBe(false)
      expect(verifyProof(root, list[index]!, { ...place, index: other })).toBe(other === index)
      fc.pre(!list.includes(stranger))
      expect(verifyProof(root, stranger, place)).toBe(false)
      expect(verifyProof(stranger, list[index]!, place)).toBe(false)
    }),
  )
})

test('a single leaf is its own root; no leaf has none', () => {
  const leaf: Hash = `0x${'7'.repeat(64)}`
  expect(batchRoot([leaf])).toBe(leaf)
  expect(batchTree([leaf]).proofOf(0)).toEqual([])
  expect(() => batchRoot([])).toThrow(InvalidInputError)
  expect(() => batchTree([leaf]).proofOf(1)).toThrow(InvalidInputError)
  expect(rootOver(leaf, { count: 0, index: 0, proof: [] })).toBeNull()
})

test('golden head', () => {
  const root: Hash = `0x${'7'.repeat(64)}`
  const first = nextHead(EMPTY_HEAD, root, 0, 3)
  expect([first, nextHead(first, root, 3, 1)]).toMatchInlineSnapshot(`
    [
      "0x7e1da3a00da02604199644cc5011953d5e7190e8ed007a92",
      "0x51ed634d58eb4928b630f38e5b0387a265bc2a11a61d814e",
    ]
  `)
})
