import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashTypedData } from 'viem'
import {
  type Decision,
  instrumentId,
  type OrderTerms,
  priceE8,
  quantity,
  type Store,
  unixMs,
} from '../core/index.ts'
import {
  type AgentSigner,
  createRecorder,
  createSigner,
  encodeBody,
  hashRecord,
  type LogDomain,
  typedRecord,
} from '../decision-log/index.ts'
import { loadFastKeccak } from '../decision-log/loadFastKeccak.ts'
import { openPglite, openPostgres } from '../feature-store/index.ts'
import { postgresIsAvailable, startPostgres } from '../test/startPostgres.ts'
import type { BenchmarkResult } from './benchmark.ts'

const DECISIONS = 20_000
const AGENTS = 4
/** Decisions that come out of one moment of a busy agent. */
const TOGETHER = 100
/** What takes long is asked of fewer. */
const FEWER = 400
const PER_SECOND = 10_000

const domain: LogDomain = { chainId: 1, verifyingContract: `0x${'12'.repeat(20)}` }
const signers = Array.from({ length: AGENTS }, (_, index) => createSigner(`0x${`${index + 1}`.repeat(64)}`))

/**
 * Decisions recorded a second: encoded, hashed, signed and durable, by agents that each record a hundred of a moment
 * together, in one process; beside the same with a signature for each and viem's hash of typed data.
 */
export async function record(): Promise<BenchmarkResult[]> {
  const parts = await measureParts()
  const results: BenchmarkResult[] = []
  const directory = await mkdtemp(join(tmpdir(), 'touchstone-record-'))
  const embedded = await openPglite({ directory })
  try {
    results.push(await measure('PGlite', embedded, parts))
  } finally {
    await embedded.close()
    await rm(directory, { recursive: true, force: true })
  }
  if (!(await postgresIsAvailable())) return results
  const server = await startPostgres({ fsync: true })
  const database = await openPostgres({ url: await server.createDatabase() })
  try {
    results.push(await measure('PostgreSQL', database, parts))
  } finally {
    await database.close()
    await server.stop()
  }
  return results
}

async function measure(name: string, store: Store, notes: readonly string[]): Promise<BenchmarkResult> {
  next.clear()
  const alone = await rate(FEWER, 1, (signer, decisions) =>
    createRecorder({ store: store.decisions, signer, domain }).record(decisions, HASH),
  )
  const naive = await rate(FEWER, TOGETHER, (signer, decisions) => recordEach(store, signer, decisions))
  const ours = await rate(DECISIONS, TOGETHER, (signer, decisions) =>
    createRecorder({ store: store.decisions, signer, domain }).record(decisions, HASH),
  )
  return {
    name: `record, ${name}`,
    unit: 'decisions/s',
    ours,
    peers: { 'a signature each, hashed by viem': naive, 'ours, one at a time': alone },
    limit: PER_SECOND,
    notes,
  }
}

const HASH = `0x${'e'.repeat(64)}` as const
const next = new Map<AgentSigner, number>()

/** Decisions a second while every agent records so many together, one group after another. */
async function rate(
  count: number,
  together: number,
  append: (signer: AgentSigner, decisions: readonly Decision[]) => Promise<unknown>,
): Promise<number> {
  const from = performance.now()
  await Promise.all(
    signers.map(async signer => {
      for (let done = 0; done < count / AGENTS; done += together) {
        const first = next.get(signer) ?? 0
        next.set(signer, first + together)
        await append(
          signer,
          Array.from({ length: together }, (_, index) => decisionOf(signer, first + index)),
        )
      }
    }),
  )
  return (count / (performance.now() - from)) * 1_000
}

/** Without what makes it fast: each decision hashed by viem and signed by itself. */
async function recordEach(store: Store, signer: AgentSigner, decisions: readonly Decision[]): Promise<void> {
  const rows = await Promise.all(
    decisions.map(async decision => {
      const record = recordOf(signer, decision)
      const { agent, sequence, instrument, timeMs, output } = decision
      const leaf = hashTypedData(typedRecord(record, domain))
      const body = encodeBody(record)
      const signature = await signer.sign(leaf)
      return { agent, sequence, kind: output.kind, instrument, timeMs, body, leaf, signature }
    }),
  )
  await store.decisions.append(rows)
}

/** Where the time of one decision goes, in microseconds. */
async function measureParts(): Promise<string[]> {
  await loadFastKeccak()
  const [signer] = signers
  if (signer === undefined) return []
  const records = Array.from({ length: FEWER }, (_, index) => recordOf(signer, decisionOf(signer, index)))
  const leaves = records.map(record => hashRecord(record, domain))
  const microseconds = async (work: () => unknown) => {
    const times: number[] = []
    for (let round = 0; round < 5; round++) {
      const from = performance.now()
      await work()
      times.push(((performance.now() - from) * 1_000) / FEWER)
    }
    return Math.min(...times).toFixed(0)
  }
  const parts = {
    salt: await microseconds(() => records.map(({ sequence }) => signer.saltFor(sequence, domain))),
    'body, checked and written': await microseconds(() => records.map(each => encodeBody(each))),
    hash: await microseconds(() => records.map(each => hashRecord(each, domain))),
    'hash by viem': await microseconds(() => records.map(each => hashTypedData(typedRecord(each, domain)))),
    'a signature': await microseconds(() => Promise.all(leaves.map(leaf => signer.sign(leaf)))),
  }
  return [
    `us a decision: ${Object.entries(parts)
      .map(([name, time]) => `${name} ${time}`)
      .join(', ')}`,
  ]
}

function recordOf(signer: AgentSigner, decision: Decision) {
  const salt = signer.saltFor(decision.sequence, domain)
  return { ...decision, dataRoot: HASH, revealAtMs: unixMs(0), salt }
}

const terms: OrderTerms = { kind: 'market', side: 'buy', size: { units: quantity(5n * 10n ** 18n) } }

/** Signals with nine features and their attributions, and every fifth an order. */
function decisionOf({ agent }: AgentSigner, sequence: number): Decision {
  const timeMs = unixMs(1_700_000_000_000 + sequence * 1_000)
  return {
    agent,
    sequence,
    instrument: instrumentId('oanda:XAUUSD'),
    timeMs,
    observed: { source: 'oanda:XAUUSD', block: sequence, logIndex: 0 },
    featureSet: HASH,
    features: `0x${'3f800000'.repeat(9)}`,
    model: HASH,
    strategy: HASH,
    output:
      sequence % 5 === 4
        ? { kind: 'order', terms, referencePriceE8: priceE8(335_012_345_678n) }
        : {
            kind: 'signal',
            direction: 1,
            strength: 500_000,
            confidence: 612_345,
            horizonMs: 3_600_000,
            prediction: { score: 481_234, probabilityUp: 612_345 },
          },
    attributions: Array.from({ length: 9 }, (_, index) => ({
      feature: `feature_${index}@1`,
      effect: index * 1_000,
    })),
  } as Decision
}
