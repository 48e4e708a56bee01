import { createWalletClient, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { revealLogAbi } from '../contracts/abi/index.ts'
import { type Address, type EmbargoStore, type Hash, type UnixMs, unixMs } from '../core/index.ts'
import {
  type AgentSigner,
  createRecorder,
  createRevealer,
  createSigner,
  deployRevealLog,
  openSealed,
  parseBody,
  type Revealer,
  type RevealerOptions,
  readReveals,
  type SealedPlace,
} from './index.ts'
import { startFaultProxy } from './test/faultProxy.ts'
import { createMemoryDecisionStore, type MemoryDecisionStore } from './test/memoryDecisionStore.ts'
import { hashOf, KEYS, sampleDecision } from './test/sampleDecisions.ts'
import { openTestbed, type Testbed, until } from './test/testbed.ts'
import { envelopeOf } from './verifyEnvelope.ts'

const HOUR = 3_600_000
const embargo = { delayMs: HOUR, periodMs: HOUR }

let bed: Testbed
let contract: Address
let fromBlock: number
const revealers: Revealer[] = []
beforeAll(async () => {
  bed = await openTestbed()
  const deployed = await deployRevealLog({ rpcUrl: bed.url, privateKey: KEYS[0] })
  contract = deployed.address
  fromBlock = deployed.blockNumber
})
afterEach(async () => {
  await Promise.all(revealers.splice(0).map(revealer => revealer.stop()))
  await bed.rpc('evm_setAutomine', true)
})
afterAll(() => bed.stop())

type Agent = {
  readonly signer: AgentSigner
  readonly store: MemoryDecisionStore
  readonly times: readonly UnixMs[]
  readonly options: RevealerOptions
}

/** An agent whose sealed decisions are due one hour apart; the last one far in the future. */
async function sealedAgent(count: number): Promise<Agent> {
  const { signer } = await bed.newAgent()
  const store = createMemoryDecisionStore()
  const recorder = createRecorder({ store, signer, domain: bed.domain, embargo })
  const decisions = Array.from({ length: count }, (_, sequence) => sampleDecision(signer.agent, sequence))
  const later = { ...sampleDecision(signer.agent, count), timeMs: unixMs(9_000_000_000_000) }
  await recorder.record([...decisions, later], hashOf('9'))
  return {
    signer,
    store,
    times: store.rows.map(({ sealed }) => sealed?.revealAtMs ?? never()),
    options: {
      store: revealTimesOf(store),
      rpcUrl: bed.url,
      contract,
      domain: bed.domain,
      signer,
      fromBlock,
      intervalMs: 20,
      now: () => unixMs(Date.now()),
    },
  }
}

const revealTimesOf = (store: MemoryDecisionStore): Pick<EmbargoStore, 'revealTimes'> => ({
  async revealTimes(_agent, afterMs, throughMs) {
    return store.rows.flatMap(({ sealed }) =>
      sealed !== undefined && sealed.revealAtMs > afterMs && sealed.revealAtMs <= throughMs
        ? [{ revealAtMs: sealed.revealAtMs, keyHash: sealed.keyHash }]
        : [],
    )
  },
})

function open(agent: Agent, changes: Partial<RevealerOptions> = {}): Revealer {
  const revealer = createRevealer({ ...agent.options, ...changes })
  revealers.push(revealer)
  return revealer
}

const envelopesOf = ({ store }: Agent): SealedPlace[] =>
  store.rows.map(({ sequence, sealed }) => ({
    sequence,
    revealAtMs: sealed?.revealAtMs ?? never(),
    keyHash: sealed?.keyHash ?? never(),
  }))

const recordsOf = ({ store }: Agent): SealedPlace[] =>
  store.rows.map(({ sequence, body }) => {
    const { revealAtMs, salt } = parseBody(body)
    return { sequence, revealAtMs, salt }
  })

const revealsOf = ({ signer }: Agent, sealed: readonly SealedPlace[]) =>
  readReveals({ rpcUrl: bed.url, contract, agent: signer.agent, fromBlock, sealed })

async function post(reveals: readonly { agent: Address; revealAtMs: number; key: Hash }[]): Promise<void> {
  const wallet = createWalletClient({ account: privateKeyToAccount(KEYS[1]), transport: http(bed.url) })
  await wallet.writeContract({
    address: contract,
    abi: revealLogAbi,
    functionName: 'revealMany',
    args: [reveals.map(each => ({ ...each, revealAtMs: BigInt(each.revealAtMs) }))],
    chain: null,
  })
}

test('posts every key that is due, once, and none before its time; anybody opens the bodies then', async () => {
  const agent = await sealedAgent(3)
  await open(agent).flush()
  const reveals = await revealsOf(agent, envelopesOf(agent))
  expect(reveals.map(({ revealAtMs, sequences }) => [revealAtMs, sequences])).toEqual(
    agent.times.map((time, sequence) => [time, [sequence]]),
  )
  expect(reveals.map(({ key }) => key !== null)).toEqual([true, true, true, false])
  for (const [index, { key, revealedAtMs, lateMs }] of reveals.slice(0, 3).entries()) {
    const { agent: id, sequence, leaf, sealed, body } = agent.store.rows[index] ?? never()
    const envelope = envelopeOf({ agent: id, sequence, leaf, ...(sealed && { sealed }) }) ?? never()
    const { ciphertext, signature } = sealed ?? never()
    expect(
      await openSealed({ envelope, signature, ciphertext, key: key ?? never(), domain: bed.domain }),
    ).toEqual({
      body,
      record: parseBody(body),
    })
    expect(lateMs).toBe((revealedAtMs ?? never()) - (agent.times[index] ?? never()))
  }
  expect(reveals[3]).toMatchObject({ key: null, revealedAtMs: null, lateMs: 0, blockNumber: null })
  // The records alone, which the chain binds, say the same of what was revealed.
  expect((await revealsOf(agent, recordsOf(agent))).slice(0, 3)).toEqual(reveals.slice(0, 3))
})

test('a key that never comes is missing, and by how long; one that comes late says so', async () => {
  const agent = await sealedAgent(2)
  const missing = await revealsOf(agent, envelopesOf(agent))
  const nowMs = Number(await latestTimeMs())
  expect(missing.map(({ key, lateMs }) => [key, lateMs])).toEqual(
    agent.times.map(time => [null, Math.max(0, nowMs - time)]),
  )
  expect(missing[0]?.lateMs).toBeGreaterThan(HOUR)
  expect((await revealsOf(agent, recordsOf(agent))).map(({ lateMs }) => lateMs)).toEqual(
    missing.map(({ lateMs }) => lateMs),
  )
})

test('what others post in the agent’s name neither reveals nor hides anything', async () => {
  const agent = await sealedAgent(1)
  const revealAtMs = agent.times[0] ?? never()
  await post([{ agent: agent.signer.agent, revealAtMs, key: hashOf('7') }])
  for (const places of [envelopesOf(agent), recordsOf(agent)]) {
    const [forged] = await revealsOf(agent, places)
    expect(forged).toMatchObject({ revealAtMs, key: null, revealedAtMs: null })
  }
  await open(agent).flush()
  const [revealed] = await revealsOf(agent, envelopesOf(agent))
  expect(revealed?.key).toBe(agent.signer.revealKeyFor(revealAtMs, bed.domain))
  // The right key under another time, or again, changes nothing either.
  const key = revealed?.key ?? never()
  await post([
    { agent: agent.signer.agent, revealAtMs: revealAtMs - HOUR, key },
    { agent: agent.signer.agent, revealAtMs, key },
  ])
  expect((await revealsOf(agent, envelopesOf(agent)))[0]).toEqual(revealed)
})

test('a revealer whose clock runs ahead posts nothing before the chain’s time', async () => {
  const agent = await sealedAgent(1)
  const future = agent.times[1] ?? never()
  const revealer = open(agent, { now: () => unixMs(future + 1) })
  revealer.start()
  await until(async () => (await revealsOf(agent, envelopesOf(agent)))[0]?.key !== null)
  await new Promise(resolve => setTimeout(resolve, 200))
  expect((await revealsOf(agent, envelopesOf(agent)))[1]?.key).toBeNull()
})

test('posts again what a reorg removed', async () => {
  const agent = await sealedAgent(1)
  const revealer = open(agent)
  await revealer.flush()
  await revealer.stop()
  const [before] = await revealsOf(agent, envelopesOf(agent))
  await bed.rpc('anvil_reorg', 1, [])
  expect((await revealsOf(agent, envelopesOf(agent)))[0]?.blockNumber).not.toBe(before?.blockNumber)
  await revealer.flush()
  const [after] = await revealsOf(agent, envelopesOf(agent))
  expect(after?.key).toBe(before?.key)
})

test('a transaction that was dropped is sent again, one that is stuck is replaced', async () => {
  const agent = await sealedAgent(1)
  await bed.rpc('evm_setAutomine', false)
  open(agent, { stuckAfterMs: 50 }).start()
  const pooled = () => pooledHash(agent)
  const first = await until(pooled)
  const second = await until(async () => {
    const hash = await pooled()
    return hash === first ? null : hash
  })
  await bed.rpc('anvil_dropTransaction', second)
  await until(async () => {
    const hash = await pooled()
    return hash !== null && hash !== second
  })
  await bed.rpc('evm_setAutomine', true)
  await bed.rpc('evm_mine')
  await until(async () => (await revealsOf(agent, envelopesOf(agent)))[0]?.key !== null)
})

test('goes on after a restart, and through answers that are lost', async () => {
  const agent = await sealedAgent(2)
  const proxy = await startFaultProxy(bed.url)
  let calls = 0
  proxy.fate = () => {
    calls += 1
    return calls % 11 === 3 ? 'loseResponse' : calls % 13 === 5 ? 'loseRequest' : 'pass'
  }
  try {
    const through = agent.times[0] ?? never()
    const first = open(agent, {
      rpcUrl: proxy.url,
      stuckAfterMs: 50,
      store: { revealTimes: (id, afterMs) => agent.options.store.revealTimes(id, afterMs, through) },
    })
    first.start()
    await until(async () => (await revealsOf(agent, envelopesOf(agent)))[0]?.key !== null)
    await first.stop()
    await open(agent, { rpcUrl: proxy.url, stuckAfterMs: 50 }).flush()
  } finally {
    await proxy.stop()
  }
  expect((await revealsOf(agent, envelopesOf(agent))).map(({ key }) => key !== null)).toEqual([
    true,
    true,
    false,
  ])
})

test('what a former key sealed is revealed by it; without it, the log says what is lost, once', async () => {
  const agent = await sealedAgent(1)
  const { signer } = await bed.newAgent()
  const errors: string[] = []
  const logger = {
    info() {},
    warn() {},
    error: (_facts: object, message: string) => void errors.push(message),
  }
  const successor = { ...signer, agent: agent.signer.agent }
  const without = open(agent, { signer: successor, logger })
  await without.flush()
  await without.flush()
  expect(errors).toEqual([
    'No key at hand opens the decisions of a reveal time: they were sealed under another key of the agent.',
  ])
  expect((await revealsOf(agent, envelopesOf(agent)))[0]?.key).toBeNull()
  await without.stop()
  await open(agent, { signer: successor, formerSigners: [agent.signer] }).flush()
  expect((await revealsOf(agent, envelopesOf(agent)))[0]?.key).not.toBeNull()
})

test('an account of its own pays, where one is given', async () => {
  const agent = await sealedAgent(1)
  await bed.rpc('anvil_setBalance', agent.signer.agent, '0x0')
  await open(agent, { account: createSigner(KEYS[2]).account }).flush()
  expect((await revealsOf(agent, envelopesOf(agent)))[0]?.key).not.toBeNull()
  expect(await bed.rpc('eth_getTransactionCount', agent.signer.agent, 'latest')).toBe('0x0')
})

async function pooledHash({ signer }: Agent): Promise<string | null> {
  const pool = (await bed.rpc('txpool_content')) as {
    pending: Record<string, Record<string, { hash: string }>>
  }
  const own = Object.entries(pool.pending).find(([from]) => from.toLowerCase() === signer.agent)
  return Object.values(own?.[1] ?? {})[0]?.hash ?? null
}

async function latestTimeMs(): Promise<bigint> {
  const block = (await bed.rpc('eth_getBlockByNumber', 'latest', false)) as { timestamp: Hash }
  return BigInt(block.timestamp) * 1_000n
}

function never(): never {
  throw new Error('absent')
}
