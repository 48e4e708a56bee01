import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  InvalidInputError,
  type StoredObservation,
  seededRandom,
  UnavailableError,
} from '../../core/index.ts'
import { readChainObservations } from '../history/readChainObservations.ts'
import { type EmitterChain, startEmitterChain } from '../testing/emitterChain.conformance.ts'
import {
  type Fault,
  type FaultProxy,
  type ProxiedCall,
  startFaultProxy,
} from '../testing/faultProxy.conformance.ts'
import { createRpcSource, type RpcSource } from './rpcSource.ts'

const BLOCKS = 12

let chain: EmitterChain
const open: { close(): Promise<void> }[] = []
beforeEach(async () => {
  chain = await startEmitterChain()
  for (let value = 1n; value <= BLOCKS; value++) await chain.mine([value])
})
afterEach(async () => {
  await Promise.all(open.splice(0).map(each => each.close()))
  await chain.anvil.stop()
})

async function proxy(decide: (call: ProxiedCall) => Fault): Promise<FaultProxy> {
  const started = await startFaultProxy(chain.anvil.url, decide)
  open.push(started)
  return started
}

async function connect(
  urls: readonly string[],
  options: { requestsPerSecond?: number } = {},
): Promise<RpcSource> {
  const source = await createRpcSource({ url: urls, ...options })
  open.push(source)
  return source
}

async function amounts(source: RpcSource): Promise<bigint[]> {
  const observations: StoredObservation[] = []
  const toBlock = Number(await chain.client.getBlockNumber({ cacheTime: 0 }))
  const options = { source, contracts: chain.contracts, fromBlock: 1, toBlock, chunkBlocks: 2 }
  for await (const batch of readChainObservations(options)) observations.push(...batch.observations)
  return observations.flatMap(({ event }) => (event.value.type === 'transfer' ? [event.value.amount] : []))
}

const ALL = Array.from({ length: BLOCKS }, (_, index) => BigInt(index + 1))

describe('several nodes of one chain', () => {
  test.each([1, 2, 3, 4, 5])(
    'answer as one while any of them works (seed %s)',
    async seed => {
      const random = seededRandom(seed)
      const faults: readonly Fault[] = [
        'drop',
        'truncate',
        { status: 429, retryAfterSeconds: 1 },
        { status: 500 },
        { answer: { result: 'nonsense' } },
        { answer: { error: { code: -32_603, message: 'internal error' } } },
        { lateMs: 5 },
      ]
      // In turn, all but one of them fail. A request is made four times, and each change can spoil one of them.
      let working = 0
      let calls = 0
      let changes = 0
      const nodes = await Promise.all(
        [0, 1, 2].map(node =>
          proxy(() => {
            if (++calls % 12 === 0 && changes < 3) {
              changes++
              working = (working + 1 + Math.floor(random() * 2)) % 3
            }
            return node === working ? 'pass' : (faults[Math.floor(random() * faults.length)] ?? 'drop')
          }),
        ),
      )
      const source = await connect(nodes.map(({ url }) => url))
      expect(await amounts(source)).toEqual(ALL)
      const statistics = source.statistics()
      expect(statistics.map(({ endpoint }) => endpoint)).toEqual(nodes.map(({ url }) => url))
      expect(statistics.reduce((sum, { failures }) => sum + failures, 0)).toBeGreaterThan(0)
    },
    30_000,
  )

  test('one that lags behind is passed over, not taken for one without logs', async () => {
    const lagging = await proxy(({ method, params: [block] }) => {
      if (method === 'eth_getLogs') return Number(block?.toBlock) > 3 ? { answer: { result: [] } } : 'pass'
      const isNew = method === 'eth_getBlockByNumber' && String(block) !== 'latest' && Number(block) > 3
      return isNew ? { answer: { result: null } } : 'pass'
    })
    const source = await connect([lagging.url, chain.anvil.url])
    expect(await amounts(source)).toEqual(ALL)
  })

  test('one that fails is left alone for a while, as long as it asks for', async () => {
    let calls = 0
    let isDown = false
    const limited = await proxy(() => {
      if (!isDown) return 'pass'
      calls++
      return { status: 429, retryAfterSeconds: 60 }
    })
    const source = await connect([limited.url, chain.anvil.url])
    isDown = true
    expect(await amounts(source)).toEqual(ALL)
    // What was on its way when the first answer came back; nothing after.
    const before = calls
    expect(before).toBeLessThanOrEqual(8)
    expect(await amounts(source)).toEqual(ALL)
    expect(calls).toBe(before)
    expect(source.statistics()).toMatchObject([
      { failures: before, isResting: true },
      { failures: 0, isResting: false },
    ])
  })

  test('one of another chain is refused by name, at the start and when it comes back as such', async () => {
    const answer = { result: '0x1' }
    const other = await proxy(({ method }) => (method === 'eth_chainId' ? { answer } : 'pass'))
    const connecting = connect([chain.anvil.url, other.url])
    await expect(connecting).rejects.toThrow(InvalidInputError)
    await expect(connecting).rejects.toThrow(
      `The node at ${other.url} is on chain 1; chain 31337 was expected.`,
    )

    let isOther = false
    let hasFailed = false
    const replaced = await proxy(({ method }) => {
      if (!isOther) return 'pass'
      if (!hasFailed) {
        hasFailed = true
        return 'drop'
      }
      return method === 'eth_chainId' ? { answer } : { answer: { result: [] } }
    })
    const source = await connect([replaced.url, chain.anvil.url])
    isOther = true
    expect(await amounts(source)).toEqual(ALL)
  })

  test('one that never will answer, or says nonsense of its chain, does not end what another may yet answer', async () => {
    let isDown = false
    let refusals = 0
    const refusing = await proxy(() => (isDown ? { status: 401 } : 'pass'))
    const confused = await proxy(({ method }) => {
      if (!isDown) return 'pass'
      return method === 'eth_chainId' ? { answer: { result: 'nonsense' } } : { answer: { result: [] } }
    })
    const stumbling = await proxy(() => (isDown && ++refusals <= 2 ? 'drop' : 'pass'))
    for (const nodes of [
      [stumbling, refusing, confused],
      [confused, stumbling, refusing],
    ]) {
      isDown = false
      refusals = 0
      const source = await connect(nodes.map(({ url }) => url))
      isDown = true
      expect(await amounts(source)).toEqual(ALL)
    }
  })

  test('one that answers is enough to begin; when none does, the first is named', async () => {
    const down = 'http://127.0.0.1:9'
    expect(await amounts(await connect([down, chain.anvil.url]))).toEqual(ALL)
    const confused = await proxy(() => ({ answer: { result: 'nonsense' } }))
    expect(await amounts(await connect([confused.url, chain.anvil.url]))).toEqual(ALL)
    const none = connect([down, 'ws://127.0.0.1:9/secret'])
    await expect(none).rejects.toThrow(UnavailableError)
    await expect(none).rejects.toThrow(`The node at ${down} failed to answer eth_chainId`)
  })

  test('are asked no faster than is allowed, and each by itself', async () => {
    const times: number[][] = [[], []]
    const nodes = await Promise.all(
      times.map(each =>
        proxy(() => {
          each.push(performance.now())
          return 'pass'
        }),
      ),
    )
    const began = performance.now()
    const source = await connect(
      nodes.map(({ url }) => url),
      { requestsPerSecond: 40 },
    )
    expect(await amounts(source)).toEqual(ALL)
    for (const each of times) {
      expect(each.length).toBeGreaterThan(4)
      // 40 a second are 25 ms apart. From before the first leaves, which may arrive late where the machine is busy.
      const span = (each.at(-1) ?? 0) - began
      expect(span).toBeGreaterThan((each.length - 1) * 25 - 15)
    }
  })
})
