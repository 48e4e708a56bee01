import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DecisionStore, type Random, seededRandom, unixMs } from '../core/index.ts'
import { createAnchorWorker, readAnchors, readLeaves } from './index.ts'
import { type FaultProxy, startFaultProxy } from './test/faultProxy.ts'
import { openTestbed, type TestAgent, type Testbed } from './test/testbed.ts'

// Each seed is a life story of one agent: workers that crash at random points, on a chain that loses
// transactions, stalls and reorgs. In the end every decision must be anchored once, and in order.
const SEEDS = Array.from({ length: 24 }, (_, index) => index + 1)
const LIVES = 8

let bed: Testbed
let proxy: FaultProxy
beforeAll(async () => {
  bed = await openTestbed()
  proxy = await startFaultProxy(bed.url)
})
afterAll(async () => {
  await proxy.stop()
  await bed.stop()
})

/** Where a worker's process dies: before or after the effect of its n-th call of store or node. */
type Crash = { left: number; readonly after: boolean; crashed: boolean }

test.each(SEEDS)('loses and doubles nothing (seed %i)', async seed => {
  const random = seededRandom(seed)
  const agent = await bed.newAgent()
  await agent.record(1 + below(random, 5))
  let crashes = 0
  for (let life = 0; life < LIVES; life++) {
    // Early crashes are likelier: a pass is a handful of calls.
    const crash: Crash = { left: 1 + Math.floor(random() ** 2 * 60), after: random() < 0.5, crashed: false }
    await live(agent, crash, random)
    if (crash.crashed) crashes += 1
    await disturb(agent, random)
  }
  expect(crashes).toBeGreaterThan(0)

  await bed.rpc('evm_setAutomine', true)
  await bed.rpc('anvil_mine', '0x1')
  const last = workerOf(agent, agent.store)
  await last.flush()
  await last.stop()

  const { agent: id } = agent.signer
  const { contract, url: rpcUrl, deployedAt: fromBlock } = bed
  const anchors = await readAnchors({ rpcUrl, contract, agent: id, fromBlock })
  const leaves = (await Promise.all(anchors.map(anchor => readLeaves(anchor, { rpcUrl })))).flat()
  expect(leaves).toEqual(agent.store.rows.map(({ leaf }) => leaf))
  expect(await agent.store.batches(id)).toEqual(
    anchors.map(({ firstSequence, count, root, transactionHash, blockHash }) =>
      expect.objectContaining({ firstSequence, count, root, transactionHash, blockHash, status: 'anchored' }),
    ),
  )
})

/** Runs a worker until it dies at its crash point, or for a while. */
async function live(agent: TestAgent, crash: Crash, random: Random): Promise<void> {
  proxy.fate = () => {
    if (crash.crashed) return 'loseRequest'
    crash.left -= 1
    if (crash.left > 0) return 'pass'
    crash.crashed = true
    return crash.after ? 'loseResponse' : 'loseRequest'
  }
  const worker = workerOf(agent, mortal(agent.store, crash), proxy.url)
  worker.start()
  for (let moment = 0; moment < 6 && !crash.crashed; moment++) {
    await sleep(15)
    if (random() < 0.3) await agent.record(1 + below(random, 4))
    if (random() < 0.3) await bed.rpc('anvil_mine', '0x1')
    if (random() < 0.15) await reorg(1 + below(random, 3))
  }
  await worker.stop()
  proxy.fate = () => 'pass'
}

async function disturb(agent: TestAgent, random: Random): Promise<void> {
  if (random() < 0.5) await bed.rpc('evm_setAutomine', random() < 0.6)
  if (random() < 0.3) await agent.record(1 + below(random, 6))
  if (random() < 0.3) await reorg(1 + below(random, 4))
  if (random() < 0.2) await bed.rpc('anvil_dropAllTransactions')
  if (random() < 0.1) agent.store.saved.clear()
}

/** Replaces the last blocks by empty ones. */
async function reorg(depth: number): Promise<void> {
  await proxy.alone(() => bed.rpc('anvil_reorg', depth, []))
}

function workerOf(agent: TestAgent, store: DecisionStore, rpcUrl = bed.url) {
  return createAnchorWorker({
    ...agent.options,
    store,
    rpcUrl,
    maxBatch: 4,
    intervalMs: 5,
    stuckAfterMs: 60,
    now: () => unixMs(Date.now()),
  })
}

/** The store as a process sees it that dies at a point: from then on, no call has an effect. */
function mortal(store: DecisionStore, crash: Crash): DecisionStore {
  const wrap =
    <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (crash.crashed) throw new Error('the process is dead')
      crash.left -= 1
      if (crash.left > 0) return call(...args)
      crash.crashed = true
      if (crash.after) await call(...args)
      throw new Error('the process dies')
    }
  return {
    append: wrap(store.append),
    nextSequence: wrap(store.nextSequence),
    nextFeedSequence: wrap(store.nextFeedSequence),
    find: wrap(store.find),
    list: wrap(store.list),
    saveBatch: wrap(store.saveBatch),
    dropBatch: wrap(store.dropBatch),
    batches: wrap(store.batches),
    batchOf: wrap(store.batchOf),
  }
}

const below = (random: Random, end: number): number => Math.floor(random() * end)
