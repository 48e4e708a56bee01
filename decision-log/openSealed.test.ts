import { keccak256 } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Hash, IntegrityError, type RecordedDecision, unixMs } from '../core/index.ts'
import { createRecorder } from './createRecorder.ts'
import { createSigner } from './createSigner.ts'
import type { LogDomain } from './decisionTypes.ts'
import { hashRecord } from './hashRecord.ts'
import { openSealed } from './openSealed.ts'
import { encodeBody, parseBody } from './recordBody.ts'
import { keyHashOf, sealedSaltOf } from './revealKeys.ts'
import { sealBody } from './sealBody.ts'
import { hashEnvelope, type SealedEnvelope } from './sealedEnvelope.ts'
import { createMemoryDecisionStore } from './test/memoryDecisionStore.ts'
import { hashOf, KEYS, sampleDecision } from './test/sampleDecisions.ts'
import { envelopeOf, verifyEnvelope } from './verifyEnvelope.ts'

const domain: LogDomain = { chainId: 31_337, verifyingContract: `0x${'10'.repeat(20)}` }
const signer = createSigner(KEYS[0])
const stranger = createSigner(KEYS[1])
const HOUR = 3_600_000

async function recordSealed(count: number): Promise<RecordedDecision[]> {
  const store = createMemoryDecisionStore()
  const recorder = createRecorder({ store, signer, domain, embargo: { delayMs: HOUR, periodMs: 6 * HOUR } })
  const decisions = Array.from({ length: count }, (_, sequence) => sampleDecision(signer.agent, sequence))
  await recorder.record(decisions, hashOf('9'))
  return store.rows
}

/** A sealed decision as a subscriber holds it, and its key. */
type Held = Parameters<typeof openSealed>[0]

function held({ agent, sequence, leaf, sealed }: RecordedDecision): Held {
  const envelope = envelopeOf({ agent, sequence, leaf, ...(sealed && { sealed }) })
  if (envelope === null || sealed === undefined) throw new Error('not sealed')
  const { ciphertext, signature } = sealed
  return { envelope, signature, ciphertext, key: signer.revealKeyFor(sealed.revealAtMs, domain), domain }
}

describe('a sealed decision', () => {
  let rows: readonly RecordedDecision[]
  let sealed: Held
  beforeAll(async () => {
    rows = await recordSealed(8)
    sealed = held(rows[0] ?? never())
  })

  test('is the record that was anchored, of every kind, once its key is known', async () => {
    for (const row of rows) {
      const { body, record } = await openSealed(held(row))
      expect(body).toBe(row.body)
      expect(record).toEqual(parseBody(row.body))
      expect(hashRecord(record, domain)).toBe(row.leaf)
      expect(record.revealAtMs % (6 * HOUR)).toBe(0)
      expect(record.revealAtMs).toBe(row.sealed?.revealAtMs)
    }
  })

  test('shares its key with those of its reveal time, and with no others; a restart derives the same', () => {
    const keys = new Map(rows.map(row => [row.sealed?.revealAtMs, row.sealed?.keyHash]))
    expect(new Set(rows.map(row => row.sealed?.keyHash)).size).toBe(keys.size)
    expect(keys.size).toBeGreaterThan(1)
    for (const [revealAtMs, keyHash] of keys)
      expect(keyHashOf(createSigner(KEYS[0]).revealKeyFor(revealAtMs ?? never(), domain))).toBe(keyHash)
  })

  test('tells neither its body nor its key', () => {
    for (const { body, sealed: shown } of rows) {
      const open = JSON.stringify(shown)
      expect(open).not.toContain(Buffer.from(body.slice(10, 40)).toString('hex'))
      expect(open).not.toContain(signer.revealKeyFor(shown?.revealAtMs ?? never(), domain).slice(2))
      expect(shown?.ciphertext.length).toBe(rows[0]?.sealed?.ciphertext.length)
    }
  })

  test.each([
    ['agent', { agent: stranger.agent }],
    ['sequence', { sequence: 5 }],
    ['leaf', { leaf: hashOf('1') }],
    ['revealAtMs', { revealAtMs: unixMs(1) }],
    ['keyHash', { keyHash: hashOf('1') }],
    ['ciphertextHash', { ciphertextHash: hashOf('1') }],
  ] satisfies [string, Partial<SealedEnvelope>][])(
    'in an envelope of another %s was not signed',
    async (_field, change) => {
      await expect(openSealed({ ...sealed, envelope: { ...sealed.envelope, ...change } })).rejects.toThrow(
        /fails at the signature of the envelope/,
      )
    },
  )

  test('in an envelope that somebody else signed is refused, and one of another log', async () => {
    const signature = await stranger.sign(hashEnvelope(sealed.envelope, domain))
    await expect(openSealed({ ...sealed, signature })).rejects.toThrow(
      `The sealed decision 0 of agent ${signer.agent} fails at the signature of the envelope: expected ${signer.agent}, found ${stranger.agent}.`,
    )
    await expect(openSealed({ ...sealed, signature: '0x1234' })).rejects.toThrow('found not a signature')
    await expect(openSealed({ ...sealed, domain: { ...domain, chainId: 1 } })).rejects.toThrow(
      /signature of the envelope/,
    )
  })

  test('is checked against the key that the agent had by then, where it changed', async () => {
    const { envelope } = sealed
    const signature = await stranger.sign(hashEnvelope(envelope, domain))
    await verifyEnvelope({ envelope, signature, domain, key: stranger.agent })
    await expect(verifyEnvelope({ envelope, signature, domain })).rejects.toThrow(IntegrityError)
    expect((await openSealed({ ...sealed, signature, signer: stranger.agent })).body).toBe(rows[0]?.body)
  })

  test('with a changed ciphertext is told apart from one with a wrong key', async () => {
    const ciphertext =
      `${sealed.ciphertext.slice(0, -2)}${sealed.ciphertext.endsWith('00') ? '01' : '00'}` as const
    await expect(openSealed({ ...sealed, ciphertext: ciphertext as Hash })).rejects.toThrow(
      /fails at the hash of the ciphertext/,
    )
    await expect(openSealed({ ...sealed, key: hashOf('1') })).rejects.toThrow(/fails at the hash of the key/)
  })

  describe('by an agent that lies', () => {
    const revealAtMs = unixMs(2_000_000_000_000)
    const key = signer.revealKeyFor(revealAtMs, domain)

    /** What an agent that signs whatever it likes can publish. */
    async function lie(changes: {
      readonly ciphertext?: Hash
      readonly body?: string
      readonly leaf?: Hash
      readonly key?: Hash
      readonly sequence?: number
      readonly salt?: Hash
      readonly recordRevealAtMs?: number
    }): Promise<Held> {
      const record = {
        ...sampleDecision(signer.agent, 3),
        dataRoot: hashOf('e'),
        revealAtMs: unixMs(changes.recordRevealAtMs ?? revealAtMs),
        salt: changes.salt ?? sealedSaltOf(key, 3),
      }
      const leaf = changes.leaf ?? hashRecord(record, domain)
      const used = changes.key ?? key
      const ciphertext =
        changes.ciphertext ?? sealBody(changes.body ?? encodeBody(record), { key: used, leaf })
      const envelope: SealedEnvelope = {
        agent: signer.agent,
        sequence: changes.sequence ?? 3,
        leaf,
        revealAtMs,
        keyHash: keyHashOf(used),
        ciphertextHash: keccak256(ciphertext),
      }
      const signature = await signer.sign(hashEnvelope(envelope, domain))
      return { envelope, signature, ciphertext, key: used, domain }
    }

    test('opens when it tells the truth', async () => {
      expect((await openSealed(await lie({}))).record.sequence).toBe(3)
    })

    test.each([
      ['seals nothing', { ciphertext: hashOf('7') }, 'the sealed body'],
      ['seals another record', { leaf: hashOf('7') }, 'the hash of the body'],
      ['names another sequence', { sequence: 4 }, 'the sequence of the record'],
      ['signs one reveal time and anchors another', { recordRevealAtMs: 1 }, 'the reveal time of the record'],
      [
        'seals again, under a key that it has published since',
        { key: hashOf('7') },
        'the salt of the record',
      ],
    ] as const)('%s: it shows', async (_case, changes, step) => {
      await expect(openSealed(await lie(changes))).rejects.toThrow(`fails at ${step}:`)
    })

    test('seals what is no record: it shows', async () => {
      await expect(openSealed(await lie({ body: '{}' }))).rejects.toThrow(IntegrityError)
    })
  })
})

function never(): never {
  throw new Error('absent')
}
