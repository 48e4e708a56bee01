import { expect, test } from 'vitest'
import { createRpcSource } from '../sources/rpcSource.ts'
import { startEmitterChain } from '../testing/emitterChain.conformance.ts'
import { startFaultProxy } from '../testing/faultProxy.conformance.ts'
import { createMemoryObservationStore } from '../testing/memoryObservationStore.conformance.ts'
import { createFinality, DEFAULT_FINALITY_BLOCKS } from './finality.ts'
import { ingestHistory } from './ingestHistory.ts'

test('follows what the node calls final, asks seldom, and never goes back', async () => {
  const chain = await startEmitterChain()
  await chain.client.mine({ blocks: 200 })
  let finalized = 150
  let asked = 0
  const proxy = await startFaultProxy(chain.anvil.url, ({ method, params }) => {
    if (method !== 'eth_getBlockByNumber' || !JSON.stringify(params).includes('"finalized"')) return 'pass'
    asked++
    const hash = `0x${'1'.repeat(64)}`
    return {
      answer: { result: { number: `0x${finalized.toString(16)}`, hash, parentHash: hash, timestamp: '0x1' } },
    }
  })
  const source = await createRpcSource({ url: proxy.url })
  try {
    const finalBlock = createFinality(source, 'finalized')
    expect(await finalBlock(200)).toBe(150)
    finalized = 160
    expect(await finalBlock(205)).toBe(150)
    expect(asked).toBe(1)
    expect(await finalBlock(216)).toBe(160)
    finalized = 140
    expect(await finalBlock(300)).toBe(160)
    expect(asked).toBe(3)
    expect(await createFinality(source, 12)(300)).toBe(288)

    // Ingest keeps the headers of what is not final, and only those.
    finalized = 190
    const store = createMemoryObservationStore()
    await ingestHistory({ source, store, contracts: chain.contracts, finality: 'finalized' })
    const head = Number(await chain.client.getBlockNumber({ cacheTime: 0 }))
    const headers = await store.headers(`eip155:${chain.anvil.chainId}`, -1)
    expect(headers.map(({ number }) => number)).toEqual(
      Array.from({ length: head - 190 }, (_, index) => 191 + index),
    )
  } finally {
    await source.close()
    await proxy.close()
    await chain.anvil.stop()
  }
})

test('a node that has no finalized block has the default number of blocks', async () => {
  const chain = await startEmitterChain()
  const proxy = await startFaultProxy(chain.anvil.url, ({ params }) =>
    JSON.stringify(params).includes('"finalized"') ? { answer: { result: null } } : 'pass',
  )
  const source = await createRpcSource({ url: proxy.url })
  expect(await createFinality(source, 'finalized')(100)).toBe(100 - DEFAULT_FINALITY_BLOCKS)
  await source.close()
  await proxy.close()
  await chain.anvil.stop()
})
