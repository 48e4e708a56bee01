import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  chainSource,
  type EncoderModule,
  erc20InstrumentId,
  quantity,
  sha256,
  toStoredObservation,
  unixMs,
} from '../../core/index.ts'
import { type PostgresServer, postgresIsAvailable, startPostgres } from '../../test/startPostgres.ts'
import { openPostgres } from '../store/openPostgres.ts'
import { archiveObservations } from './archiveObservations.ts'
import { openHistory } from './openHistory.ts'
import { createTieredObservationStore } from './tieredObservationStore.ts'

const CHAIN_ID = 98_866
const source = chainSource(CHAIN_ID)
const address = `0x${'1'.repeat(40)}` as const
const instrument = erc20InstrumentId(CHAIN_ID, address)

/** A transfer in each of some blocks. */
function transfers(fromBlock: number, toBlock: number) {
  return Array.from({ length: toBlock - fromBlock + 1 }, (_, index) => {
    const block = fromBlock + index
    const time = unixMs(1_700_000_000_000 + block * 1_000)
    const hash = sha256(String(block))
    const place = { chainId: CHAIN_ID, address, blockNumber: block, logIndex: 0 }
    const lineage = {
      kind: 'chain' as const,
      ...place,
      blockHash: hash,
      transactionHash: hash,
      estimated: [],
    }
    const value = { type: 'transfer', from: address, to: address, amount: quantity(BigInt(block)) } as const
    return toStoredObservation(
      { instrument, validAt: time, knownAt: time, lineage, value },
      `{"block":${block}}`,
    )
  })
}

describe.skipIf(!postgresIsAvailable())('a server with a history', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.stop())

  test('takes encoded rows behind the history, and asks to see those that it may have', async () => {
    const root = await mkdtemp(join(tmpdir(), 'touchstone-history-'))
    const history = openHistory({ root, threads: 1 })
    const { observations: head, close } = await openPostgres({ url: server.url })
    const store = createTieredObservationStore(head, history)
    try {
      const { door } = store
      if (door === undefined) throw new Error('no door')
      const { createEncoder }: EncoderModule = await import(door.encoder)
      const settings = await door.settings(source, [instrument])
      const send = async (fromBlock: number, toBlock: number) => {
        const encoder = createEncoder(settings)
        for (const row of transfers(fromBlock, toBlock)) encoder.add(row)
        const cursor = { source, stream: 'all', block: toBlock, blockHash: null }
        return door.append({ observations: encoder.take(), cursor })
      }
      expect(await send(1, 20)).toBe(20)
      await archiveObservations({
        store,
        history,
        source,
        throughBlock: 12,
        nowMs: unixMs(1_800_000_000_000),
      })
      expect(await head.count([instrument])).toBe(8)
      expect(await send(10, 20)).toBeNull()
      expect(await store.cursor(source, 'all')).toMatchObject({ block: 20 })
      expect(await send(13, 30)).toBe(10)
      expect(await store.scan({ source, limit: 100 })).toEqual(transfers(1, 30))
      expect(await store.count([instrument])).toBe(30)
    } finally {
      await close()
      await history.close()
      await rm(root, { recursive: true })
    }
  })
})
