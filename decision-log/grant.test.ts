import fc from 'fast-check'
import { keccak256 } from 'viem'
import { beforeAll, expect, test } from 'vitest'
import { type Grant, type RecordedDecision, unixMs } from '../core/index.ts'
import { createRecorder } from './createRecorder.ts'
import { createSigner } from './createSigner.ts'
import type { LogDomain } from './decisionTypes.ts'
import { grantStands, signGrant, verifyGrant } from './grant.ts'
import { createGranteeKeys, decryptGranted, encryptToGrantee, type GranteeKeys } from './grantCipher.ts'
import { openGranted } from './openGranted.ts'
import { hashEnvelope } from './sealedEnvelope.ts'
import { createMemoryDecisionStore } from './test/memoryDecisionStore.ts'
import { hashOf, KEYS, sampleDecision } from './test/sampleDecisions.ts'
import { envelopeOf } from './verifyEnvelope.ts'

const domain: LogDomain = { chainId: 31_337, verifyingContract: `0x${'10'.repeat(20)}` }
const signer = createSigner(KEYS[0])
const [fromMs, untilMs] = [unixMs(1_000), unixMs(2_000)]

let own: GranteeKeys
let others: GranteeKeys
beforeAll(async () => {
  own = await createGranteeKeys()
  others = await createGranteeKeys()
})

test('a body reaches the key that it was encrypted to, whatever it says, and no other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 3_000 }), async body => {
      const granted = await encryptToGrantee(body, { publicKey: own.publicKey, leaf: hashOf('1') })
      expect(await decryptGranted(granted, { privateKey: own.privateKey, leaf: hashOf('1') })).toBe(body)
      expect(await decryptGranted(granted, { privateKey: others.privateKey, leaf: hashOf('1') })).toBeNull()
      expect(await decryptGranted(granted, { privateKey: own.privateKey, leaf: hashOf('2') })).toBeNull()
    }),
    { numRuns: 20 },
  )
})

test('the same body is never encrypted the same way twice, and its length tells only its blocks', async () => {
  const encrypt = (body: string) => encryptToGrantee(body, { publicKey: own.publicKey, leaf: hashOf('1') })
  const [one, two, longer] = await Promise.all([encrypt('a'), encrypt('a'), encrypt('a'.repeat(900))])
  expect(one.ciphertext).not.toBe(two.ciphertext)
  expect(one.ciphertext.length).toBe(longer.ciphertext.length)
})

test('a grant is signed by its agent, and none of its terms can be changed', async () => {
  const { publicKey } = own
  const grant = await signGrant({
    signer,
    domain,
    publicKey: publicKey.toUpperCase().replace('X', 'x'),
    fromMs,
    untilMs,
  })
  expect(grant).toMatchObject({ agent: signer.agent, publicKey, fromMs, untilMs, revokedAtMs: null })
  await verifyGrant({ grant, domain })
  const changes: Partial<Grant>[] = [
    { publicKey: others.publicKey },
    { fromMs: unixMs(0) },
    { untilMs: null },
    { agent: createSigner(KEYS[1]).agent },
  ]
  for (const change of changes)
    await expect(verifyGrant({ grant: { ...grant, ...change }, domain })).rejects.toThrow(
      'is not signed by it',
    )
  await expect(verifyGrant({ grant, domain: { ...domain, chainId: 1 } })).rejects.toThrow(
    'is not signed by it',
  )
})

test('a grant stands from its begin to its end, or to its revocation', async () => {
  const grant = await signGrant({ signer, domain, publicKey: own.publicKey, fromMs, untilMs })
  const stands = (changes: Partial<Grant> = {}) =>
    [999, 1_000, 1_499, 1_500, 1_999, 2_000].filter(now => grantStands({ ...grant, ...changes }, unixMs(now)))
  expect(stands()).toEqual([1_000, 1_499, 1_500, 1_999])
  expect(stands({ revokedAtMs: unixMs(1_500) })).toEqual([1_000, 1_499])
  expect(stands({ untilMs: null })).toEqual([1_000, 1_499, 1_500, 1_999, 2_000])
})

test.each(['', '0x12', `0x${'zz'.repeat(32)}`])('"%s" is no key to grant to', async publicKey => {
  await expect(signGrant({ signer, domain, publicKey, fromMs, untilMs })).rejects.toThrow(
    'The public key to grant to has the wrong form.',
  )
})

test('a grant that ends before it begins is refused', async () => {
  await expect(
    signGrant({ signer, domain, publicKey: own.publicKey, fromMs: untilMs, untilMs: fromMs }),
  ).rejects.toThrow('The grant ends before it begins.')
})

test('a grantee checks what it was given against the envelope, and is told what is wrong', async () => {
  const store = createMemoryDecisionStore()
  const embargo = { delayMs: 3_600_000, periodMs: 3_600_000 }
  const recorder = createRecorder({ store, signer, domain, embargo })
  await recorder.record([sampleDecision(signer.agent, 0), sampleDecision(signer.agent, 1)], hashOf('9'))
  const given = async (row: RecordedDecision, body = row.body) => ({
    envelope: envelopeOf(row) ?? never(),
    signature: row.sealed?.signature ?? never(),
    granted: await encryptToGrantee(body, { publicKey: own.publicKey, leaf: row.leaf }),
    privateKey: own.privateKey,
    domain,
  })
  const [row = never(), next = never()] = store.rows
  const whole = await given(row)
  expect((await openGranted(whole)).body).toBe(row.body)
  await expect(openGranted({ ...whole, privateKey: others.privateKey })).rejects.toThrow(
    'fails at the body for the grantee: expected a body, found none that the private key opens.',
  )
  await expect(openGranted(await given(row, next.body))).rejects.toThrow('fails at the hash of the body')
  const forged = { ...whole.envelope, ciphertextHash: keccak256('0x') }
  const signature = await createSigner(KEYS[1]).sign(hashEnvelope(forged, domain))
  await expect(openGranted({ ...whole, envelope: forged, signature })).rejects.toThrow(
    'fails at the signature of the envelope',
  )
})

function never(): never {
  throw new Error('absent')
}
