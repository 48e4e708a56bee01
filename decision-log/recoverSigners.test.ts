import { afterAll, expect, test } from 'vitest'
import type { Hash } from '../core/index.ts'
import { createSigner, signerOf } from './index.ts'
import { createSignerFinder } from './recoverSigners.ts'
import { signTogether } from './signTogether.ts'
import { KEYS } from './test/sampleDecisions.ts'

const domain = { chainId: 1, verifyingContract: `0x${'12'.repeat(20)}` } as const
const signers = [createSigner(KEYS[0]), createSigner(KEYS[1])]
const finder = createSignerFinder(domain, 2)
afterAll(() => finder.close())

const leafOf = (sequence: number): Hash => `0x${(sequence + 1).toString(16).padStart(64, '0')}`

test.each([1, 30, 520])('%s signatures, alone and in batches: on threads as one by one', async count => {
  const decisions = (
    await Promise.all(
      Array.from({ length: count }, async (_, group) => {
        const signer = signers[group % 2]!
        const members = Array.from({ length: 1 + (group % 3) }, (_each, index) => ({
          agent: signer.agent,
          sequence: 10 * group + index,
          leaf: leafOf(10 * group + index),
        }))
        const signatures = await signTogether(members, signer, domain)
        return members.map((member, index) => ({ ...member, signature: signatures[index]! }))
      }),
    )
  ).flat()
  // A signature that is none, and one of another leaf.
  const spoilt = [
    { ...decisions[0]!, signature: '0x12' as const },
    { ...decisions[0]!, leaf: leafOf(7_777) },
  ]
  const all = [...spoilt, ...decisions]
  const found = await finder.signersOf(all)
  expect(found).toEqual(await Promise.all(all.map(decision => signerOf(decision, domain))))
  expect(found.slice(2)).toEqual(decisions.map(({ agent }) => agent))
  expect(found[0]).toBeNull()
})

test('two that ask at once have each its own answers', async () => {
  const ask = async (count: number, signer: (typeof signers)[number], from: number) => {
    const decisions = await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const member = { agent: signer.agent, sequence: index, leaf: leafOf(from + index) }
        const [signature = '0x'] = await signTogether([member], signer, domain)
        return { ...member, signature }
      }),
    )
    return () => finder.signersOf(decisions)
  }
  const asks = [await ask(500, signers[0]!, 0), await ask(501, signers[1]!, 1_000)]
  const [mine, other] = await Promise.all(asks.map(each => each()))
  expect(mine).toEqual(Array.from({ length: 500 }, () => signers[0]!.agent))
  expect(other).toEqual(Array.from({ length: 501 }, () => signers[1]!.agent))
})
