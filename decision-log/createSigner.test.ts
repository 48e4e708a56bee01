import { inspect } from 'node:util'
import { recoverAddress } from 'viem'
import { expect, test } from 'vitest'
import { InvalidInputError } from '../core/index.ts'
import { createSigner } from './index.ts'
import { hashOf, KEYS } from './test/sampleDecisions.ts'

const domain = { chainId: 1, verifyingContract: `0x${'12'.repeat(20)}` } as const

test('the agent is the lower-case address of the key, and signs as it', async () => {
  const signer = createSigner(KEYS[0])
  expect(signer.agent).toBe('0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266')
  const signature = await signer.sign(hashOf('1'))
  expect(signature).toHaveLength(132)
  expect(await signer.sign(hashOf('1'))).toBe(signature)
  expect((await recoverAddress({ hash: hashOf('1'), signature })).toLowerCase()).toBe(signer.agent)
})

test('salts are deterministic, and differ by key, sequence, chain and contract', () => {
  const signer = createSigner(KEYS[0])
  expect(signer.saltFor(7, domain)).toMatchInlineSnapshot(
    `"0x5b398390c09d7465fb05d25eec5e8cea71a5a04e327a7f68e9ec283415e7d693"`,
  )
  expect(createSigner(KEYS[0]).saltFor(7, domain)).toBe(signer.saltFor(7, domain))
  const salts = [
    signer.saltFor(7, domain),
    signer.saltFor(8, domain),
    signer.saltFor(7, { ...domain, chainId: 2 }),
    signer.saltFor(7, { ...domain, verifyingContract: `0x${'13'.repeat(20)}` }),
    createSigner(KEYS[1]).saltFor(7, domain),
  ]
  expect(new Set(salts).size).toBe(5)
})

test.each([
  ['without 0x', KEYS[0].slice(2)],
  ['too short', KEYS[0].slice(0, -1)],
  ['too long', `${KEYS[0]}00`],
  ['not hexadecimal', `${KEYS[0].slice(0, -1)}g`],
  ['with white space', `${KEYS[0]}\n`],
  ['zero', `0x${'0'.repeat(64)}`],
  ['beyond the order of the curve', `0x${'f'.repeat(62)}ab`],
])('a key %s is refused without being shown', (_, key) => {
  let caught: unknown
  try {
    createSigner(key)
  } catch (error) {
    caught = error
  }
  expect(caught).toBeInstanceOf(InvalidInputError)
  const shown = inspect(caught, { depth: 10, showHidden: true })
  const secret = key.trim().replace(/^0x/, '').slice(0, 20)
  expect(shown).toContain('The private key has the wrong form.')
  expect(shown).not.toContain(secret)
  expect(JSON.stringify(caught)).not.toContain(secret)
})

test('a signer does not show its key', () => {
  const signer = createSigner(KEYS[0])
  const secret = KEYS[0].slice(2, 22)
  expect(inspect(signer, { depth: 10, showHidden: true })).not.toContain(secret)
  expect(JSON.stringify(signer)).not.toContain(secret)
})
