import { keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Address, type Hash, IntegrityError, InvalidInputError, TakenOverError } from '../core/index.ts'
import {
  type AnchorWorker,
  type AnchorWorkerOptions,
  bindIdentity,
  createAnchorWorker,
  createRecorder,
  createSigner,
  deployDecisionLog,
  deployIdentityRegistries,
  keyOf,
  readAnchors,
  readEpochs,
  signerOf,
  takeOver,
} from './index.ts'
import { connect } from './logChain.ts'
import { batchRoot } from './merkle.ts'
import { copyOfStore } from './test/copyOfStore.ts'
import type { MemoryDecisionStore } from './test/memoryDecisionStore.ts'
import { hashOf, KEYS, sampleDecision } from './test/sampleDecisions.ts'
import { openTestbed, type TestAgent, type Testbed, until } from './test/testbed.ts'

const [HERE, THERE] = [hashOf('1'), hashOf('2')]

let bed: Testbed
const workers: AnchorWorker[] = []
beforeAll(async () => {
  bed = await openTestbed()
})
afterEach(async () => {
  await Promise.all(workers.splice(0).map(worker => worker.stop()))
  await bed.rpc('evm_setAutomine', true)
})
afterAll(() => bed.stop())

function open(agent: TestAgent, options: Partial<AnchorWorkerOptions> = {}): AnchorWorker {
  const worker = createAnchorWorker({ ...agent.options, host: HERE, ...options })
  workers.push(worker)
  return worker
}

const anchorsOf = (agent: TestAgent) =>
  readAnchors({
    rpcUrl: bed.url,
    contract: bed.contract,
    agent: agent.signer.agent,
    fromBlock: bed.deployedAt,
  })

const epochsOf = async ({ signer: { agent } }: TestAgent, { contract } = bed) => {
  const toBlock = Number(await bed.rpc('eth_blockNumber'))
  return readEpochs(connect(bed.url), { contract, agent, fromBlock: bed.deployedAt, toBlock })
}

/** The chain holds the store's decisions, each once and in order. */
async function expectAnchored(agent: TestAgent, store: MemoryDecisionStore): Promise<void> {
  const anchors = await anchorsOf(agent)
  expect(anchors.reduce((sum, { count }) => sum + count, 0)).toBe(store.rows.length)
  for (const { firstSequence, count, root } of anchors)
    expect(root).toBe(
      batchRoot(store.rows.slice(firstSequence, firstSequence + count).map(({ leaf }) => leaf)),
    )
}

async function fundedKey(name: string): Promise<Hash> {
  const key = keccak256(toHex(name))
  await bed.rpc('anvil_setBalance', privateKeyToAccount(key).address, toHex(10n ** 20n))
  return key
}

test('a store that never worked for an agent of the chain refuses it, and says what to do', async () => {
  const agent = await bed.newAgent()
  await agent.record(2)
  await open(agent).flush()
  await workers.pop()?.stop()
  const copy = copyOfStore(agent.store)
  const failures: Error[] = []
  const other = open(agent, { store: copy, host: THERE, onFailure: error => void failures.push(error) })
  await expect(other.flush()).rejects.toThrow(
    `The chain has agent ${agent.signer.agent} in epoch 0 with 2 decisions, and this store never worked for it.`,
  )
  expect(failures).toEqual([expect.any(TakenOverError)])
  expect(failures[0]).toMatchObject({ hint: expect.stringContaining('touchstone agents take-over') })
})

test('of two hosts, the one that took the agent over goes on, and the other is told who and when', async () => {
  const agent = await bed.newAgent()
  await agent.record(3)
  const failures: Error[] = []
  const first = open(agent, { onFailure: error => void failures.push(error) })
  await first.flush()

  const store = copyOfStore(agent.store)
  // The first still runs, and is not asked for anything: it finds out by itself.
  await takeOver({ ...agent.options, store, host: THERE })
  await until(async () => failures.length > 0)
  await agent.record(2)
  await expect(first.flush()).rejects.toThrow(TakenOverError)
  const [started] = await epochsOf(agent)
  const { timestamp } = await connect(bed.url).getBlock({ blockNumber: BigInt(started!.blockNumber) })
  const at = new Date(Number(timestamp) * 1_000).toISOString().slice(0, 19)
  expect(failures).toEqual([expect.any(TakenOverError)])
  expect(failures[0]!.message).toBe(
    `Agent ${agent.signer.agent} was taken over at ${at}Z, with the same key: it is in epoch 1, and this host worked in 0.`,
  )

  const recorder = createRecorder({ store, signer: agent.signer, domain: bed.domain, host: THERE })
  await recorder.record([sampleDecision(agent.signer.agent, 3)], hashOf('9'))
  await open(agent, { store, host: THERE }).flush()
  await expectAnchored(agent, store)
})

test('on a store that hosts share, the one that was taken over records no more', async () => {
  const agent = await bed.newAgent()
  const recorder = (host: Hash) =>
    createRecorder({ store: agent.store, signer: agent.signer, domain: bed.domain, host })
  const first = open(agent)
  await recorder(HERE).record([sampleDecision(agent.signer.agent, 0)], hashOf('9'))
  await first.flush()
  await first.stop()
  await takeOver({ ...agent.options, host: THERE })
  await expect(recorder(HERE).record([sampleDecision(agent.signer.agent, 1)], hashOf('9'))).rejects.toThrow(
    TakenOverError,
  )
  await recorder(THERE).record([sampleDecision(agent.signer.agent, 1)], hashOf('9'))
  // A restart does not help it either.
  await expect(open(agent).flush()).rejects.toThrow(/Another host works for agent .* in its epoch 1/)
  await open(agent, { host: THERE }).flush()
  await expectAnchored(agent, agent.store)
})

test('of two hosts that take over at the same time with the same key, one is told that it was late', async () => {
  const agent = await bed.newAgent()
  await agent.record(1)
  await open(agent).flush()
  await workers.pop()?.stop()
  const [one, two] = [copyOfStore(agent.store), copyOfStore(agent.store)]
  await takeOver({ ...agent.options, store: one, host: hashOf('3') })
  // What the second wrote down before it knew of the first.
  const claimed = await one.epochOf(agent.signer.agent)
  await two.saveEpoch({ ...claimed!, host: hashOf('4') })
  await expect(open(agent, { store: two, host: hashOf('4') }).flush()).rejects.toThrow(TakenOverError)
  await open(agent, { store: one, host: hashOf('3') }).flush()
})

test('an epoch that a reorg took back is asked for again, before any batch', async () => {
  const agent = await bed.newAgent()
  await agent.record(2)
  await takeOver({ ...agent.options, host: THERE })
  await bed.rpc('anvil_reorg', 4, [])
  expect(await epochsOf(agent)).toEqual([])
  const worker = open(agent, { host: THERE })
  await worker.flush()
  expect(await epochsOf(agent)).toMatchObject([{ epoch: 1, key: agent.signer.agent, firstSequence: 0 }])
  await expectAnchored(agent, agent.store)

  await bed.rpc('anvil_reorg', 2, [])
  await agent.record(1)
  await worker.flush()
  expect(await epochsOf(agent)).toHaveLength(1)
  await expectAnchored(agent, agent.store)
})

test('a key that the old one allows takes its place, and signs what was not anchored yet', async () => {
  const agent = await bed.newAgent()
  await agent.record(2)
  await open(agent).flush()
  await workers.pop()?.stop()
  await agent.record(2)
  const { agent: id } = agent.signer
  const next = createSigner(await fundedKey('next key'), id)
  await expect(takeOver({ ...agent.options, signer: next, host: HERE })).rejects.toThrow(
    `Agent ${id} acts by key ${id}, and nobody allows it key ${next.key}.`,
  )
  await takeOver({ ...agent.options, signer: next, host: HERE, authority: agent.signer.account })
  expect(await keyOf({ rpcUrl: bed.url }, bed.contract, id)).toBe(next.key)
  expect(await epochsOf(agent)).toMatchObject([{ epoch: 1, key: next.key, firstSequence: 2 }])
  await expectAnchored(agent, agent.store)
  const signers = await Promise.all(agent.store.rows.map(row => signerOf(row, bed.domain)))
  expect(signers).toEqual([id, id, next.key, next.key])

  // The old key acts for the agent no more, whoever holds it.
  await expect(open(agent).flush()).rejects.toThrow(InvalidInputError)
  const thief = copyOfStore(agent.store)
  await thief.saveEpoch({ agent: id, epoch: 0, key: id, host: THERE, authority: null, since: 0 })
  await expect(open(agent, { store: thief, host: THERE }).flush()).rejects.toThrow(
    new RegExp(`was taken over at .*, with key ${next.key}`),
  )
})

test('a key that nobody may allow is refused before the store says that it is the agent’s', async () => {
  const agent = await bed.newAgent()
  await agent.record(2)
  await open(agent).flush()
  await workers.pop()?.stop()
  await agent.record(1)
  const { agent: id } = agent.signer
  const next = createSigner(await fundedKey('key that a stranger allows'), id)
  const stranger = privateKeyToAccount(KEYS[2])
  const taking = takeOver({ ...agent.options, signer: next, host: HERE, authority: stranger })
  await expect(taking).rejects.toThrow(InvalidInputError)
  await expect(taking).rejects.toThrow(
    `Agent ${id} acts by key ${id}, and who allows it key ${next.key} is neither that nor the owner of its identity.`,
  )
  expect(await agent.store.epochOf(id)).toMatchObject({ epoch: 0, key: id })
  await open(agent).flush()
  await expectAnchored(agent, agent.store)
})

test('where the key is lost, the owner of the identity allows another', async () => {
  const owner = privateKeyToAccount(await fundedKey('owner of an identity'))
  // A registry in which one account owns every token: PUSH20 owner, PUSH0, MSTORE, return of 32 bytes.
  const registry = `0x${'ab'.repeat(20)}` as const
  await bed.rpc('anvil_setCode', registry, `0x73${owner.address.slice(2)}5f5260205ff3`)
  const { address: contract } = await deployDecisionLog({
    rpcUrl: bed.url,
    privateKey: KEYS[0],
    identityRegistry: registry,
  })
  const agent = await bed.newAgent()
  const { agent: id } = agent.signer
  const options = { ...agent.options, contract, host: HERE }
  await agent.record(1)
  const bind = (identity: bigint) => bindIdentity({ ...options, rpcUrl: bed.url, identity, account: owner })
  const stranger = privateKeyToAccount(KEYS[2])
  await expect(
    bindIdentity({ ...options, rpcUrl: bed.url, identity: 7n, account: stranger }),
  ).rejects.toThrow(`Account ${stranger.address.toLowerCase()} does not own identity 7.`)
  const thief = { ...options, signer: createSigner(KEYS[2], id) }
  await expect(bindIdentity({ ...thief, rpcUrl: bed.url, identity: 7n, account: owner })).rejects.toThrow(
    `Key ${thief.signer.key} is not the present one of agent ${id}.`,
  )
  expect(await bind(7n)).toMatch(/^0x/)
  expect(await bind(7n)).toBeNull()
  await expect(bind(8n)).rejects.toThrow(`Agent ${id} is bound to identity 7 for ever, not to 8.`)
  const next = createSigner(await fundedKey('key after a loss'), id)
  await takeOver({ ...options, signer: next, authority: owner })
  expect(await epochsOf(agent, { ...bed, contract })).toMatchObject([{ epoch: 1, key: next.key }])
})

test('an identity that does not exist, and a log without a registry, are named as such', async () => {
  const agent = await bed.newAgent()
  const bind = (contract: Address) =>
    bindIdentity({
      ...{ rpcUrl: bed.url, contract, signer: agent.signer, identity: 99n },
      account: agent.signer.account,
    })
  const { identity } = await deployIdentityRegistries({ rpcUrl: bed.url, privateKey: KEYS[0] })
  const { address } = await deployDecisionLog({
    rpcUrl: bed.url,
    privateKey: KEYS[0],
    identityRegistry: identity,
  })
  await expect(bind(address)).rejects.toThrow('There is no identity 99 in the registry of the log.')
  await expect(bind(bed.contract)).rejects.toThrow('The decision log knows no identity registry.')
})

test('a store that lacks decisions of the chain cannot take the agent over', async () => {
  const agent = await bed.newAgent()
  await agent.record(2)
  await open(agent).flush()
  await workers.pop()?.stop()
  const stale = copyOfStore(agent.store)
  stale.rows.pop()
  await expect(takeOver({ ...agent.options, store: stale, host: THERE })).rejects.toThrow(
    `The chain holds 2 decisions of agent ${agent.signer.agent}, and this store only 1.`,
  )
  const changed = copyOfStore(agent.store)
  changed.rows[1] = { ...changed.rows[1]!, leaf: hashOf('c') }
  await expect(takeOver({ ...agent.options, store: changed, host: THERE })).rejects.toThrow(IntegrityError)
  expect(await changed.epochOf(agent.signer.agent)).toBeNull()
})

test('waits for the chain until it is told to stop, and goes on from there', async () => {
  const agent = await bed.newAgent()
  await bed.rpc('evm_setAutomine', false)
  const stopping = new AbortController()
  const taking = takeOver({ ...agent.options, host: THERE, signal: stopping.signal })
  await until(async () => (await agent.store.epochOf(agent.signer.agent)) !== null)
  stopping.abort()
  await expect(taking).rejects.toThrow(/was stopped/)
  await bed.rpc('evm_setAutomine', true)
  await open(agent, { host: THERE }).flush()
  expect(await epochsOf(agent)).toMatchObject([{ epoch: 1 }])
})
