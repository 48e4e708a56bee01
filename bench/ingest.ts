import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startPostgres } from '../test/startPostgres.ts'
import type { BenchmarkResult } from './benchmark.ts'
import { PONDER_FOLDERS, ponderLogsPerSecond } from './ponder.ts'
import { startTransferFixture, type TransferFixture } from './transferFixture.ts'

const LOGS = 200_000
const ROUNDS = 3
const CONCURRENCY = 4
/** The best of 20 to 100 blocks on this fixture. */
const BARE_CHUNK_BLOCKS = 40

const run = promisify(execFile)

/**
 * Historical ingest of ERC-20 transfers from a local node into PostgreSQL, with reorg safety, beside Ponder, and
 * beside a loop that fetches and parses the same logs and does nothing with them.
 */
export async function ingest(): Promise<BenchmarkResult> {
  await build()
  const fixture = await startTransferFixture(LOGS)
  const server = await startPostgres({ fsync: true })
  try {
    const ours: number[] = []
    const bare: number[] = []
    let memoryMb = 0
    // In turns: what else the machine does meanwhile slows both.
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await bareLogsPerSecond(fixture))
      const own = await runIngest(fixture, await server.createDatabase())
      ours.push(own.logsPerSecond)
      memoryMb = Math.max(memoryMb, own.memoryMb)
    }
    const peers: Record<string, number> = { 'fetch and parse': median(bare) }
    for (const [name, folder] of Object.entries(PONDER_FOLDERS))
      peers[name] = await ponderLogsPerSecond(folder, fixture, await server.createDatabase())
    return { name: 'ingest', unit: 'logs/s', ours: median(ours), peers, limit: median(bare) / 2, memoryMb }
  } finally {
    await server.stop()
    await fixture.anvil.stop()
  }
}

/** Ingests in a process of its own, as the peers do, so that the memory is its own. */
async function runIngest(
  { anvil, token, logs }: TransferFixture,
  databaseUrl: string,
): Promise<{ readonly logsPerSecond: number; readonly memoryMb: number }> {
  const script = fileURLToPath(new URL('./ingestProcess.js', import.meta.url))
  const { stdout } = await run(process.execPath, [
    script,
    ...[anvil.url, String(anvil.chainId), token, databaseUrl],
  ])
  const { seconds, observations, stored, memoryMb } = JSON.parse(stdout)
  if (observations !== logs || stored !== logs) throw new Error(`${stored} of ${logs} transfers were stored`)
  return { logsPerSecond: logs / seconds, memoryMb }
}

/** Builds the package: what is measured is what users run. */
async function build(): Promise<void> {
  await run('npm', ['run', '--silent', 'build'])
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
