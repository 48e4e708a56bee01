import { setTimeout as sleep } from 'node:timers/promises'
import { toEventSelector, toHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Random, seededRandom } from '../core/index.ts'
import { readAnchors } from './index.ts'
import { connect } from './logChain.ts'
import { batchRoot } from './merkle.ts'
import { readEpochs } from './readEpochs.ts'
import { type FaultProxy, openGate, startFaultProxy } from './test/faultProxy.ts'
import { FAULTS, type FaultCount, isTakenOver, SimulatedHost, type World } from './test/simulatedHost.ts'
import { openTestbed, type TestAgent, type Testbed } from './test/testbed.ts'

// Each seed is a life story of one to three agents on hosts that crash at random points, hand over while they run,
// and reach the chain through two links that lose, delay and date back; the chain drops transactions, stalls, gets
// dear and is reorganised. In the end every decision of the surviving host must be on chain once, and in order.
const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1)
const LIVES = 3
const MOMENTS = 5
const MOMENT_MS = 8
/** Chains at work at the same time; the rest of the time of a seed is waiting. */
const CHAINS = 5

type Place = { readonly bed: Testbed; readonly proxies: readonly FaultProxy[] }

const places: Place[] = []
const free: Place[] = []
const waiting: ((place: Place) => void)[] = []
const faults: FaultCount = new Map()

beforeAll(async () => {
  for (let chain = 0; chain < CHAINS; chain++) {
    const bed = await openTestbed(`chain ${chain}`)
    const gate = openGate()
    const proxies = await Promise.all([0, 1, 2, 3].map(() => startFaultProxy(bed.url, gate)))
    places.push({ bed, proxies })
  }
  free.push(...places)
})
afterAll(async () => {
  await Promise.all(places.flatMap(({ proxies }) => proxies.map(proxy => proxy.stop())))
  await Promise.all(places.map(({ bed }) => bed.stop()))
})

test.concurrent.each(SEEDS)('loses and doubles nothing (seed %i)', async seed => {
  const place = free.pop() ?? (await new Promise<Place>(resolve => waiting.push(resolve)))
  try {
    await story(place, seed)
  } finally {
    const next = waiting.shift()
    if (next === undefined) free.push(place)
    else next(place)
  }
})

test('every kind of fault was met', () => {
  const met = FAULTS.map(fault => `${fault}: ${faults.get(fault) ?? 0}`)
  console.log(`Faults in ${SEEDS.length} seeds\n  ${met.join('\n  ')}`)
  expect(FAULTS.filter(fault => (faults.get(fault) ?? 0) === 0)).toEqual([])
})

async function story({ bed, proxies }: Place, seed: number): Promise<void> {
  const random = seededRandom(seed)
  const relayed = random() < 0.5
  const form = random() < 0.5 ? 'leaves' : 'root'
  const count: World['count'] = fault => void faults.set(fault, (faults.get(fault) ?? 0) + 1)
  const world = (links: readonly FaultProxy[]): World => ({
    bed,
    proxies: links,
    random,
    count,
    relayed,
    form,
  })
  const since = Number(await bed.rpc('eth_blockNumber'))
  const agents: TestAgent[] = []
  for (let index = relayed ? 1 + below(random, 3) : 1; index > 0; index--) agents.push(await bed.newAgent())
  const links = [proxies.slice(0, 2), proxies.slice(2, 4)]
  let hosts = 1
  let host = new SimulatedHost(
    world(links[0] ?? []),
    agents,
    agents.map(({ store }) => store),
    hosts,
  )
  const formerHosts: SimulatedHost[] = []
  await host.fund()
  await host.record(5)

  for (let life = 0; life < LIVES; life++) {
    host.start({ mortal: random() < 0.8 })
    for (let moment = 0; moment < MOMENTS && !host.hasCrashed; moment++) {
      await sleep(MOMENT_MS)
      await host.record(4)
      if (random() < 0.2) host.disturbStore()
      if (random() < 0.1) host.disturbClock()
      if (relayed && random() < 0.12) await alone(() => host.commitAside())
      await disturbChain(random)
    }
    if (random() < 0.25) await succeed(host.hasCrashed || random() < 0.4)
    else await host.stop()
    if (random() < 0.1) host.loseBatches()
    await host.record(3)
    if (random() < 0.3) await reorg(1 + below(random, 5))
  }

  await calm()
  await host.finish()
  for (const [index, agent] of agents.entries()) {
    const { agent: id } = agent.signer
    const store = host.stores[index] ?? agent.store
    const anchors = await readAnchors({ ...chain(), agent: id })
    expect(anchors.reduce((sum, anchor) => sum + anchor.count, 0)).toBe(store.rows.length)
    for (const { firstSequence, count: length, root } of anchors)
      expect(root).toBe(
        batchRoot(store.rows.slice(firstSequence, firstSequence + length).map(({ leaf }) => leaf)),
      )
    expect(await store.batches(id)).toEqual(
      anchors.map(({ firstSequence, count: length, root, transactionHash, blockHash }) =>
        expect.objectContaining({
          ...{ firstSequence, count: length, root, transactionHash, blockHash },
          status: 'anchored',
        }),
      ),
    )
  }
  // Whoever was taken over is refused, and was told so.
  for (const former of formerHosts) {
    await expect(former.finish()).rejects.toThrow()
    expect(former.failures.filter(error => !isTakenOver(error))).toEqual([])
    expect(former.failures.length).toBeGreaterThan(0)
  }
  const skipped = await connect(bed.url).getLogs({ address: bed.contract, fromBlock: BigInt(since) })
  for (const { topics } of skipped) if (topics[0] === COMMIT_SKIPPED) count('commit skipped')

  function chain() {
    return { rpcUrl: bed.url, contract: bed.contract, fromBlock: bed.deployedAt }
  }

  /** Another host takes over with a copy of the stores, whether the one before has stopped or not. */
  async function succeed(isStopped: boolean): Promise<void> {
    count(isStopped ? 'take-over' : 'take-over of a running host')
    const former = host
    if (isStopped) await former.stop()
    await calm()
    hosts += 1
    for (;;) {
      host = SimulatedHost.copyOf(former, hosts)
      host.setLinks(links[(hosts - 1) % 2] ?? [])
      await host.fund()
      try {
        await host.takeOver()
        break
      } catch {
        // The one before anchored more in the meantime: its operator copies the stores again.
        if (!isStopped) await former.stop()
        isStopped = true
        hosts += 2
      }
    }
    if (!isStopped) await former.stop()
    formerHosts.push(former)
  }

  async function disturbChain(dice: Random): Promise<void> {
    if (dice() < 0.25) {
      const mines = dice() < 0.5
      if (!mines) count('nothing mined')
      await bed.rpc('evm_setAutomine', mines)
    }
    if (dice() < 0.3) await mine()
    if (dice() < 0.12) await reorg(1 + below(dice, 4))
    if (dice() < 0.08) {
      count('transactions dropped')
      await bed.rpc('anvil_dropAllTransactions')
    }
    if (dice() < 0.1) {
      count('fee spike')
      // Above what may be offered at times: then only time helps.
      await bed.rpc('anvil_setNextBlockBaseFeePerGas', toHex(BigInt(1 + below(dice, 150)) * 1_000_000_000n))
      await mine()
    }
  }

  /** Replaces the last blocks by empty ones. */
  async function reorg(depth: number): Promise<void> {
    await alone(async () => {
      const head = Number(await bed.rpc('eth_blockNumber'))
      count('reorg')
      for (const { signer } of agents) {
        const range = {
          contract: bed.contract,
          agent: signer.agent,
          fromBlock: head - depth + 1,
          toBlock: head,
        }
        if ((await readEpochs(connect(bed.url), range)).length > 0) count('reorg of an epoch')
      }
      await bed.rpc('anvil_reorg', depth, [])
    })
  }

  async function calm(): Promise<void> {
    await bed.rpc('evm_setAutomine', true)
    await bed.rpc('anvil_setNextBlockBaseFeePerGas', toHex(1_000_000_000n))
    await mine()
  }

  function mine(): Promise<void> {
    return alone(async () => void (await bed.rpc('anvil_mine', '0x1')))
  }

  function alone<T>(action: () => Promise<T>): Promise<T> {
    const [proxy] = proxies
    if (proxy === undefined) throw new Error('no proxy')
    return proxy.alone(action)
  }
}

const COMMIT_SKIPPED = toEventSelector('CommitSkipped(address,bytes32)')

const below = (random: Random, end: number): number => Math.floor(random() * end)
