import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Hash, type RecordedDecision, type UnixMs, unixMs } from '../../core/index.ts'
import {
  createAnchorWorker,
  createRecorder,
  createSigner,
  encodeBody,
  proveDecision,
  publishSealed,
} from '../index.ts'
import { hashOf, KEYS, sampleDecision } from '../test/sampleDecisions.ts'
import { openTestbed, type TestAgent, type Testbed } from '../test/testbed.ts'
import {
  createVerifier,
  type DecisionProof,
  envelopeIn,
  hashRecord,
  openSealed,
  type PublishedSealed,
  parseBody,
  type Verification,
  type Verifier,
} from './index.ts'

const HOUR = 3_600_000
const lie: Hash = `0x${'13'.repeat(32)}`

let bed: Testbed
let agent: TestAgent
let verifier: Verifier
let rows: readonly RecordedDecision[]
let proof: DecisionProof

beforeAll(async () => {
  bed = await openTestbed()
  agent = await bed.newAgent()
  const { store, signer } = agent
  const recorder = createRecorder({
    ...{ store, signer, domain: bed.domain },
    embargo: { delayMs: HOUR, periodMs: HOUR },
  })
  await recorder.record(
    Array.from({ length: 3 }, (_, sequence) => sampleDecision(signer.agent, sequence)),
    hashOf('9'),
  )
  rows = store.rows
  const worker = createAnchorWorker(agent.options)
  await worker.flush()
  await worker.stop()
  proof = await proveDecision({ store, domain: bed.domain, agent: signer.agent, sequence: 1 })
  verifier = createVerifier({ rpcUrl: bed.url, domain: bed.domain })
})
afterAll(() => bed?.stop())

/** A decision as the feed sends it sealed. */
function sealedMessage(sequence: number): PublishedSealed {
  const row = rows[sequence]
  if (row?.sealed === undefined) throw new Error('not sealed')
  return publishSealed(row, row.sealed)
}

const resultsOf = ({ steps }: Verification) => steps.map(({ step, result }) => `${step} ${result}`)
const faultsOf = ({ steps }: Verification) =>
  steps.flatMap(each => (each.result === 'different' ? [`${each.step}: ${each.what}`] : []))

describe('a sealed decision', () => {
  test('is recorded before its proof is there, and true with it, although nobody can read it', async () => {
    const recorded = await verifier.verifySealed(sealedMessage(1))
    expect(recorded).toMatchObject({ verdict: 'recorded', record: null, commit: null })
    expect(resultsOf(recorded)).toEqual([
      'envelope equal',
      'signature equal',
      'log skipped',
      'proof skipped',
      'commit skipped',
    ])
    const anchored = await verifier.verifySealed(sealedMessage(1), proof)
    expect(anchored).toMatchObject({ verdict: 'true', record: null, commit: { count: 3 } })
    expect(anchored.anchoredAt).not.toBeNull()
    expect(resultsOf(anchored).every(result => result.endsWith('equal'))).toBe(true)
  })

  test.each([
    ['agent', { agent: createSigner(KEYS[1]).agent }, 'envelope: the signer of the envelope'],
    ['sequence', { sequence: 2 }, 'envelope: the signer of the envelope'],
    ['leaf', { leaf: lie }, 'envelope: the signer of the envelope'],
    ['leaf', { leaf: lie }, 'proof: the leaf of the proof'],
    ['reveal time', { revealAtMs: unixMs(1) }, 'envelope: the signer of the envelope'],
    ['key', { keyHash: lie }, 'envelope: the signer of the envelope'],
    ['ciphertext', { ciphertext: '0x00' }, 'envelope: the signer of the envelope'],
    ['signature', { signature: `0x${'00'.repeat(65)}` }, 'signature: the signer'],
    ['reveal time that is no number', { revealAtMs: 0.5 as UnixMs }, 'envelope: the envelope'],
    ['key that is none', { keyHash: '0x12' }, 'envelope: the envelope'],
  ] satisfies [string, Partial<PublishedSealed>, string][])(
    'with another %s is false, and says where',
    async (_, change, fault) => {
      const verified = await verifier.verifySealed({ ...sealedMessage(1), ...change }, proof)
      expect(verified).toMatchObject({ verdict: 'false', commit: null, anchoredAt: null })
      expect(faultsOf(verified)).toContain(fault)
    },
  )

  test('opens with its key alone, by what a browser has', async () => {
    const { ciphertext, envelopeSignature: signature, revealAtMs } = sealedMessage(1)
    const key = agent.signer.revealKeyFor(revealAtMs, bed.domain)
    const envelope = envelopeIn(sealedMessage(1))
    const { body } = await openSealed({ envelope, signature, ciphertext, key, domain: bed.domain })
    expect(body).toBe(rows[1]?.body)
  })
})

describe('a revealed decision', () => {
  const revealed = (sequence: number): RecordedDecision => {
    const row = rows[sequence]
    if (row === undefined) throw new Error('no such decision')
    return row
  }

  test('is true where its body is the one of the envelope that was sent before', async () => {
    const verified = await verifier.verifyRevealed(revealed(1), sealedMessage(1), proof)
    expect(verified).toMatchObject({ verdict: 'true', record: { sequence: 1 }, commit: { count: 3 } })
    expect(resultsOf(verified)).toEqual([
      'envelope equal',
      'body equal',
      'leaf equal',
      'signature equal',
      'log equal',
      'proof equal',
      'commit equal',
    ])
    expect((await verifier.verifyRevealed(revealed(1), sealedMessage(1))).verdict).toBe('recorded')
  })

  test('that is another one, which the agent signed too, is false at the envelope', async () => {
    const record = { ...parseBody(revealed(1).body), salt: lie }
    const leaf = hashRecord(record, bed.domain)
    const other = {
      ...revealed(1),
      ...{ leaf, body: encodeBody(record), signature: await agent.signer.sign(leaf) },
    }
    // By itself it looks recorded: only the envelope, and the chain, say that it is not what was sealed.
    expect((await verifier.verify(other)).verdict).toBe('recorded')
    expect(faultsOf(await verifier.verifyRevealed(other, sealedMessage(1)))).toEqual([
      'envelope: the leaf of the envelope',
    ])
  })

  test('of another sequence, or revealed by a body of another time, is false at the envelope', async () => {
    expect(faultsOf(await verifier.verifyRevealed(revealed(2), sealedMessage(1)))).toEqual([
      'envelope: the sequence of the envelope',
    ])
    const promised = { ...sealedMessage(1), revealAtMs: unixMs(HOUR) }
    expect(faultsOf(await verifier.verifyRevealed(revealed(1), promised))).toEqual([
      'envelope: the reveal time of the body',
    ])
  })

  test('whose body was changed is false at the leaf', async () => {
    const body = encodeBody({ ...parseBody(revealed(1).body), salt: lie })
    expect(
      faultsOf(await verifier.verifyRevealed({ ...revealed(1), body }, sealedMessage(1), proof)),
    ).toEqual(['leaf: the hash of the body'])
  })
})
