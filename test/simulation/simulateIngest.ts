import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { createRpcSource, followChain, ingestHistory } from '../../chain-ingest/index.ts'
import { type EmitterChain, startEmitterChain } from '../../chain-ingest/testing/emitterChain.conformance.ts'
import {
  type Fault,
  type FaultProxy,
  startFaultProxy,
} from '../../chain-ingest/testing/faultProxy.conformance.ts'
import { createMemoryObservationStore } from '../../chain-ingest/testing/memoryObservationStore.conformance.ts'
import { standingRows } from '../../chain-ingest/testing/standingRows.conformance.ts'
import {
  chainSource,
  type Random,
  type Store,
  type StoredObservation,
  seededRandom,
} from '../../core/index.ts'
import { openPostgres } from '../../feature-store/index.ts'
import { startPostgres } from '../startPostgres.ts'

/** What a simulation ended with, beside what a clean ingest of the same chain gives. */
export type SimulationResult = {
  readonly stored: readonly StoredObservation[]
  readonly clean: readonly StoredObservation[]
  readonly storedHead: string | null
  readonly head: string
  /** What went wrong on the way, by kind. */
  readonly faults: Readonly<Record<string, number>>
}

/** A chain, a database server and nodes in front of the chain, shared by many simulations. */
export type SimulationWorld = { simulate(seed: number): Promise<SimulationResult>; close(): Promise<void> }

const FINALITY_BLOCKS = 12
const ROUNDS = 14
const NODES = 2
const SETTLE_MS = 60_000

/** Starts what simulations run on. */
export async function startSimulationWorld(): Promise<SimulationWorld> {
  const chain = await startEmitterChain()
  const server = await startPostgres()
  const admin = new pg.Client({ connectionString: server.url })
  await admin.connect()
  // A migrated database, which every simulation starts from a copy of.
  const template = await server.createDatabase()
  await (await openPostgres({ url: template })).close()
  let snapshot = await chain.client.snapshot()
  return {
    async simulate(seed) {
      const name = `simulation_${seed}`
      await admin.query(`create database ${name} template ${nameOf(template)}`)
      const url = new URL(template)
      url.pathname = `/${name}`
      try {
        return await simulate(seededRandom(seed), chain, url.href, admin, name)
      } finally {
        await chain.client.revert({ id: snapshot })
        snapshot = await chain.client.snapshot()
        await admin.query(`drop database ${name} with (force)`)
      }
    },
    async close() {
      await admin.end()
      await server.stop()
      await chain.anvil.stop()
    },
  }
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1)

async function simulate(
  random: Random,
  chain: EmitterChain,
  databaseUrl: string,
  admin: InstanceType<typeof pg.Client>,
  databaseName: string,
): Promise<SimulationResult> {
  const faults: Record<string, number> = {}
  const note = (kind: string) => {
    faults[kind] = (faults[kind] ?? 0) + 1
  }
  let isFaulty = false
  const proxies: FaultProxy[] = []
  for (let node = 0; node < NODES; node++)
    proxies.push(
      await startFaultProxy(chain.anvil.url, () => (isFaulty ? randomFault(random, note) : 'pass')),
    )
  const confirmations = Math.floor(random() * 3)
  let follower = await startFollower(proxies, chain, databaseUrl, confirmations)
  let value = 0n
  const mine = async () => {
    await chain.mine(Array.from({ length: Math.floor(random() * 3) }, () => ++value))
    // Two branches must not have one block in common by chance.
    await chain.client.increaseTime({ seconds: 1 + Math.floor(random() * 3) })
  }
  for (let block = 0; block < 6; block++) await mine()

  for (let round = 0; round < ROUNDS; round++) {
    isFaulty = random() < 0.4
    const action = random()
    if (action < 0.45) await mine()
    else if (action < 0.6) {
      note('reorg')
      await chain.client.request({
        method: 'anvil_reorg',
        params: [1 + Math.floor(random() * 4), []],
      } as never)
      await mine()
    } else if (action < 0.7) {
      note('branch')
      const fork = await chain.client.snapshot()
      for (let block = 0; block < 1 + random() * 3; block++) await mine()
      await delay(random() * 20)
      await chain.client.revert({ id: fork })
      for (let block = 0; block < 2 + random() * 3; block++) await mine()
    } else if (action < 0.8) {
      note('connections lost')
      await terminateConnections(admin, databaseName)
    } else if (action < 0.88) {
      note('database restart')
      await admin.query(`alter database ${databaseName} with allow_connections false`)
      await terminateConnections(admin, databaseName)
      await delay(random() * 40)
      await admin.query(`alter database ${databaseName} with allow_connections true`)
    } else {
      note('kill')
      // Like a killed process: what was not committed is gone, and nothing is told to anybody.
      await follower.kill(() => terminateConnections(admin, databaseName))
      await mine()
      follower = await startFollower(proxies, chain, databaseUrl, confirmations)
    }
    if (random() < 0.5) await delay(random() * 30)
  }

  isFaulty = false
  for (let block = 0; block < 3; block++) await mine()
  const last = await chain.client.getBlock()
  await untilStored(follower.store, chain, last.hash)
  const result = {
    stored: await standingRows(follower.store.observations, chain.anvil.chainId),
    clean: await cleanRows(chain),
    storedHead: await storedHead(follower.store, chain),
    head: last.hash,
    faults,
  }
  await follower.stop()
  await Promise.all(proxies.map(proxy => proxy.close()))
  return result
}

function randomFault(random: Random, note: (kind: string) => void): Fault {
  if (random() > 0.25) return 'pass'
  const faults: readonly (readonly [string, Fault])[] = [
    ['dropped call', 'drop'],
    ['truncated answer', 'truncate'],
    ['rate limit', { status: 429 }],
    ['server error', { status: 500 }],
    ['wrong answer', { answer: { result: 'nonsense' } }],
    [
      'refused range',
      { answer: { error: { code: -32_005, message: 'query returned more than 10000 results' } } },
    ],
    ['late answer', { lateMs: 10 }],
  ]
  const [kind, fault] = faults[Math.floor(random() * faults.length)] ?? ['dropped call', 'drop']
  note(kind)
  return fault
}

async function terminateConnections(admin: InstanceType<typeof pg.Client>, name: string): Promise<void> {
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
}

type Follower = {
  readonly store: Store
  /** Ends it at once, by breaking off what it is doing in the database. */
  kill(breakOff: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

async function startFollower(
  proxies: readonly FaultProxy[],
  chain: EmitterChain,
  databaseUrl: string,
  confirmations: number,
): Promise<Follower> {
  const patient = async <T>(work: () => Promise<T>): Promise<T> => {
    for (const deadline = performance.now() + SETTLE_MS; ; await delay(20)) {
      try {
        return await work()
      } catch (error) {
        if (performance.now() > deadline) throw error
      }
    }
  }
  // Begun while nodes fail or the database restarts: a supervisor would start it again.
  const store = await patient(() => openPostgres({ url: databaseUrl }))
  const source = await patient(() => createRpcSource({ url: proxies.map(({ url }) => url) }))
  const stopped = new AbortController()
  const following = followChain({
    source,
    store: store.observations,
    contracts: chain.contracts,
    finality: FINALITY_BLOCKS,
    confirmations,
    pollMs: 10,
    maxOutageMs: SETTLE_MS,
    signal: stopped.signal,
  })
  following.catch(() => undefined)
  const close = async () => {
    await source.close()
    await store.close().catch(() => undefined)
  }
  return {
    store,
    async kill(breakOff) {
      stopped.abort()
      await breakOff()
      await following.catch(() => undefined)
      await close()
    },
    async stop() {
      stopped.abort()
      await following
      await close()
    },
  }
}

async function storedHead(store: Store, chain: EmitterChain): Promise<string | null> {
  const cursors = await store.observations.cursors(chainSource(chain.anvil.chainId))
  return cursors[0]?.blockHash ?? null
}

async function untilStored(store: Store, chain: EmitterChain, hash: string): Promise<void> {
  for (const deadline = performance.now() + SETTLE_MS; performance.now() < deadline; await delay(10))
    if ((await storedHead(store, chain).catch(() => null)) === hash) return
}

async function cleanRows(chain: EmitterChain): Promise<StoredObservation[]> {
  const source = await createRpcSource({ url: chain.anvil.url })
  const store = createMemoryObservationStore()
  await ingestHistory({ source, store, contracts: chain.contracts })
  await source.close()
  return standingRows(store, chain.anvil.chainId)
}
