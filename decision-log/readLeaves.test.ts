import { keccak256, toHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AgentId, type Hash, IntegrityError, NotFoundError } from '../core/index.ts'
import {
  auditAgent,
  batchRoot,
  createSigner,
  proveDecision,
  readAnchors,
  readChainLeaves,
  readLeaves,
  verifyDecisionProof,
} from './index.ts'
import { createLogCalls, relayedCommit } from './test/logCalls.ts'
import { openTestbed, type TestAgent, type Testbed } from './test/testbed.ts'

let bed: Testbed
/** Pays for others' commits, and holds no agent's key. */
let relay: ReturnType<typeof createLogCalls>

beforeAll(async () => {
  bed = await openTestbed()
  relay = callsOf((await bed.newAgent()).privateKey)
})
afterAll(() => bed.stop())

const callsOf = (privateKey: Hash) => createLogCalls(bed.url, bed.contract, createSigner(privateKey).account)

const anchorsOf = (agent: AgentId) => readAnchors({ rpcUrl: bed.url, contract: bed.contract, agent })

const leavesOf = async ({ signer, store }: TestAgent, from = 0) =>
  (await store.list({ agent: signer.agent, fromSequence: from, limit: 1_000 })).map(({ leaf }) => leaf)

const audit = ({ signer, store }: TestAgent) =>
  auditAgent({
    agent: signer.agent,
    decisions: store,
    chain: { rpcUrl: bed.url, contract: bed.contract },
    domain: bed.domain,
    replay: () => null,
  })

/** What the worker saves of a batch that it sent, so that its decisions can be proved. */
async function saveAnchors({ signer, store }: TestAgent): Promise<void> {
  for (const { firstSequence, count, root, transactionHash, blockNumber, blockHash } of await anchorsOf(
    signer.agent,
  ))
    await store.saveBatch({
      agent: signer.agent,
      firstSequence,
      count,
      root,
      status: 'anchored',
      transactionHash,
      nonce: 0,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
      blockNumber,
      blockHash,
      gasUsed: 0,
    })
}

test('relayed batches of several agents are read from the relay’s one transaction', async () => {
  const agents = [await bed.newAgent(), await bed.newAgent()] as const
  const commits = await Promise.all(
    agents.map(async (agent, index) => {
      await agent.record(3 + index)
      const { signer } = agent
      return relayedCommit(signer.account, bed.domain, {
        agent: signer.agent,
        state: await relay.stateOf(signer.agent),
        leaves: await leavesOf(agent),
      })
    }),
  )
  const [first, second] = commits
  // Left out by the contract: no key signed it. It carries other leaves of the same place.
  const forged = { ...first!, leaves: [keccak256('0x01')], signature: '0x' as const }
  const transactionHash = await relay.commitMany([forged, first!, second!])

  for (const agent of agents) {
    const [anchor] = await anchorsOf(agent.signer.agent)
    expect(anchor!.transactionHash).toBe(transactionHash)
    expect(await readLeaves(anchor!, { rpcUrl: bed.url })).toEqual(await leavesOf(agent))
    expect(await audit(agent)).toMatchObject({ different: 0, rootOnly: [] })
    await saveAnchors(agent)
    const [{ body, signature, leaf }] = (await agent.store.list({ limit: 1 })) as [never]
    const proof = await proveDecision({
      store: agent.store,
      domain: bed.domain,
      agent: agent.signer.agent,
      sequence: 0,
    })
    const verified = await verifyDecisionProof({
      body,
      signature,
      proof,
      domain: bed.domain,
      rpcUrl: bed.url,
    })
    expect([verified.anchor, proof.leaf]).toEqual([anchor, leaf])
  }
})

test('several batches of one agent in one transaction are told apart', async () => {
  const agent = await bed.newAgent()
  await agent.record(5)
  const { signer } = agent
  const leaves = await leavesOf(agent)
  const one = await relayedCommit(signer.account, bed.domain, {
    agent: signer.agent,
    state: await relay.stateOf(signer.agent),
    leaves: leaves.slice(0, 2),
  })
  // What the state is after the first, tried out on the chain and taken back.
  const snapshot = await bed.rpc('evm_snapshot')
  await relay.commitMany([one])
  const state = await relay.stateOf(signer.agent)
  await bed.rpc('evm_revert', snapshot)
  const two = await relayedCommit(signer.account, bed.domain, {
    agent: signer.agent,
    state,
    leaves: leaves.slice(2),
    rootOnly: true,
  })
  await relay.commitMany([one, two])

  const [first, second] = await anchorsOf(signer.agent)
  expect(await readChainLeaves(first!, { rpcUrl: bed.url })).toEqual(leaves.slice(0, 2))
  expect(await readChainLeaves(second!, { rpcUrl: bed.url })).toBeNull()
  expect(await audit(agent)).toMatchObject({
    checked: 5,
    different: 0,
    rootOnly: [{ firstSequence: 2, count: 3 }],
  })
})

test('leaves of a root-only batch come from who has them, and are held against the root', async () => {
  const agent = await bed.newAgent()
  await agent.record(4)
  const leaves = await leavesOf(agent)
  const calls = callsOf(agent.privateKey)
  await calls.commitRoot(
    agent.signer.agent,
    await calls.stateOf(agent.signer.agent),
    leaves.length,
    batchRoot(leaves),
  )
  const [anchor] = await anchorsOf(agent.signer.agent)
  const access = { rpcUrl: bed.url }
  expect(await readLeaves(anchor!, access, async () => leaves)).toEqual(leaves)
  await expect(readLeaves(anchor!, access)).rejects.toThrow(NotFoundError)
  await expect(readLeaves(anchor!, access, async () => leaves.toReversed())).rejects.toThrow(
    /root of decisions 0 to 3 of agent 0x\w+ alone, and the given leaves make up another/,
  )
  await expect(readLeaves(anchor!, access, async () => leaves.slice(1))).rejects.toThrow(IntegrityError)
  expect(await audit(agent)).toMatchObject({ different: 0, rootOnly: [{ firstSequence: 0, count: 4 }] })

  agent.store.rows[2] = { ...agent.store.rows[2]!, leaf: keccak256(toHex('another')) }
  const report = await audit(agent)
  expect(report).toMatchObject({ different: 4, steps: { anchor: { different: 4 }, body: { different: 1 } } })
  expect(report.decisions[0]!.steps[0]!.detail).toMatch(/the given leaves make up another/)
})

test('a commit through another contract is a batch whose leaves are not in the transaction', async () => {
  const agent = await bed.newAgent()
  await agent.record(2)
  const leaves = await leavesOf(agent)
  const calls = callsOf(agent.privateKey)
  await calls.commit(agent.signer.agent, await calls.stateOf(agent.signer.agent), leaves)
  const [anchor] = await anchorsOf(agent.signer.agent)
  const elsewhere = { ...anchor!, contract: agent.signer.agent }
  expect(await readChainLeaves(elsewhere, { rpcUrl: bed.url })).toBeNull()
  expect(await readChainLeaves(anchor!, { rpcUrl: bed.url })).toEqual(leaves)
})
