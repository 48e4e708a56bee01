import { setTimeout as delay } from 'node:timers/promises'
import { createPublicClient, webSocket } from 'viem'
import { foundry } from 'viem/chains'
import { createRpcSource, followChain } from '../chain-ingest/index.ts'
import { type EmitterChain, startEmitterChain } from '../chain-ingest/testing/emitterChain.conformance.ts'
import { builtInFeatures, createFeaturePipeline, openPglite } from '../feature-store/index.ts'
import type { BenchmarkResult } from './benchmark.ts'

const BLOCKS = 100
const WARM_UP_BLOCKS = 10
const TRANSFERS_PER_BLOCK = 5
/** Between two blocks: a shorter one is timed by delayed TCP acknowledgements, of 40 ms. */
const PAUSE_MS = 50

/**
 * From the moment that a block is asked for to its decoded observations, stored, over WebSocket, and on to the
 * vector of all built-in features; beside viem's watchBlocks and getLogs, which decode and store nothing.
 */
export async function live(): Promise<BenchmarkResult> {
  const chain = await startEmitterChain()
  const store = await openPglite({ directory: null })
  const source = await createRpcSource({ url: chain.anvil.wsUrl })
  const stopped = new AbortController()
  const pipeline = createFeaturePipeline(builtInFeatures, chain.instrument, { retainBlocks: 64 })
  const stored: number[] = []
  const vectors: number[] = []
  const following = followChain({
    source,
    contracts: chain.contracts,
    store: store.observations,
    signal: stopped.signal,
    onBatch({ observations }) {
      const last = observations.at(-1)
      if (last === undefined) return
      stored.push(performance.now())
      for (const { event } of observations) pipeline.update(event)
      pipeline.vector(last.event.knownAt)
      vectors.push(performance.now())
    },
  })
  try {
    await delay(500)
    const asked = await mine(chain, () => stored.length)
    stopped.abort()
    await following
    const bare = await viemLatencies(chain)
    const toVector = median(differences(asked, vectors))
    return {
      name: 'live',
      unit: 'ms, p50',
      ours: median(differences(asked, stored)),
      peers: { 'viem watchBlocks + getLogs': median(bare), 'touchstone, to feature vector': toVector },
      limit: 15,
    }
  } finally {
    stopped.abort()
    await source.close()
    await store.close()
    await chain.anvil.stop()
  }
}

/** Mines block after block, each when the one before has arrived; returns when each was asked for. */
async function mine(chain: EmitterChain, arrived: () => number): Promise<number[]> {
  const asked: number[] = []
  const before = arrived()
  for (let block = 0; block < BLOCKS + WARM_UP_BLOCKS; block++) {
    const values = Array.from({ length: TRANSFERS_PER_BLOCK }, (_, index) => BigInt(block * 10 + index))
    asked.push(await chain.mine(values))
    const deadline = performance.now() + 5_000
    while (arrived() - before <= block) {
      if (performance.now() > deadline) throw new Error(`block ${block} did not arrive`)
      await delay(1)
    }
    await delay(PAUSE_MS)
  }
  return asked
}

async function viemLatencies(chain: EmitterChain): Promise<number[]> {
  const client = createPublicClient({
    chain: foundry,
    transport: webSocket(chain.anvil.wsUrl, { reconnect: false }),
  })
  const arrived: number[] = []
  const unwatch = client.watchBlocks({
    onBlock: async ({ hash }) => {
      const logs = await client.getLogs({ address: chain.address, blockHash: hash })
      if (logs.length > 0) arrived.push(performance.now())
    },
  })
  try {
    await delay(500)
    const before = arrived.length
    const asked = await mine(chain, () => arrived.length)
    return differences(asked, arrived.slice(before))
  } finally {
    unwatch()
    const { socket } = await client.transport.getRpcClient()
    socket.close()
  }
}

const differences = (from: readonly number[], to: readonly number[]): number[] =>
  from.map((start, index) => (to[index] ?? Number.NaN) - start).slice(WARM_UP_BLOCKS)

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
