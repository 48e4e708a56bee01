import { decodeFunctionData, encodeFunctionData, toEventSelector, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { decisionLogAbi } from '../contracts/abi/index.ts'
import { type DecisionStore, type Hash, LockedError, UnavailableError, unixMs } from '../core/index.ts'
import {
  type AnchorRelayOptions,
  type AnchorWorker,
  createAnchorRelay,
  createAnchorWorker,
  readAnchors,
} from './index.ts'
import { connect } from './logChain.ts'
import { batchRoot } from './merkle.ts'
import { startFaultProxy } from './test/faultProxy.ts'
import { KEYS } from './test/sampleDecisions.ts'
import { openTestbed, type TestAgent, type Testbed, until } from './test/testbed.ts'

const relayer = privateKeyToAccount(KEYS[2])
const COMMIT_SKIPPED = toEventSelector('CommitSkipped(address,bytes32)')

let bed: Testbed
const workers: AnchorWorker[] = []
beforeAll(async () => {
  bed = await openTestbed('relayed')
})
afterEach(async () => {
  await Promise.all(workers.splice(0).map(worker => worker.stop()))
  await bed.rpc('evm_setAutomine', true)
})
afterAll(() => bed.stop())

function openRelay(options: Partial<AnchorRelayOptions> = {}) {
  const relay = createAnchorRelay({
    ...{ rpcUrl: bed.url, contract: bed.contract, account: relayer, fromBlock: bed.deployedAt },
    ...{ intervalMs: 20, now: () => unixMs(Date.now()) },
    ...options,
  })
  return (agent: TestAgent, more: object = {}) => {
    const worker = relay.add({ store: agent.store, signer: agent.signer, ...more })
    workers.push(worker)
    return worker
  }
}

const anchorsOf = ({ signer: { agent } }: TestAgent) =>
  readAnchors({ rpcUrl: bed.url, contract: bed.contract, agent, fromBlock: bed.deployedAt })

async function expectAnchored(agent: TestAgent): Promise<void> {
  const anchors = await anchorsOf(agent)
  expect(anchors.reduce((sum, { count }) => sum + count, 0)).toBe(agent.store.rows.length)
  for (const { firstSequence, count, root } of anchors)
    expect(root).toBe(
      batchRoot(agent.store.rows.slice(firstSequence, firstSequence + count).map(({ leaf }) => leaf)),
    )
  expect((await agent.store.batches(agent.signer.agent)).map(({ status }) => status)).toEqual(
    anchors.map(() => 'anchored'),
  )
}

const callOf = async (hash: Hash) => {
  const { input, from } = await connect(bed.url).getTransaction({ hash })
  return { from: from.toLowerCase(), ...decodeFunctionData({ abi: decisionLogAbi, data: input }) }
}

test('one transaction of the relayer carries batches of all agents, whose keys pay nothing', async () => {
  const agents = [await bed.newAgent(), await bed.newAgent(), await bed.newAgent()]
  const add = openRelay()
  for (const agent of agents) {
    await bed.rpc('anvil_setBalance', agent.signer.agent, '0x0')
    await agent.record(3)
  }
  const added = agents.map((agent, index) => add(agent, { anchor: index === 2 ? 'root' : 'leaves' }))
  await Promise.all(added.map(worker => worker.flush()))
  for (const agent of agents) await expectAnchored(agent)
  const hashes = await Promise.all(agents.map(async agent => (await anchorsOf(agent))[0]!.transactionHash))
  const calls = await Promise.all(hashes.map(callOf))
  for (const { from, functionName } of calls)
    expect({ from, functionName }).toEqual({
      from: relayer.address.toLowerCase(),
      functionName: 'commitMany',
    })
  const carried = calls.flatMap(call => (call.functionName === 'commitMany' ? call.args[0] : []))
  for (const [index, agent] of agents.entries())
    expect(carried.find(commit => commit.agent.toLowerCase() === agent.signer.agent)?.leaves.length).toBe(
      index === 2 ? 0 : 3,
    )
})

test('an agent’s own key sends the root alone where it is asked to', async () => {
  const agent = await bed.newAgent()
  await agent.record(5)
  const worker = createAnchorWorker({ ...agent.options, anchor: 'root' })
  workers.push(worker)
  await worker.flush()
  await expectAnchored(agent)
  const [anchor] = await anchorsOf(agent)
  expect(await callOf(anchor!.transactionHash)).toMatchObject({ functionName: 'commitRoot' })
})

test('a batch that the contract leaves out is sent again, and does not hold up the others', async () => {
  const [moved, other] = [await bed.newAgent(), await bed.newAgent()]
  await moved.record(2)
  await other.record(2)
  await bed.rpc('evm_setAutomine', false)
  const add = openRelay()
  const flushed = Promise.all([add(moved).flush(), add(other).flush()])
  await until(async () => moved.store.saved.size > 0 && other.store.saved.size > 0)
  const [sent] = moved.store.saved.values()
  await until(async () => (await bed.rpc('eth_getTransactionByHash', sent!.transactionHash)) !== null)
  // The agent's own key commits the same decisions first, better paid.
  const leaves = moved.store.rows.map(({ leaf }) => leaf)
  const data = encodeFunctionData({
    abi: decisionLogAbi,
    functionName: 'commit',
    args: [moved.signer.agent, `0x${'0'.repeat(64)}`, leaves.slice(0, 1)],
  })
  const signed = await moved.signer.account.signTransaction({
    ...{ type: 'eip1559', chainId: bed.domain.chainId, nonce: 0, to: bed.contract, data, gas: 200_000n },
    ...{ maxFeePerGas: 50_000_000_000n, maxPriorityFeePerGas: 50_000_000_000n },
  })
  await bed.rpc('eth_sendRawTransaction', signed)
  await bed.rpc('anvil_mine', '0x1')
  await bed.rpc('evm_setAutomine', true)
  await flushed
  await expectAnchored(moved)
  await expectAnchored(other)
  const logs = await connect(bed.url).getLogs({ address: bed.contract, fromBlock: BigInt(bed.deployedAt) })
  expect(logs.filter(({ topics }) => topics[0] === COMMIT_SKIPPED)).toHaveLength(1)
})

test('an agent that fails is left out, and the others go on', async () => {
  const [bad, good] = [await bed.newAgent(), await bed.newAgent()]
  await bad.record(2)
  await good.record(2)
  bad.store.rows.splice(0, 1)
  const add = openRelay()
  const failing = add(bad).flush()
  failing.catch(() => {})
  await add(good).flush()
  await expectAnchored(good)
  expect(await anchorsOf(bad)).toEqual([])
})

test('an agent whose store takes no writes does not hold up the others, and goes on when it does', async () => {
  const [full, other] = [await bed.newAgent(), await bed.newAgent()]
  await full.record(2)
  await other.record(2)
  let isFull = true
  const store: DecisionStore = {
    ...full.store,
    async saveBatch(batch) {
      if (isFull) throw new UnavailableError('The store has no room left.', { hint: '' })
      await full.store.saveBatch(batch)
    },
  }
  const add = openRelay()
  const waiting = add(full, { store }).flush()
  await add(other).flush()
  await expectAnchored(other)
  expect(await anchorsOf(full)).toEqual([])
  isFull = false
  await waiting
  await expectAnchored(full)
})

test('one account sends in one place, and an agent is anchored in one', async () => {
  const [one, two] = [await bed.newAgent(), await bed.newAgent()]
  const first = openRelay()(one)
  first.start()
  const second = openRelay()
  expect(() => second(two).start()).toThrow(LockedError)
  expect(() => openRelay({ account: privateKeyToAccount(KEYS[1]) })(one).start()).toThrow(LockedError)
})

test('says that fees are above the highest, and waits until they fall', async () => {
  const agent = await bed.newAgent()
  await agent.record(1)
  await bed.rpc('anvil_setNextBlockBaseFeePerGas', toHex(80_000_000_000n))
  await bed.rpc('anvil_mine', '0x1')
  const warnings: string[] = []
  const logger = { info() {}, warn: (_: object, message: string) => void warnings.push(message), error() {} }
  const flushed = openRelay({ maxFeePerGas: 5_000_000_000n, logger })(agent).flush()
  await until(async () => warnings.length > 1)
  expect(warnings[0]).toMatch(/^Fees are at \d+ wei per gas; no more than 5000000000 is offered/)
  expect(await anchorsOf(agent)).toEqual([])
  await bed.rpc('anvil_setNextBlockBaseFeePerGas', toHex(1_000_000_000n))
  await bed.rpc('anvil_mine', '0x1')
  await flushed
  await expectAnchored(agent)
})

test('a clock that is set back does not keep anything waiting', async () => {
  const agent = await bed.newAgent()
  let clock = 10_000_000
  openRelay({ intervalMs: 50, now: () => unixMs(clock) })(agent).start()
  await agent.record(1)
  await until(async () => agent.store.saved.size === 1)
  clock -= 3_600_000
  const ticking = setInterval(() => {
    clock += 10
  }, 10)
  await agent.record(1)
  await until(async () => (await agent.store.batchOf(agent.signer.agent, 1))?.status === 'anchored')
  clearInterval(ticking)
  await expectAnchored(agent)
})

test('goes over to the next node when one fails, lags or is of another chain, and comes back', async () => {
  const agent = await bed.newAgent()
  const proxies = [await startFaultProxy(bed.url), await startFaultProxy(bed.url)]
  const [first, second] = proxies
  const asked = [0, 0]
  let isDown = true
  for (const [index, proxy] of proxies.entries())
    proxy.fate = () => {
      asked[index] = (asked[index] ?? 0) + 1
      return index === 0 && isDown ? 'refuse' : 'pass'
    }
  const warnings: string[] = []
  const logger = { info() {}, warn: (_: object, message: string) => void warnings.push(message), error() {} }
  const rpcUrl = [first!.url, second!.url]
  const worker = openRelay({ rpcUrl, nodeRecheckMs: 100, logger })(agent)
  await agent.record(2)
  await worker.flush()
  await expectAnchored(agent)
  expect(asked[1]).toBeGreaterThan(0)

  isDown = false
  await until(async () => warnings.includes('Node 1 serves now.'))
  first!.fate = method => (method === 'eth_getBlockByNumber' ? 'stale' : 'pass')
  await until(async () => warnings.filter(message => message === 'Node 2 serves now.').length > 0)
  await agent.record(2)
  await worker.flush()
  await expectAnchored(agent)
  expect(warnings.join()).not.toContain('127.0.0.1')
  await worker.stop()
  await Promise.all(proxies.map(proxy => proxy.stop()))
})

test('a chain that stays behind what was seen was rolled back', async () => {
  const agent = await bed.newAgent()
  const proxy = await startFaultProxy(bed.url)
  const warnings: string[] = []
  const logger = { info() {}, warn: (_: object, message: string) => void warnings.push(message), error() {} }
  const worker = openRelay({ rpcUrl: proxy.url, lagPatienceMs: 300, logger })(agent)
  await agent.record(1)
  await worker.flush()
  proxy.fate = method => (method === 'eth_getBlockByNumber' ? 'stale' : 'pass')
  await until(async () =>
    warnings.some(message => /^The chain went back from block \d+ to \d+\.$/.test(message)),
  )
  expect(
    warnings.some(message => /^The node is at block \d+, and the chain was at \d+ already\.$/.test(message)),
  ).toBe(true)
  const status = async () => (await agent.store.batchOf(agent.signer.agent, 0))?.status
  await until(async () => (await status()) === 'sent')
  proxy.fate = () => 'pass'
  await until(async () => (await status()) === 'anchored')
  await expectAnchored(agent)
  await worker.stop()
  await proxy.stop()
})
