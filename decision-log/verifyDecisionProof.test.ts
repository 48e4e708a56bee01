import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type AnchorBatch,
  type DecisionStore,
  IntegrityError,
  NotFoundError,
  UnavailableError,
} from '../core/index.ts'
import {
  createAnchorWorker,
  type DecisionProof,
  encodeBody,
  hashRecord,
  parseBody,
  proveDecision,
  readAnchors,
  readLeaves,
  verifyDecisionProof,
} from './index.ts'
import { createMemoryDecisionStore } from './test/memoryDecisionStore.ts'
import { sampleRecord } from './test/sampleDecisions.ts'
import { openTestbed, type TestAgent, type Testbed } from './test/testbed.ts'

let bed: Testbed
let agent: TestAgent
beforeAll(async () => {
  bed = await openTestbed()
  agent = await bed.newAgent()
  await agent.record(11)
  const worker = createAnchorWorker({ ...agent.options, maxBatch: 4 })
  await worker.flush()
  await worker.stop()
  await agent.record(1)
})
afterAll(() => bed.stop())

const prove = (sequence: number, store: DecisionStore = agent.store) =>
  proveDecision({ store, domain: bed.domain, agent: agent.signer.agent, sequence })

async function published(sequence: number) {
  const row = await agent.store.find(agent.signer.agent, sequence)
  const { body, signature } = row!
  return { body, signature, proof: await prove(sequence), domain: bed.domain, rpcUrl: bed.url }
}

test('every anchored decision proves to a subscriber who knows only the log', async () => {
  const anchors = await readAnchors({ rpcUrl: bed.url, contract: bed.contract, agent: agent.signer.agent })
  expect(anchors.map(({ firstSequence, count }) => [firstSequence, count])).toEqual([
    [0, 4],
    [4, 4],
    [8, 3],
  ])
  for (let sequence = 0; sequence < 11; sequence++) {
    const { record, anchor } = await verifyDecisionProof(await published(sequence))
    expect(record).toEqual(parseBody(agent.store.rows[sequence]!.body))
    expect(anchor).toEqual(anchors[Math.floor(sequence / 4)])
  }
})

test('a proof is plain data that survives JSON', async () => {
  const arguments_ = await published(5)
  const proof: DecisionProof = JSON.parse(JSON.stringify(arguments_.proof))
  expect(proof).toEqual(arguments_.proof)
  await verifyDecisionProof({ ...arguments_, proof })
})

test('what is not anchored, or does not exist, has no proof', async () => {
  await expect(prove(11)).rejects.toThrow(UnavailableError)
  await expect(prove(12)).rejects.toThrow(NotFoundError)
  const [batch] = await agent.store.batches(agent.signer.agent)
  const sent: AnchorBatch = { ...batch!, status: 'sent', blockNumber: null, blockHash: null }
  await expect(prove(0, { ...agent.store, batchOf: async () => sent })).rejects.toThrow(/not anchored yet/)
})

test('a proof is refused when the stored leaves are not the anchored ones', async () => {
  const [batch] = await agent.store.batches(agent.signer.agent)
  const changed = { ...batch!, root: `0x${'ab'.repeat(32)}` as const }
  await expect(prove(0, { ...agent.store, batchOf: async () => changed })).rejects.toThrow(IntegrityError)
})

const lie = `0x${'ab'.repeat(32)}` as const
describe('a forgery fails at the step that shows it', () => {
  type Published = Awaited<ReturnType<typeof published>>
  test.each<[string, string, (honest: Published) => Published | Promise<Published>]>([
    [
      'another body',
      'the hash of the body',
      honest => ({
        ...honest,
        body: encodeBody({
          ...parseBody(honest.body),
          instrument: parseBody(honest.body).instrument,
          salt: lie,
        }),
      }),
    ],
    [
      'another body with a fitting leaf',
      'the signer',
      honest => {
        const record = { ...parseBody(honest.body), salt: lie }
        const leaf = hashRecord(record, bed.domain)
        return { ...honest, body: encodeBody(record), proof: { ...honest.proof, leaf } }
      },
    ],
    ['no signature', 'the signer', honest => ({ ...honest, signature: '0x' })],
    ['another contract', 'the contract', honest => with_(honest, { contract: `0x${'11'.repeat(20)}` })],
    ['another chain', 'the chain', honest => with_(honest, { chainId: 1 })],
    ['another place', 'the place in the batch', honest => with_(honest, { index: 2 })],
    ['another root', 'the Merkle proof', honest => with_(honest, { root: lie })],
    ['a shorter proof', 'the Merkle proof', honest => with_(honest, { proof: honest.proof.proof.slice(1) })],
    ['another count', 'the Merkle proof', honest => with_(honest, { count: 9 })],
    ['no transaction', 'the transaction on chain', honest => with_(honest, { transactionHash: lie })],
    [
      'the transaction of another batch',
      "the agent's commit in the transaction",
      async honest => with_(honest, { transactionHash: (await prove(8)).transactionHash }),
    ],
  ])('%s: %s', async (_, step, forge) => {
    const forged = await forge(await published(5))
    await expect(verifyDecisionProof(forged)).rejects.toThrow(IntegrityError)
    await expect(verifyDecisionProof(forged)).rejects.toMatchObject({ facts: { step } })
  })

  const with_ = (honest: Published, change: Partial<DecisionProof>): Published => ({
    ...honest,
    proof: { ...honest.proof, ...change },
  })
})

test('a leaf in the batch, but at another place than its sequence, is refused', async () => {
  // The agent commits two records that both claim sequence 0: only one of them stands where it should.
  const two = await bed.newAgent()

  const store = createMemoryDecisionStore()
  const claims = await Promise.all(
    [lie, hashOfZero].map(async salt => {
      const record = { ...sampleRecord(two.signer.agent, 0), salt }
      const leaf = hashRecord(record, bed.domain)
      return { record, leaf, body: encodeBody(record), signature: await two.signer.sign(leaf) }
    }),
  )
  for (const [sequence, { leaf, body, signature, record }] of claims.entries())
    await store.append([
      {
        agent: two.signer.agent,
        sequence,
        kind: record.output.kind,
        instrument: record.instrument,
        timeMs: record.timeMs,
        body,
        leaf,
        signature,
      },
    ])
  const worker = createAnchorWorker({ ...two.options, store })
  await worker.flush()
  await worker.stop()
  const proofs = await Promise.all(
    [0, 1].map(sequence => proveDecision({ store, domain: bed.domain, agent: two.signer.agent, sequence })),
  )
  const checks = await Promise.allSettled(
    claims.map(({ body, signature }, index) =>
      verifyDecisionProof({
        body,
        signature,
        proof: { ...proofs[index]!, index: 0 },
        domain: bed.domain,
        rpcUrl: bed.url,
      }),
    ),
  )
  expect(checks).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: { facts: { step: 'the Merkle proof' } } },
  ])
})
const hashOfZero = `0x${'00'.repeat(32)}` as const

test('a node that is down is no forgery', async () => {
  const arguments_ = await published(5)
  await expect(verifyDecisionProof({ ...arguments_, rpcUrl: 'http://127.0.0.1:9/key' })).rejects.toThrow(
    UnavailableError,
  )
  await expect(
    readAnchors({ rpcUrl: 'http://127.0.0.1:9/key', contract: bed.contract, agent: agent.signer.agent }),
  ).rejects.not.toThrow(/key/)
})

test('leaves are refused from another transaction, and anchors from a later block', async () => {
  const [first, second] = await readAnchors({
    rpcUrl: bed.url,
    contract: bed.contract,
    agent: agent.signer.agent,
  })
  await expect(
    readLeaves({ ...first!, transactionHash: second!.transactionHash }, { rpcUrl: bed.url }),
  ).rejects.toThrow(/is no commit of this batch/)
  await expect(readLeaves({ ...first!, root: lie }, { rpcUrl: bed.url })).rejects.toThrow(/another root/)
  await expect(
    readAnchors({
      rpcUrl: bed.url,
      contract: bed.contract,
      agent: agent.signer.agent,
      fromBlock: first!.blockNumber + 1,
    }),
  ).rejects.toThrow(/go from decision 0 to 4/)
})
