import { createRpcSource, ingestHistory } from '../chain-ingest/index.ts'
import { erc20InstrumentId } from '../core/index.ts'
import { openPostgres } from '../feature-store/index.ts'
import { startPostgres } from '../test/startPostgres.ts'
import type { BenchmarkResult } from './benchmark.ts'
import { PONDER_FOLDERS, ponderLogsPerSecond } from './ponder.ts'
import { startTransferFixture, type TransferFixture } from './transferFixture.ts'

const LOGS = 200_000
const CONCURRENCY = 4
/** The best of 20 to 100 blocks on this fixture. */
const BARE_CHUNK_BLOCKS = 40

/**
 * Historical ingest of ERC-20 transfers from a local node into PostgreSQL, with reorg safety, beside Ponder, and
 * beside a loop that fetches and parses the same logs and does nothing with them.
 */
export async function ingest(): Promise<BenchmarkResult> {
  const fixture = await startTransferFixture(LOGS)
  const server = await startPostgres({ fsync: true })
  try {
    const ours: number[] = []
    for (let round = 0; round < 3; round++)
      ours.push(await touchstoneLogsPerSecond(fixture, await server.createDatabase()))
    const memoryMb = Math.round(process.resourceUsage().maxRSS / 1_024)
    const bare: number[] = []
    for (let round = 0; round < 3; round++) bare.push(await bareLogsPerSecond(fixture))
    const peers: Record<string, number> = { 'fetch and parse': median(bare) }
    for (const [name, folder] of Object.entries(PONDER_FOLDERS))
      peers[name] = await ponderLogsPerSecond(folder, fixture, await server.createDatabase())
    return { name: 'ingest', unit: 'logs/s', ours: median(ours), peers, limit: median(bare) / 2, memoryMb }
  } finally {
    await server.stop()
    await fixture.anvil.stop()
  }
}

async function touchstoneLogsPerSecond(
  { anvil, token, logs }: TransferFixture,
  url: string,
): Promise<number> {
  const instrument = {
    id: erc20InstrumentId(anvil.chainId, token),
    kind: 'spot' as const,
    symbol: 'BENCH',
    decimals: 18,
    quote: 'USD',
  }
  const store = await openPostgres({ url })
  const source = await createRpcSource({ url: anvil.url })
  try {
    const from = performance.now()
    const counts = await ingestHistory({
      source,
      store: store.observations,
      contracts: [{ kind: 'erc20', address: token, instrument }],
    })
    const seconds = (performance.now() - from) / 1_000
    const stored = await store.observations.count([instrument.id])
    if (counts.observations !== logs || stored !== logs)
      throw new Error(`${stored} of ${logs} transfers were stored`)
    return logs / seconds
  } finally {
    await source.close()
    await store.close()
  }
}

async function bareLogsPerSecond({ anvil, token, logs }: TransferFixture): Promise<number> {
  const ask = async (method: string, params: unknown[]) => {
    const response = await fetch(anvil.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    return JSON.parse(await response.text()).result
  }
  const from = performance.now()
  const last = Number(await ask('eth_blockNumber', []))
  let next = 0
  let read = 0
  const worker = async () => {
    while (next <= last) {
      const start = next
      next += BARE_CHUNK_BLOCKS
      const [fromBlock, toBlock] = [start, Math.min(last, next - 1)].map(block => `0x${block.toString(16)}`)
      const range = await ask('eth_getLogs', [{ address: token, fromBlock, toBlock }])
      read += range.length
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
  if (read !== logs) throw new Error(`${read} of ${logs} transfers were read`)
  return (logs / (performance.now() - from)) * 1_000
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
