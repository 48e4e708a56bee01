import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTransferFixture, type TransferFixture } from '../../bench/transferFixture.ts'
import {
  chainSource,
  erc20InstrumentId,
  IntegrityError,
  InvalidInputError,
  type StoredObservation,
  UnavailableError,
} from '../../core/index.ts'
import { openPostgres } from '../../feature-store/index.ts'
import { type PostgresServer, postgresIsAvailable, startPostgres } from '../../test/startPostgres.ts'
import type { ContractSpec } from '../decode/contractSpec.ts'
import { createRpcSource } from '../sources/rpcSource.ts'
import { type FaultProxy, type ProxiedCall, startFaultProxy } from '../testing/faultProxy.conformance.ts'
import { createMemoryObservationStore } from '../testing/memoryObservationStore.conformance.ts'
import { createRangeEncoder, type EncodedRange, type EncodingPlan } from './encodeRange.ts'
import { ingestHistory } from './ingestHistory.ts'
import { type RangeThreads, startRangeThreads } from './rangeThreads.ts'
import { packError, unpackError } from './threadError.ts'

/** More than are read before threads are started. */
const LOGS = 30_000

let fixture: TransferFixture
let contracts: readonly ContractSpec[]
let plan: EncodingPlan
beforeAll(async () => {
  fixture = await startTransferFixture(LOGS)
  const { anvil, token } = fixture
  const id = erc20InstrumentId(anvil.chainId, token)
  const instrument = { id, kind: 'spot', symbol: 'TEST', decimals: 18, quote: 'USD' } as const
  contracts = [{ kind: 'erc20', address: token, instrument }]
  plan = {
    contracts,
    finalityDelayMs: 0,
    encoder: new URL('../../feature-store/store/observationEncoder.ts', import.meta.url).href,
    settings: { source: chainSource(anvil.chainId), instruments: [[id, 1]] },
  }
})
afterAll(() => fixture?.anvil.stop())

const rpc = () => ({ url: fixture.anvil.url })
const silent = { refused: () => undefined }

async function untilReady(threads: RangeThreads): Promise<void> {
  for (const deadline = performance.now() + 30_000; performance.now() < deadline; await delay(10))
    if (threads.isReady()) return
  throw new Error('the threads did not start')
}

/** A range with its bytes as one text. */
function comparable(range: EncodedRange | undefined) {
  const { pieces = [], ...observations } = range?.observations ?? {}
  return { ...range, observations, bytes: Buffer.concat(pieces).toString('base64') }
}

/** Threads whose encoder does what a text says, in place of encoding. */
const threadsThat = (encoder: string) =>
  startRangeThreads({ rpc: rpc(), plan: { ...plan, encoder: `data:text/javascript,${encoder}` } }, 1)

describe('threads that read ranges', () => {
  test('give what this thread gives, to the byte', async () => {
    const source = await createRpcSource(rpc())
    const threads = startRangeThreads({ rpc: rpc(), plan }, 2)
    try {
      await untilReady(threads)
      const readHere = await createRangeEncoder(source, plan)
      const ranges = [0, 41, 42, 300].map((from, index) => [from, [40, 41, 120, 310][index] ?? from] as const)
      const there = await Promise.all(ranges.map(([from, to]) => threads.read(from, to, silent)))
      for (const [index, [from, to]] of ranges.entries())
        expect(comparable(there[index])).toEqual(comparable(await readHere(from, to, silent)))
      const counted = ranges.map(async ([from, to]) => {
        const filter = { address: fixture.token, fromBlock: BigInt(from), toBlock: BigInt(to) }
        return (await source.client.getLogs(filter)).length
      })
      expect(there.map(({ logs }) => logs)).toEqual(await Promise.all(counted))
      expect(there[2]?.logs).toBeGreaterThan(1_000)
    } finally {
      await threads.close()
      await source.close()
    }
  })

  test('fail with the same errors, and go on', async () => {
    const threads = startRangeThreads(
      { rpc: rpc(), plan: { ...plan, settings: { ...plan.settings, instruments: [] } } },
      1,
    )
    try {
      await untilReady(threads)
      await expect(threads.read(10, 20, silent)).rejects.toThrow(InvalidInputError)
      await expect(threads.read(1_000_000, 1_000_001, silent)).rejects.toThrow(UnavailableError)
      expect(await threads.read(0, 0, silent)).toMatchObject({ logs: 0 })
    } finally {
      await threads.close()
    }
  })

  test('one that dies fails its work, and no more is given to it', async () => {
    const threads = threadsThat('export const createEncoder = () => process.exit(3)')
    await untilReady(threads)
    const reading = threads.read(10, 20, silent)
    await expect(reading).rejects.toThrow(UnavailableError)
    await expect(reading).rejects.toThrow('A thread that reads logs ended: it exited with 3.')
    expect(threads.isReady()).toBe(false)
    await expect(threads.read(10, 20, silent)).rejects.toThrow(UnavailableError)
    await threads.close()
  })

  test('what cannot start is never ready, and closing ends what runs', async () => {
    const dead = threadsThat('throw new Error("no such module")')
    await delay(1_500)
    expect(dead.isReady()).toBe(false)
    await dead.close()
    const threads = startRangeThreads({ rpc: rpc(), plan }, 1)
    await untilReady(threads)
    const reading = threads.read(0, 300, silent)
    reading.catch(() => undefined)
    await threads.close()
    await expect(reading).rejects.toThrow(UnavailableError)
  })

  test('errors keep their class, message, facts and hint between threads', () => {
    const error = new IntegrityError('Block 3 changed.', { facts: { block: 3n }, hint: 'Read it again.' })
    const copy = unpackError(structuredClone(packError(error)))
    expect(copy).toBeInstanceOf(IntegrityError)
    expect(copy).toMatchObject({ message: 'Block 3 changed.', facts: { block: 3n }, hint: 'Read it again.' })
    expect(unpackError(packError(new TypeError('odd')))).toMatchObject({ name: 'TypeError', message: 'odd' })
  })
})

describe.skipIf(!postgresIsAvailable())('ingest through threads into PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.stop())

  /** Ingests the chain through a proxy that counts connections, and says what is stored after. */
  async function ingest(
    options: { threads?: number; chunkBlocks?: number; signal?: AbortSignal },
    decide: Parameters<typeof startFaultProxy>[1] = () => 'pass',
    databaseUrl?: string,
  ) {
    let connections = 0
    const proxy: FaultProxy = await startFaultProxy(fixture.anvil.url, (call: ProxiedCall) => {
      if (call.method === 'eth_chainId') connections++
      return decide(call)
    })
    const url = databaseUrl ?? (await server.createDatabase())
    const store = await openPostgres({ url })
    const source = await createRpcSource({ url: proxy.url })
    const all = async (): Promise<StoredObservation[]> =>
      store.observations.scan({ source: plan.settings.source, limit: LOGS + 1 })
    try {
      const counts = await ingestHistory({
        source,
        store: store.observations,
        contracts,
        chunkBlocks: 20,
        ...options,
      })
      return { counts, rows: await all(), connections, failure: null }
    } catch (failure) {
      return { counts: null, rows: await all(), connections, failure }
    } finally {
      await source.close()
      await store.close()
      await proxy.close()
    }
  }

  test('stores the same rows whatever the number of threads, as a store without a door does', async () => {
    const source = await createRpcSource(rpc())
    const clean = createMemoryObservationStore()
    const counts = await ingestHistory({ source, store: clean, contracts })
    const expected = await clean.scan({ source: plan.settings.source, limit: LOGS + 1 })
    await source.close()
    expect(expected).toHaveLength(LOGS)
    for (const threads of [0, 2]) {
      let opened = -1
      // The thread that starts the others waits for the node until they are there.
      const result = await ingest({ threads }, ({ method, params: [filter] }) => {
        if (method === 'eth_chainId') opened++
        const isHeldUp = method === 'eth_getLogs' && Number(filter?.fromBlock) >= 160 && opened < threads
        return isHeldUp ? { lateMs: 8_000 } : 'pass'
      })
      expect(result.failure).toBeNull()
      expect(result.counts).toEqual(counts)
      // Compared one by one: as two lists, a difference would be printed for minutes.
      expect(result.rows.length).toBe(LOGS)
      for (const [index, row] of result.rows.entries()) expect(row).toEqual(expected[index])
      expect(result.connections).toBe(1 + threads)
    }
  }, 120_000)

  test('a node that fails for good ends it with its error; what was stored is whole, and it goes on after', async () => {
    const url = await server.createDatabase()
    const isLate = ({ method, params: [filter] }: ProxiedCall) =>
      method === 'eth_getLogs' && Number(filter?.fromBlock) >= 200
    const broken = await ingest(
      { threads: 2 },
      call => (isLate(call) ? { answer: { error: { code: -32_601, message: 'no such method' } } } : 'pass'),
      url,
    )
    expect(broken.failure).toBeInstanceOf(UnavailableError)
    expect(broken.rows.length % 100).toBe(0)
    expect(broken.rows.length).toBeLessThan(LOGS)
    const rest = await ingest({ threads: 2 }, undefined, url)
    expect(rest.failure).toBeNull()
    expect(rest.rows).toHaveLength(LOGS)
    expect(rest.counts?.observations).toBe(LOGS - broken.rows.length)
  }, 60_000)

  test('a stop ends it at once, and it goes on after', async () => {
    const url = await server.createDatabase()
    const stop = new AbortController()
    const stopped = await ingest(
      { threads: 2, signal: stop.signal },
      ({ method, params: [filter] }) => {
        if (method === 'eth_getLogs' && Number(filter?.fromBlock) >= 180) stop.abort()
        return 'pass'
      },
      url,
    )
    expect(stopped.failure).toMatchObject({ name: 'AbortError' })
    expect(stopped.rows.length).toBeLessThan(LOGS)
    const rest = await ingest({ threads: 2 }, undefined, url)
    expect(rest.rows).toHaveLength(LOGS)
    expect(rest.counts?.observations).toBe(LOGS - stopped.rows.length)
  }, 60_000)
})
