import fc from 'fast-check'
import { type Hex, hashTypedData, recoverAddress, size } from 'viem'
import { expect, test } from 'vitest'
import type { Hash } from '../core/index.ts'
import { createSigner, hashBatch, signerOf } from './index.ts'
import { signTogether } from './signTogether.ts'
import { hash } from './test/anyField.ts'
import { KEYS } from './test/sampleDecisions.ts'

const domain = { chainId: 1, verifyingContract: `0x${'12'.repeat(20)}` } as const
const [signer, stranger] = [createSigner(KEYS[0]), createSigner(KEYS[1])]
const { agent } = signer
const decisionsFrom = (firstSequence: number, leaves: readonly Hash[]) =>
  leaves.map((leaf, index) => ({ agent, sequence: firstSequence + index, leaf }))
const leaves = fc.array(hash, { minLength: 1, maxLength: 20 })
const first = fc.nat(2 ** 40)

test('each decision of a batch is signed by the agent, at its own sequence and for its own leaf alone', async () => {
  await fc.assert(
    fc.asyncProperty(leaves, first, fc.nat(), hash, async (list, firstSequence, pick, other) => {
      fc.pre(!list.includes(other))
      const decisions = decisionsFrom(firstSequence, list)
      const signatures = await signTogether(decisions, signer, domain)
      const index = pick % list.length
      const decision = { ...decisions[index]!, signature: signatures[index]! }
      expect(await signerOf(decision, domain)).toBe(agent)
      for (const changed of [
        { ...decision, leaf: other },
        ...(list.length === 1 ? [] : [{ ...decision, sequence: decision.sequence + 1 }]),
        ...(list.length === 1 ? [] : [{ ...decision, agent: stranger.agent }]),
      ])
        expect(await signerOf(changed, domain)).not.toBe(agent)
      expect(await signerOf(decision, { ...domain, chainId: 2 })).not.toBe(list.length === 1 ? null : agent)
    }),
    { numRuns: 60 },
  )
})

test('a changed byte of a signature, or a missing one, is not the agent’s', async () => {
  const decisions = decisionsFrom(7, [`0x${'1'.repeat(64)}`, `0x${'2'.repeat(64)}`, `0x${'3'.repeat(64)}`])
  const [, signature] = await signTogether(decisions, signer, domain)
  await fc.assert(
    fc.asyncProperty(fc.nat(size(signature!) - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const bytes = Buffer.from(signature!.slice(2), 'hex')
      bytes[at]! ^= change
      // The recovery number has two spellings.
      fc.pre(!(at === 64 && (bytes[at] === 0 || bytes[at] === 1)))
      const changed: Hex = `0x${bytes.toString('hex')}`
      expect(await signerOf({ ...decisions[1]!, signature: changed }, domain)).not.toBe(agent)
      const cut: Hex = `0x${bytes.subarray(0, at).toString('hex')}`
      expect(await signerOf({ ...decisions[1]!, signature: cut }, domain)).not.toBe(agent)
    }),
    { numRuns: 100 },
  )
})

test('a signature or a leaf that is not even hexadecimal, or too short, is nobody’s', async () => {
  const decisions = decisionsFrom(7, [`0x${'1'.repeat(64)}`, `0x${'2'.repeat(64)}`])
  const [signature = '0x'] = await signTogether(decisions, signer, domain)
  const spoilt = (text: string, at: number): Hex => `0x${text.slice(2, at)}x${text.slice(at + 1)}`
  // In the signature, in the numbers and in a sibling.
  for (const at of [9, 2 + 2 * 68, signature.length - 3])
    expect(await signerOf({ ...decisions[0]!, signature: spoilt(signature, at) }, domain)).toBeNull()
  for (const leaf of [spoilt(decisions[0]!.leaf, 9), '0x12'] as const)
    expect(await signerOf({ ...decisions[0]!, leaf, signature }, domain)).toBeNull()
})

test('one alone is signed as its leaf; a batch as EIP-712 typed data that a wallet signs alike', async () => {
  const [alone] = await signTogether(decisionsFrom(3, [`0x${'4'.repeat(64)}`]), signer, domain)
  expect(size(alone!)).toBe(65)
  expect(await recoverAddress({ hash: `0x${'4'.repeat(64)}`, signature: alone! })).toBe(
    signer.account.address,
  )

  const batch = { agent, firstSequence: 3, count: 2, root: `0x${'5'.repeat(64)}` } as const
  expect(hashBatch(batch, domain)).toBe(
    hashTypedData({
      domain: { name: 'Touchstone', version: '1', ...domain },
      types: {
        Batch: [
          { name: 'agent', type: 'address' },
          { name: 'firstSequence', type: 'uint64' },
          { name: 'count', type: 'uint64' },
          { name: 'root', type: 'bytes32' },
        ],
      },
      primaryType: 'Batch',
      message: { agent, firstSequence: 3n, count: 2n, root: batch.root },
    }),
  )
})
