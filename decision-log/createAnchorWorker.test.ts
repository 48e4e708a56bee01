import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type AnchorBatch, IntegrityError, InvalidInputError, LockedError, unixMs } from '../core/index.ts'
import {
  type AnchorWorker,
  type AnchorWorkerOptions,
  createAnchorWorker,
  readAnchors,
  readLeaves,
} from './index.ts'
import { startFaultProxy } from './test/faultProxy.ts'
import { createMemoryDecisionStore } from './test/memoryDecisionStore.ts'
import { openTestbed, type TestAgent, type Testbed, until } from './test/testbed.ts'

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
  const worker = createAnchorWorker({ ...agent.options, ...options })
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

/** Every recorded decision is on chain exactly once, in order, and the store says where. */
async function expectAnchored(agent: TestAgent): Promise<void> {
  const anchors = await anchorsOf(agent)
  const leaves = (await Promise.all(anchors.map(anchor => readLeaves(anchor, { rpcUrl: bed.url })))).flat()
  expect(leaves).toEqual(agent.store.rows.map(({ leaf }) => leaf))
  const batches = await agent.store.batches(agent.signer.agent)
  expect(batches).toEqual(
    anchors.map(({ firstSequence, count, root, transactionHash, blockNumber, blockHash }) =>
      expect.objectContaining({
        firstSequence,
        count,
        root,
        transactionHash,
        blockNumber,
        blockHash,
        status: 'anchored',
      }),
    ),
  )
}

const pendingHash = async (agent: TestAgent) =>
  (await agent.store.batches(agent.signer.agent)).find(({ status }) => status === 'sent')?.transactionHash

/** Saved, and with the node. */
const pooledBatch = (agent: TestAgent, other?: AnchorBatch) =>
  until(async () => {
    const batch = (await agent.store.batches(agent.signer.agent)).find(({ status }) => status === 'sent')
    if (batch === undefined || batch.transactionHash === other?.transactionHash) return null
    return (await bed.rpc('eth_getTransactionByHash', batch.transactionHash)) === null ? null : batch
  })

test('anchors everything recorded, in consecutive batches', async () => {
  const agent = await bed.newAgent()
  await agent.record(25)
  const anchored: AnchorBatch[] = []
  const worker = open(agent, { maxBatch: 10, onAnchored: batch => void anchored.push(batch) })
  await worker.flush()
  await expectAnchored(agent)
  expect(anchored.map(({ firstSequence, count }) => [firstSequence, count])).toEqual([
    [0, 10],
    [10, 10],
    [20, 5],
  ])
  for (const { gasUsed } of anchored) expect(gasUsed).toBeGreaterThan(21_000)
  await agent.record(1)
  await worker.flush()
  await worker.flush()
  await expectAnchored(agent)
  expect(anchored).toHaveLength(4)
})

test('works by itself at its interval', async () => {
  const agent = await bed.newAgent()
  open(agent).start()
  await agent.record(3)
  await until(async () => (await agent.store.batchOf(agent.signer.agent, 2))?.status === 'anchored')
  await agent.record(2)
  await until(async () => (await agent.store.batchOf(agent.signer.agent, 4))?.status === 'anchored')
  await expectAnchored(agent)
})

test('replaces a stuck transaction with the same nonce and at least 12.5 % higher fees', async () => {
  const agent = await bed.newAgent()
  await agent.record(4)
  await bed.rpc('evm_setAutomine', false)
  let clock = 1_000_000
  const worker = open(agent, { stuckAfterMs: 60_000, now: () => unixMs(clock) })
  const flushed = worker.flush()
  const first = await pooledBatch(agent)
  await sleep(100)
  expect(await pendingHash(agent)).toBe(first.transactionHash)

  clock += 60_000
  const second = await pooledBatch(agent, first)
  expect(second.nonce).toBe(first.nonce)
  expect(second.maxFeePerGas * 1000n).toBeGreaterThanOrEqual(first.maxFeePerGas * 1125n)
  expect(second.maxPriorityFeePerGas * 1000n).toBeGreaterThanOrEqual(first.maxPriorityFeePerGas * 1125n)
  expect(await bed.rpc('eth_getTransactionByHash', first.transactionHash)).toBeNull()

  await bed.rpc('anvil_mine', '0x1')
  await flushed
  await expectAnchored(agent)
})

test('never offers more than the highest fee', async () => {
  const agent = await bed.newAgent()
  await agent.record(1)
  await bed.rpc('evm_setAutomine', false)
  const warnings: string[] = []
  const logger = { info() {}, warn: (_: object, message: string) => void warnings.push(message), error() {} }
  const worker = open(agent, { stuckAfterMs: 1, maxFeePerGas: 3_000_000_000n, logger })
  const flushed = worker.flush()
  await until(async () => warnings.some(message => message.includes('stuck at the highest fee')))
  const { maxFeePerGas } = await pooledBatch(agent)
  expect(maxFeePerGas).toBeLessThanOrEqual(3_000_000_000n)
  await bed.rpc('anvil_mine', '0x1')
  await flushed
  await expectAnchored(agent)
})

test('sends a dropped transaction again', async () => {
  const agent = await bed.newAgent()
  await agent.record(4)
  await bed.rpc('evm_setAutomine', false)
  let clock = 1_000_000
  const worker = open(agent, { now: () => unixMs(clock) })
  const flushed = worker.flush()
  const first = await pooledBatch(agent)
  await bed.rpc('anvil_dropTransaction', first.transactionHash)
  await bed.rpc('evm_setAutomine', true)
  await bed.rpc('anvil_mine', '0x1')
  clock += 5_000
  await flushed
  await expectAnchored(agent)
})

test('finds the commit when an earlier version of a replaced transaction was mined', async () => {
  const agent = await bed.newAgent()
  await agent.record(4)
  await bed.rpc('evm_setAutomine', false)
  const abandoned = open(agent)
  void abandoned.flush().catch(() => {})
  const sent = await pooledBatch(agent)
  await abandoned.stop()
  await agent.store.saveBatch({ ...sent, transactionHash: `0x${'ee'.repeat(32)}` })
  await bed.rpc('anvil_mine', '0x1')
  await bed.rpc('evm_setAutomine', true)
  await open(agent).flush()
  await expectAnchored(agent)
  expect((await agent.store.batchOf(agent.signer.agent, 0))?.transactionHash).toBe(sent.transactionHash)
})

test('sends again what a reorg removed', async () => {
  const agent = await bed.newAgent()
  const worker = open(agent, { maxBatch: 3 })
  await agent.record(7)
  await worker.flush()
  const before = await anchorsOf(agent)
  // Drops the last two of three commits.
  await bed.rpc('anvil_reorg', 2, [])
  expect(await anchorsOf(agent)).toHaveLength(1)
  await agent.record(2)
  await worker.flush()
  await expectAnchored(agent)
  const after = await anchorsOf(agent)
  expect(after[0]).toEqual(before[0])
  expect(after.at(-1)?.blockHash).not.toBe(before.at(-1)?.blockHash)
})

test('notices a reorg that moved a commit to another block', async () => {
  const agent = await bed.newAgent()
  const worker = open(agent)
  await agent.record(2)
  await worker.flush()
  const [batch] = await agent.store.batches(agent.signer.agent)
  const raw = await bed.rpc('eth_getRawTransactionByHash', batch!.transactionHash)
  await bed.rpc('anvil_reorg', 3, [[raw, 0]])
  await worker.flush()
  await expectAnchored(agent)
  const [moved] = await agent.store.batches(agent.signer.agent)
  expect(moved!.transactionHash).toBe(batch!.transactionHash)
  expect(moved!.blockHash).not.toBe(batch!.blockHash)
})

test('counts a commit as anchored only after its confirmations', async () => {
  const agent = await bed.newAgent()
  await agent.record(2)
  let done = false
  const flushed = open(agent, { confirmations: 3 })
    .flush()
    .then(() => {
      done = true
    })
  await until(async () => (await anchorsOf(agent)).length === 1)
  await bed.rpc('anvil_mine', '0x1')
  await sleep(150)
  expect(done).toBe(false)
  expect(await agent.store.batches(agent.signer.agent)).toMatchObject([{ status: 'sent', blockNumber: null }])
  await bed.rpc('anvil_mine', '0x1')
  await flushed
  await expectAnchored(agent)
})

test('takes over the chain’s batches when the store lost its own', async () => {
  const agent = await bed.newAgent()
  await agent.record(7)
  const first = open(agent, { maxBatch: 3 })
  await first.flush()
  await first.stop()
  const batches = await agent.store.batches(agent.signer.agent)
  agent.store.saved.clear()
  await agent.record(1)
  await open(agent, { maxBatch: 2 }).flush()
  await expectAnchored(agent)
  expect((await agent.store.batches(agent.signer.agent)).slice(0, 3)).toEqual(batches)
})

test('stops when the chain holds decisions that the store does not know', async () => {
  const agent = await bed.newAgent()
  await agent.record(3)
  const first = open(agent)
  await first.flush()
  await first.stop()
  const failures: Error[] = []
  const store = createMemoryDecisionStore()
  await store.saveEpoch(agent.store.epochs.get(agent.signer.agent)!)
  const empty = open(agent, { store, onFailure: error => void failures.push(error) })
  await expect(empty.flush()).rejects.toThrow(
    `The chain holds 3 decisions of agent ${agent.signer.agent}, the store only 0.`,
  )
  expect(failures).toEqual([expect.any(IntegrityError)])
  await expect(empty.flush()).rejects.toThrow(IntegrityError)
})

test('stops when the chain holds other decisions than the store', async () => {
  const agent = await bed.newAgent()
  await agent.record(3)
  const first = open(agent)
  await first.flush()
  await first.stop()
  agent.store.saved.clear()
  agent.store.rows[1] = { ...agent.store.rows[1]!, leaf: `0x${'ab'.repeat(32)}` }
  await expect(open(agent).flush()).rejects.toThrow(/holds other decisions 0 to 2/)
})

test('waits for a node that is down, and goes on when it is back', async () => {
  const agent = await bed.newAgent()
  const proxy = await startFaultProxy(bed.url)
  const warnings: string[] = []
  const logger = { info() {}, warn: (_: object, message: string) => void warnings.push(message), error() {} }
  const worker = open(agent, { rpcUrl: proxy.url, logger })
  proxy.fate = () => 'loseRequest'
  await agent.record(2)
  const flushed = worker.flush()
  await until(async () => warnings.length >= 2)
  await agent.record(2)
  proxy.fate = () => 'pass'
  await flushed
  await worker.flush()
  await expectAnchored(agent)
  expect(warnings.join()).not.toContain(proxy.url)
  await worker.stop()
  await proxy.stop()
})

test('says who cannot pay, and anchors when it can', async () => {
  const agent = await bed.newAgent()
  await agent.record(2)
  await bed.rpc('anvil_setBalance', agent.signer.agent, '0x0')
  const warnings: string[] = []
  const logger = { info() {}, warn: (_: object, message: string) => void warnings.push(message), error() {} }
  const flushed = open(agent, { logger }).flush()
  await until(async () => warnings.length > 0)
  expect(warnings[0]).toBe(`Account ${agent.signer.agent} cannot pay for its anchors.`)
  await bed.rpc('anvil_setBalance', agent.signer.agent, '0xde0b6b3a7640000')
  await flushed
  await expectAnchored(agent)
})

test('two workers of one key do not run at once', async () => {
  const agent = await bed.newAgent()
  const first = open(agent)
  const second = open(agent)
  first.start()
  expect(() => second.start()).toThrow(LockedError)
  await agent.record(1)
  await expect(second.flush()).rejects.toThrow(LockedError)
  await first.stop()
  await second.flush()
  await expectAnchored(agent)
})

test('a flush fails when the worker is stopped first', async () => {
  const agent = await bed.newAgent()
  await agent.record(1)
  await bed.rpc('evm_setAutomine', false)
  const worker = open(agent)
  const flushed = worker.flush()
  flushed.catch(() => {})
  await pooledBatch(agent)
  await worker.stop()
  await expect(flushed).rejects.toThrow(/was stopped/)
  await bed.rpc('anvil_mine', '0x1')
})

test.each<[string, Partial<AnchorWorkerOptions>, RegExp]>([
  ['an address without a log', { contract: `0x${'11'.repeat(20)}` }, /There is no decision log at 0x1111/],
  ['another chain', { chainId: 1 }, /The node is of chain 31337, and the decision log is on chain 1/],
])('refuses %s', async (_, options, message) => {
  const agent = await bed.newAgent()
  await agent.record(1)
  const flushed = open(agent, options).flush()
  await expect(flushed).rejects.toThrow(InvalidInputError)
  await expect(flushed).rejects.toThrow(message)
})

test('refuses options that make no sense', async () => {
  const agent = await bed.newAgent()
  expect(() => open(agent, { maxBatch: 0 })).toThrow(InvalidInputError)
})
