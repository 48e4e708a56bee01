import { createWalletClient, http } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decisionLogAbi } from '../../contracts/abi/index.ts'
import { type Hash, InvalidInputError, UnavailableError, unixMs } from '../../core/index.ts'
import {
  createAnchorWorker,
  createSigner,
  encodeBody,
  hashRecord,
  parseBody,
  proveDecision,
  signEpoch,
} from '../index.ts'
import { KEYS } from '../test/sampleDecisions.ts'
import { openTestbed, type TestAgent, type Testbed } from '../test/testbed.ts'
import { createVerifier, type PublishedDecision, type Verification, type Verifier } from './index.ts'

const lie: Hash = `0x${'13'.repeat(32)}`

let bed: Testbed
let agent: TestAgent
let verifier: Verifier

beforeAll(async () => {
  bed = await openTestbed()
  agent = await bed.newAgent()
  verifier = createVerifier({ rpcUrl: bed.url, domain: bed.domain })
  await agent.record(1)
  await agent.record(7)
  const worker = createAnchorWorker(agent.options)
  await worker.flush()
  await worker.stop()
})
afterAll(() => bed?.stop())

async function published(sequence: number) {
  const row = await agent.store.find(agent.signer.agent, sequence)
  const proof = await proveDecision({
    store: agent.store,
    domain: bed.domain,
    agent: agent.signer.agent,
    sequence,
  })
  return { decision: row as PublishedDecision, proof }
}

const failed = ({ steps }: Verification) => steps.filter(({ result }) => result === 'different')
const resultsOf = ({ steps }: Verification) => steps.map(({ step, result }) => `${step} ${result}`)

describe('a published decision', () => {
  test.each([0, 1, 7])('%s is true, with the time at which the world could know it', async sequence => {
    const { decision, proof } = await published(sequence)
    const verified = await verifier.verify(decision, proof)
    expect(verified).toMatchObject({ verdict: 'true', commit: { blockNumber: proof.blockNumber } })
    expect(resultsOf(verified)).toEqual([
      'body equal',
      'leaf equal',
      'signature equal',
      'log equal',
      'proof equal',
      'commit equal',
    ])
    const block = (await bed.rpc('eth_getBlockByNumber', `0x${proof.blockNumber.toString(16)}`, false)) as {
      timestamp: string
    }
    expect(verified.anchoredAt).toBe(unixMs(Number(block.timestamp) * 1_000))
  })

  test('is only recorded while its proof is missing', async () => {
    const { decision } = await published(3)
    const verified = await verifier.verify(decision)
    expect(verified).toMatchObject({ verdict: 'recorded', commit: null, anchoredAt: null })
    expect(resultsOf(verified).slice(3)).toEqual(['log skipped', 'proof skipped', 'commit skipped'])
  })

  test('whose body is no record, or not canonical, is false', async () => {
    const { decision, proof } = await published(2)
    for (const body of ['{', '{"agent":1}', ` ${decision.body}`]) {
      const verified = await verifier.verify({ ...decision, body }, proof)
      expect(verified).toMatchObject({ verdict: 'false', record: null })
      expect(resultsOf(verified)).toEqual([
        'body different',
        'leaf skipped',
        'signature skipped',
        'log skipped',
        'proof skipped',
        'commit skipped',
      ])
    }
  })

  test('with a changed body is false at the leaf, and with a fitting leaf at signature and proof', async () => {
    const { decision, proof } = await published(4)
    const record = { ...parseBody(decision.body), salt: lie }
    const body = encodeBody(record)
    expect(failed(await verifier.verify({ ...decision, body }, proof))).toMatchObject([
      { step: 'leaf', what: 'the hash of the body' },
    ])
    const leaf = hashRecord(record, bed.domain)
    expect(failed(await verifier.verify({ ...decision, body, leaf }, { ...proof, leaf }))).toMatchObject([
      { step: 'signature', what: 'the signer' },
      { step: 'proof', what: 'the Merkle proof' },
    ])
  })

  test('of another agent or sequence than its message says is false', async () => {
    const { decision, proof } = await published(5)
    expect(failed(await verifier.verify({ ...decision, sequence: 6 }, proof))).toMatchObject([
      { step: 'leaf', what: 'the sequence of the body' },
      { step: 'signature' },
      { step: 'proof', what: 'the place in the batch' },
    ])
    const stranger = createSigner(KEYS[1]).agent
    expect(failed(await verifier.verify({ ...decision, agent: stranger }, proof))).toMatchObject([
      { step: 'leaf', what: 'the agent of the body' },
      { step: 'signature' },
      { step: 'commit', what: "the agent's commit in the transaction" },
    ])
  })
})

test('a key that was replaced signs no later decision, and the new one no earlier', async () => {
  const rotating = await bed.newAgent()
  const key = createSigner(KEYS[2])
  const decisionOf = async (sequence: number, signer = rotating.signer): Promise<PublishedDecision> => {
    const row = await rotating.store.find(rotating.signer.agent, sequence)
    return { ...row!, signature: await signer.sign(row!.leaf) }
  }
  await rotating.record(3)
  const worker = createAnchorWorker(rotating.options)
  await worker.flush()
  await worker.stop()
  await rotating.record(2)
  const before = createVerifier({ rpcUrl: bed.url, domain: bed.domain })
  expect(await before.verify(await decisionOf(4))).toMatchObject({ verdict: 'recorded' })

  const taking = { agent: rotating.signer.agent, epoch: 1, key: key.agent }
  const wallet = createWalletClient({ account: rotating.signer.account, transport: http(bed.url) })
  await wallet.writeContract({
    address: bed.contract,
    abi: decisionLogAbi,
    functionName: 'startEpoch',
    args: [rotating.signer.agent, 1, key.agent, await signEpoch(key.account, bed.domain, taking), '0x'],
    chain: null,
  })
  const verdicts = async (each: Verifier) => [
    (await each.verify(await decisionOf(2))).verdict,
    (await each.verify(await decisionOf(2, key))).verdict,
    (await each.verify(await decisionOf(3, key))).verdict,
    (await each.verify(await decisionOf(3))).verdict,
  ]
  // One that has read the keys before notices, too.
  for (const each of [before, createVerifier({ rpcUrl: bed.url, domain: bed.domain })])
    expect(await verdicts(each)).toEqual(['recorded', 'false', 'recorded', 'false'])
})

test('a node that is down or of another chain is an error, not a lie', async () => {
  const { decision, proof } = await published(1)
  const down = createVerifier({ rpcUrl: 'http://127.0.0.1:9/key', domain: bed.domain })
  await expect(down.verify(decision, proof)).rejects.toThrow(UnavailableError)
  await expect(down.verify(decision, proof)).rejects.not.toThrow(/127|key/)
  const elsewhere = createVerifier({ rpcUrl: bed.url, domain: { ...bed.domain, chainId: 1 } })
  await expect(elsewhere.verify(decision, proof)).rejects.toThrow(InvalidInputError)
})
