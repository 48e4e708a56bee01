import fc from 'fast-check'
import { concat, keccak256 } from 'viem'
import { expect, test } from 'vitest'
import { type Hash, InvalidInputError } from '../core/index.ts'
import { batchRoot, EMPTY_HEAD, nextHead, proveLeaf, verifyProof } from './index.ts'

const hash: fc.Arbitrary<Hash> = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes): Hash => `0x${Buffer.from(bytes).toString('hex')}`)
const leaves = fc.array(hash, { minLength: 1, maxLength: 40 })
const node = (a: Hash, b: Hash): Hash => keccak256(a < b ? concat([a, b]) : concat([b, a]))

/** Independent of the library: a heap whose last nodes are the leaves, the first leaf last. */
function rootOfHeap(list: readonly Hash[]): Hash {
  const tree: Hash[] = Array.from({ length: 2 * list.length - 1 })
  for (const [index, leaf] of list.entries()) tree[tree.length - 1 - index] = leaf
  for (let index = tree.length - 1 - list.length; index >= 0; index--)
    tree[index] = node(tree[2 * index + 1]!, tree[2 * index + 2]!)
  return tree[0]!
}

test('the root is that of a complete binary tree, by an independent computation', () => {
  fc.assert(
    fc.property(leaves, list => {
      expect(batchRoot(list)).toBe(rootOfHeap(list))
    }),
  )
})

test('every leaf proves, and nothing else does', () => {
  fc.assert(
    fc.property(leaves, fc.nat(), hash, (list, at, stranger) => {
      const index = at % list.length
      const root = batchRoot(list)
      const proof = proveLeaf(list, index)
      expect(verifyProof(root, list[index]!, proof)).toBe(true)
      fc.pre(!list.includes(stranger))
      expect(verifyProof(root, stranger, proof)).toBe(false)
      expect(verifyProof(stranger, list[index]!, proof)).toBe(false)
    }),
  )
})

test('a single leaf is its own root; no leaf has none', () => {
  const leaf: Hash = `0x${'7'.repeat(64)}`
  expect(batchRoot([leaf])).toBe(leaf)
  expect(proveLeaf([leaf], 0)).toEqual([])
  expect(() => batchRoot([])).toThrow(InvalidInputError)
  expect(() => proveLeaf([leaf], 1)).toThrow(InvalidInputError)
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
