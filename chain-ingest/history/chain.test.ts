import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  chainSource,
  IntegrityError,
  InvalidInputError,
  type ObservationStore,
  type Random,
  type StoredObservation,
  seededRandom,
  UnavailableError,
} from '../../core/index.ts'
import { decodeRawChainRow } from '../decode/chainRow.ts'
import type { ChainSource } from '../sources/chainSource.ts'
import { createRecordedSource } from '../sources/recordedSource.ts'
import { createRpcSource } from '../sources/rpcSource.ts'
import { type EmitterChain, startEmitterChain } from '../testing/emitterChain.conformance.ts'
import { startFaultProxy } from '../testing/faultProxy.conformance.ts'
import { createMemoryObservationStore } from '../testing/memoryObservationStore.conformance.ts'
import { standingRows } from '../testing/standingRows.conformance.ts'
import type { Reorg } from './chainSync.ts'
import { followChain } from './followChain.ts'
import { ingestHistory } from './ingestHistory.ts'
import { readChainObservations } from './readChainObservations.ts'
import { recordLogs } from './recordLogs.ts'

const folder = mkdtempSync(join(tmpdir(), 'chain-'))
afterAll(() => rmSync(folder, { recursive: true }))

let chain: EmitterChain
let source: ChainSource
beforeEach(async () => {
  chain = await startEmitterChain()
  source = await createRpcSource({ url: chain.anvil.url })
})
afterEach(async () => {
  await source.close()
  await chain.anvil.stop()
})

const head = async () => Number(await chain.client.getBlockNumber({ cacheTime: 0 }))
const all = (store: ObservationStore) => store.read({ instruments: [chain.instrument.id], limit: 10_000 })
const amounts = (rows: readonly StoredObservation[]) =>
  rows.map(({ event }) => (event.value.type === 'transfer' ? event.value.amount : null))

async function collect(from: ChainSource, fromBlock: number, toBlock: number, chunkBlocks = 3) {
  const observations: StoredObservation[] = []
  const options = { source: from, contracts: chain.contracts, fromBlock, toBlock, chunkBlocks }
  for await (const batch of readChainObservations(options)) observations.push(...batch.observations)
  return observations
}

/** What a store holds after a clean ingest of the chain as it is now. */
async function cleanIngest(): Promise<StoredObservation[]> {
  const store = createMemoryObservationStore()
  await ingestHistory({ source, contracts: chain.contracts, store })
  return all(store)
}

describe('recording', () => {
  test('gives the observations that the node gave, and nothing of it is estimated', async () => {
    await chain.mine([1n, 2n])
    await chain.mine([])
    await chain.mine([3n])
    await chain.mine([])
    const toBlock = await head()
    const out = join(folder, 'recording.jsonl.gz')
    const options = { rpcUrl: chain.anvil.url, fromBlock: 1, toBlock, addresses: [chain.address], out }
    const progress: number[] = []
    const summary = await recordLogs({ ...options, onProgress: ({ block }) => progress.push(block) })
    expect(summary).toEqual({ chainId: chain.anvil.chainId, logs: 3, headers: 4 })
    expect(progress.at(-1)).toBe(toBlock)
    expect(gunzipSync(readFileSync(out)).toString().trim().split('\n')).toHaveLength(7)
    expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])

    const replay = await createRecordedSource({ files: [out], chainId: chain.anvil.chainId })
    expect(replay).toMatchObject({ estimatedFields: [], firstBlock: 1 })
    const fromNode = await collect(source, 1, toBlock)
    expect(amounts(fromNode)).toEqual([1n, 2n, 3n])
    expect(await collect(replay, 1, toBlock)).toEqual(fromNode)
    for (const { event, raw } of fromNode) {
      expect(event.lineage).toMatchObject({ estimated: [] })
      expect(decodeRawChainRow(raw, chain.contracts, { chainId: chain.anvil.chainId })).toEqual(event)
    }
    // A recording and a node are one stream: what one began, the other goes on with.
    const store = createMemoryObservationStore()
    await ingestHistory({ source: replay, contracts: chain.contracts, store })
    await chain.mine([4n])
    expect(await ingestHistory({ source, contracts: chain.contracts, store })).toMatchObject({ logs: 1 })
    expect(
      await followChain({
        source: replay,
        contracts: chain.contracts,
        store: createMemoryObservationStore(),
      }),
    ).toMatchObject({
      logs: 3,
      block: toBlock,
    })
  })

  test('writes nothing when the range or the node is wrong', async () => {
    const options = { rpcUrl: chain.anvil.url, addresses: [chain.address], out: join(folder, 'never.gz') }
    const beyond = recordLogs({ ...options, fromBlock: 1, toBlock: 999_999 })
    await expect(beyond).rejects.toThrow(/Block 999999 does not exist yet/)
    await expect(recordLogs({ ...options, fromBlock: 5, toBlock: 1 })).rejects.toThrow('are not a range')
    const wrong = recordLogs({ ...options, fromBlock: 1, toBlock: 1, expectedChainId: 98_866 })
    await expect(wrong).rejects.toThrow(/is on chain 31337; chain 98866 was expected/)
    expect(readdirSync(folder).filter(name => name.includes('never'))).toEqual([])
  })
})

describe('history', () => {
  test('a run that dies between batches goes on without loss or double', async () => {
    for (let value = 1n; value <= 12n; value++) await chain.mine([value, value])
    const store = createMemoryObservationStore()
    const controller = new AbortController()
    let batches = 0
    const died = ingestHistory({
      source,
      contracts: chain.contracts,
      store,
      chunkBlocks: 2,
      finality: 1,
      signal: controller.signal,
      onBatch: () => {
        if (++batches === 2) controller.abort()
      },
    })
    await expect(died).rejects.toThrow()
    expect(await all(store)).not.toHaveLength(24)
    const rest = await ingestHistory({ source, contracts: chain.contracts, store })
    expect(await all(store)).toHaveLength(24)
    expect(await all(store)).toEqual(await cleanIngest())
    expect(rest.observations).toBe(rest.logs)
    expect(rest.logs).toBeLessThan(24)
  })

  test('stops at the last block that exists', async () => {
    await chain.mine([1n])
    const store = createMemoryObservationStore()
    const counts = await ingestHistory({ source, contracts: chain.contracts, store, toBlock: 999_999 })
    expect(counts).toMatchObject({ block: await head(), byType: { transfer: 1 } })
    await chain.mine([2n])
    await ingestHistory({ source, contracts: chain.contracts, store, toBlock: 999_999 })
    expect(amounts(await all(store))).toEqual([1n, 2n])
  })

  test('a chain that is another one below the finality blocks is refused', async () => {
    const id = await chain.client.snapshot()
    for (let value = 1n; value <= 6n; value++) await chain.mine([value])
    const store = createMemoryObservationStore()
    const options = { source, contracts: chain.contracts, store, finality: 2 }
    await ingestHistory(options)
    const before = await all(store)
    await chain.client.revert({ id })
    await chain.client.increaseTime({ seconds: 1_000 })
    for (let value = 11n; value <= 18n; value++) await chain.mine([value])
    await expect(ingestHistory(options)).rejects.toThrow(IntegrityError)
    await expect(ingestHistory(options)).rejects.toThrow(
      /no longer has the stored block \d+, which counted as final/,
    )
    expect(await all(store)).toEqual(before)
  })
})

/** Grows the chain at random: blocks, reorgs, or going back to a snapshot and mining another branch. */
async function disturb(random: Random, maxDepth: number, next: () => bigint): Promise<void> {
  const values = () => Array.from({ length: Math.floor(random() * 3) }, next)
  const action = random()
  if (action < 0.6) {
    await chain.mine(values())
    return
  }
  const depth = 1 + Math.floor(random() * maxDepth)
  if (action < 0.8) await chain.client.request({ method: 'anvil_reorg', params: [depth, []] } as never)
  else {
    const id = await chain.client.snapshot()
    for (let block = 0; block < depth; block++) await chain.mine(values())
    await chain.client.revert({ id })
    await chain.client.increaseTime({ seconds: 1 + Math.floor(random() * 5) })
    for (let block = 0; block <= depth; block++) await chain.mine(values())
  }
}

describe('following', () => {
  const NOTABLE_SEEDS = [1, 2, 3, 4]
  test.each(NOTABLE_SEEDS)(
    'ends like a clean ingest, whatever is reorganised meanwhile (seed %s)',
    async seed => {
      const random = seededRandom(seed)
      const store = createMemoryObservationStore()
      const reorgs: Reorg[] = []
      let value = 0n
      const controller = new AbortController()
      const live = await createRpcSource({ url: seed % 2 === 0 ? chain.anvil.wsUrl : chain.anvil.url })
      const following = followChain({
        source: live,
        contracts: chain.contracts,
        store,
        finality: 12,
        pollMs: 15,
        signal: controller.signal,
        onReorg: reorg => void reorgs.push(reorg),
      })
      // Deep enough that no reorg reaches the contract's deployment.
      for (let block = 0; block < 8; block++) await chain.mine([++value])
      for (let round = 0; round < 40; round++) {
        await disturb(random, 4, () => ++value)
        if (random() < 0.6) await delay(random() * 60)
      }
      // At least one branch that was certainly stored is replaced: the others may pass between two looks.
      await until(async () => (await storedBlock(store)) === (await head()))
      await chain.client.request({ method: 'anvil_reorg', params: [2, []] } as never)
      for (let block = 0; block < 6; block++) await chain.mine([++value])
      const last = await head()
      await until(async () => (await storedBlock(store)) === last)
      controller.abort()
      const counts = await following
      await live.close()
      expect(counts.block).toBe(last)
      expect(await standingRows(store, 31_337)).toEqual(await cleanIngest())
      const newest = (await store.headers(chainSource(31_337), last - 1))[0]
      expect(newest?.hash).toBe((await chain.client.getBlock({ blockNumber: BigInt(last) })).hash)
      expect(reorgs.length).toBeGreaterThan(0)
      for (const { forkBlock, oldBlock } of reorgs) expect(oldBlock - forkBlock).toBeGreaterThan(0)
      // Headers of final blocks are not kept.
      expect(await store.headers(chainSource(31_337), -1)).toHaveLength(Math.min(12, last + 1))
    },
  )

  test('goes on where it stopped when a node comes back; another chain in its place is refused', async () => {
    const store = createMemoryObservationStore()
    const failures: string[] = []
    let down = false
    const proxy = await startFaultProxy(chain.anvil.url, () => (down ? 'drop' : 'pass'))
    const live = await createRpcSource({ url: proxy.url })
    const controller = new AbortController()
    const options = { source: live, contracts: chain.contracts, store, pollMs: 10, signal: controller.signal }
    const following = followChain({ ...options, onOutage: error => void failures.push(error.message) })
    await chain.mine([1n])
    await until(async () => (await storedBlock(store)) === 2)
    down = true
    await until(() => failures.length > 0)
    expect(failures[0]).toMatch(`The node at ${proxy.url} failed to answer eth_getBlockByNumber`)
    await chain.mine([2n])
    await chain.mine([3n])
    down = false
    await until(async () => (await storedBlock(store)) === 4)
    expect(amounts(await all(store))).toEqual([1n, 2n, 3n])

    down = true
    const gone = followChain({ ...options, store: createMemoryObservationStore(), maxOutageMs: 100 })
    await expect(gone).rejects.toThrow(UnavailableError)
    controller.abort()
    await following
    await proxy.close()
  })

  test('reconnects a WebSocket, and refuses another chain behind the same address', async () => {
    const own = await startEmitterChain()
    const store = createMemoryObservationStore()
    const live = await createRpcSource({ url: own.anvil.wsUrl })
    let failures = 0
    const following = followChain({
      source: live,
      contracts: own.contracts,
      store,
      pollMs: 20,
      onOutage: () => void failures++,
    })
    following.catch(() => undefined)
    await own.mine([1n])
    await until(async () => (await storedBlock(store)) === 2)
    await own.anvil.stop()
    await until(() => failures > 0)
    const other = await startEmitterChain({ port: own.anvil.port })
    for (let block = 0; block < 4; block++) await other.mine([7n])
    await expect(following).rejects.toThrow(/no longer has the stored block 0, which counted as final/)
    expect(amounts(await store.read({ instruments: [own.instrument.id], limit: 9 }))).toEqual([1n])
    await live.close()
    await other.anvil.stop()
  })

  test('a gap is filled and blocks are pushed over WebSocket', async () => {
    const store = createMemoryObservationStore()
    for (let value = 1n; value <= 10n; value++) await chain.mine([value])
    const controller = new AbortController()
    const live = await createRpcSource({ url: chain.anvil.wsUrl })
    let seen = 0n
    let wake = () => {}
    const following = followChain({
      source: live,
      contracts: chain.contracts,
      store,
      finality: 4,
      // Polling alone would take longer than the test may.
      pollMs: 60_000,
      signal: controller.signal,
      onBatch({ observations }) {
        for (const { event } of observations) if (event.value.type === 'transfer') seen = event.value.amount
        wake()
      },
    })
    await until(() => seen === 10n)
    const times: number[] = []
    for (let value = 11n; value <= 30n; value++) {
      // Blocks that come faster than a delayed TCP acknowledgement would be timed by that.
      await delay(50)
      const arrived = new Promise<void>(resolve => {
        wake = () => seen === value && resolve()
      })
      const seenAt = arrived.then(() => performance.now())
      const asked = await chain.mine([value])
      times.push((await seenAt) - asked)
    }
    controller.abort()
    await following
    await live.close()
    times.sort((a, b) => a - b)
    console.log(
      `asking for a block to its observation stored, over WebSocket: p50 ${times[10]?.toFixed(1)} ms`,
    )
    expect(amounts(await all(store))).toEqual(Array.from({ length: 30 }, (_, index) => BigInt(index + 1)))
  })
})

describe('a node that cannot be used', () => {
  test.each(['http', 'ws'])('is named without its credentials or key (%s)', async scheme => {
    const attempt = createRpcSource({ url: `${scheme}://user:secret@127.0.0.1:9/v2/secretkey?token=secret` })
    const error: unknown = await attempt.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(UnavailableError)
    if (!(error instanceof UnavailableError)) return
    expect(error.message).toContain(`The node at ${scheme}://127.0.0.1:9 failed to answer eth_chainId`)
    expect(
      JSON.stringify([error.message, error.facts, error.hint, String(error.cause), error.stack]),
    ).not.toContain('secret')
  })

  test('a malformed URL is not repeated', async () => {
    await expect(createRpcSource({ url: 'ftp://user:secret@host' })).rejects.toThrow(InvalidInputError)
    const error: unknown = await createRpcSource({ url: 'secret key' }).catch((reason: unknown) => reason)
    expect(JSON.stringify(error)).not.toContain('secret')
  })

  test('another chain is refused, naming both ids', async () => {
    const attempt = createRpcSource({ url: chain.anvil.url, expectedChainId: 1 })
    await expect(attempt).rejects.toThrow(InvalidInputError)
    await expect(attempt).rejects.toThrow(/is on chain 31337; chain 1 was expected/)
  })

  test('one that refuses long ranges is asked for shorter ones; one that fails at times is asked again', async () => {
    for (let value = 1n; value <= 20n; value++) await chain.mine([value])
    let calls = 0
    const proxy = await startFaultProxy(chain.anvil.url, ({ method, params: [filter] }) => {
      if (++calls % 7 === 0) return 'drop'
      const blocks = Number(filter?.toBlock ?? 0) - Number(filter?.fromBlock ?? 0)
      return method === 'eth_getLogs' && blocks >= 3
        ? { answer: { error: { code: -32_005, message: 'query returned more than 10000 results' } } }
        : 'pass'
    })
    const limited = await createRpcSource({ url: proxy.url })
    expect(amounts(await collect(limited, 0, await head(), 100))).toEqual(
      Array.from({ length: 20 }, (_, index) => BigInt(index + 1)),
    )
    await proxy.close()
  })
})

async function storedBlock(store: ObservationStore): Promise<number | null> {
  const headers = await store.headers(chainSource(31_337), -1)
  return headers.at(-1)?.number ?? null
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 60_000; performance.now() < deadline; await delay(10))
    if (await condition()) return
  throw new Error('not within 60 s')
}
