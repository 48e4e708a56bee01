import { expect, test } from 'vitest'
import type { ObservationStore } from '../../core/index.ts'
import { onEachStore } from '../../test/eachStore.ts'
import { createRpcSource } from '../sources/rpcSource.ts'
import { startEmitterChain } from '../testing/emitterChain.conformance.ts'
import { createMemoryObservationStore } from '../testing/memoryObservationStore.conformance.ts'
import { standingRows } from '../testing/standingRows.conformance.ts'
import type { Reorg } from './chainSync.ts'
import { ingestHistory } from './ingestHistory.ts'

onEachStore(({ open }) =>
  test('keeps its promise on the real store, over a restart in the middle of a reorg', async () => {
    const chain = await startEmitterChain()
    const source = await createRpcSource({ url: chain.anvil.url })
    const all = (from: ObservationStore) => from.read({ instruments: [chain.instrument.id], limit: 100 })
    const { observations: store, close } = await open()
    const options = { source, contracts: chain.contracts, store, finality: 8 }
    for (let value = 1n; value <= 5n; value++) await chain.mine([value, value])
    await ingestHistory(options)
    await chain.client.request({ method: 'anvil_reorg', params: [3, []] } as never)
    await chain.mine([9n])
    const reorgs: Reorg[] = []
    const counts = await ingestHistory({ ...options, onReorg: reorg => void reorgs.push(reorg) })
    const seen = (await all(store)).map(({ event: { value } }) =>
      value.type === 'transfer' ? value.amount : value.type,
    )
    expect(seen).toEqual([1n, 1n, 2n, 2n, 3n, 3n, 4n, 4n, 5n, 5n, 'withdrawal', 9n])
    const clean = createMemoryObservationStore()
    await ingestHistory({ source, contracts: chain.contracts, store: clean })
    const stored = await standingRows(store, chain.anvil.chainId)
    expect(stored).toEqual(await standingRows(clean, chain.anvil.chainId))
    expect(stored).toHaveLength(5)
    expect(counts.observations).toBe(1)
    expect(reorgs).toMatchObject([
      { withdrawn: 6, forkBlock: Number(await chain.client.getBlockNumber()) - 4 },
    ])
    await close()
    await source.close()
    await chain.anvil.stop()
  }),
)
