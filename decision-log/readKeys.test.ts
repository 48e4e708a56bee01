import { keccak256, toHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AgentId, IntegrityError } from '../core/index.ts'
import { auditAgent, createSigner, readKeys, verifyDecisionProof } from './index.ts'
import { connect, type LogClient } from './logChain.ts'
import { signEpoch } from './logMessages.ts'
import { createLogCalls } from './test/logCalls.ts'
import { openTestbed, type TestAgent, type Testbed } from './test/testbed.ts'

let bed: Testbed
beforeAll(async () => {
  bed = await openTestbed()
})
afterAll(() => bed.stop())

const keysOf = (agent: AgentId) => readKeys({ rpcUrl: bed.url, contract: bed.contract, agent })

test('an agent that was never taken over signs with the key that names it', async () => {
  const { signer } = await bed.newAgent()
  const keys = await keysOf(signer.agent)
  expect(keys.epochs).toEqual([])
  expect([keys.keyAt(0), keys.keyAt(10 ** 9)]).toEqual([signer.agent, signer.agent])
})

test('each epoch’s key is in force from the sequence at which it began', async () => {
  const { agent, next } = await rotated()
  const { epochs, keyAt } = await keysOf(agent.signer.agent)
  expect(epochs.map(({ epoch, key, firstSequence }) => [epoch, key, firstSequence])).toEqual([
    [1, agent.signer.agent, 2],
    [2, next.agent, 2],
  ])
  expect([0, 1, 2, 3].map(keyAt)).toEqual([agent.signer.agent, agent.signer.agent, next.agent, next.agent])
})

test('a node that leaves an epoch out is noticed', async () => {
  const { agent } = await rotated()
  const client = connect(bed.url)
  const forgetful: LogClient = {
    ...client,
    getLogs: async (...parameters: Parameters<typeof client.getLogs>) =>
      (await client.getLogs(...parameters)).slice(0, -1),
  } as LogClient
  const read = readKeys({ client: forgetful, contract: bed.contract, agent: agent.signer.agent })
  await expect(read).rejects.toThrow(IntegrityError)
  await expect(read).rejects.toThrow(/lack the start of epoch 2; its state is in epoch 2/)
})

test('audits and proofs hold each decision against the key of its sequence', async () => {
  const { agent, proofOf } = await rotated()
  const audit = () =>
    auditAgent({
      agent: agent.signer.agent,
      decisions: agent.store,
      chain: { rpcUrl: bed.url, contract: bed.contract },
      domain: bed.domain,
      replay: () => null,
    })
  expect(await audit()).toMatchObject({ checked: 4, different: 0, steps: { signature: { equal: 4 } } })
  for (const sequence of [0, 1, 2, 3]) await verifyDecisionProof(proofOf(sequence))

  // The retired key signs in the place of the new one.
  const row = agent.store.rows[3]!
  const signature = await agent.signer.sign(row.leaf)
  agent.store.rows[3] = { ...row, signature }
  const { decisions } = await audit()
  expect(decisions.map(({ sequence }) => sequence)).toEqual([3])
  expect(decisions[0]!.steps).toContainEqual({
    step: 'signature',
    result: 'different',
    detail: expect.stringMatching(/^signer: expected "0x\w+", found "0x\w+"$/),
  })
  await expect(verifyDecisionProof({ ...proofOf(3), signature })).rejects.toMatchObject({
    facts: { step: 'the signer' },
  })
})

let rotations = 0

/** An agent with two decisions of its first key, then taken over, then given another key, then two decisions more. */
async function rotated() {
  const agent = await bed.newAgent()
  const id = agent.signer.agent
  rotations += 1
  const privateKey = keccak256(toHex(`next key ${rotations}`))
  const next = createSigner(privateKey)
  await bed.rpc('anvil_setBalance', next.agent, toHex(10n ** 20n))
  const calls = createLogCalls(bed.url, bed.contract, agent.signer.account)
  const nextCalls = createLogCalls(bed.url, bed.contract, next.account)

  await agent.record(2)
  const first = await calls.commit(id, await calls.stateOf(id), leavesFrom(agent, 0))
  await calls.startEpoch(id, 1, id, '0x', '0x')
  await nextCalls.startEpoch(
    id,
    2,
    next.agent,
    '0x',
    await signEpoch(agent.signer.account, bed.domain, { agent: id, epoch: 2, key: next.agent }),
  )
  await agent.record(2)
  for (const [index, row] of agent.store.rows.entries())
    if (index >= 2) agent.store.rows[index] = { ...row, signature: await next.sign(row.leaf) }
  const second = await nextCalls.commit(id, await calls.stateOf(id), leavesFrom(agent, 2))

  const proofOf = (sequence: number) => {
    const [start, transactionHash] = sequence < 2 ? [0, first] : [2, second]
    const { body, leaf, signature } = agent.store.rows[sequence]!
    const [left, right] = leavesFrom(agent, start)
    return {
      body,
      signature,
      domain: bed.domain,
      rpcUrl: bed.url,
      proof: {
        leaf,
        proof: [sequence === start ? right! : left!],
        root: keccak256(`${left!}${right!.slice(2)}`),
        firstSequence: start,
        count: 2,
        index: sequence - start,
        transactionHash,
        blockNumber: 0,
        contract: bed.contract,
        chainId: bed.domain.chainId,
      },
    }
  }
  return { agent, next, proofOf }
}

const leavesFrom = ({ store }: TestAgent, from: number) =>
  store.rows.slice(from, from + 2).map(({ leaf }) => leaf)
