import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { TransferFixture } from './transferFixture.ts'

/** Ponder's releases that are measured, by the folder of each. */
export const PONDER_FOLDERS = { 'ponder 0.16.10': 'ponder-0.16', 'ponder 1.0.0': 'ponder-1.0' } as const

const LIMIT_MS = 5 * 60_000
const POLL_MS = 100

/** Logs per second of Ponder, from the start of its process until its table holds every transfer. */
export async function ponderLogsPerSecond(
  folder: string,
  { anvil, token, logs }: TransferFixture,
  databaseUrl: string,
): Promise<number> {
  const directory = join(fileURLToPath(new URL('.', import.meta.url)), folder)
  install(directory)
  const from = performance.now()
  const child = spawn(
    join(directory, 'node_modules/.bin/ponder'),
    ['start', '--schema', 'bench', '--port', String(await freePort()), '--log-level', 'warn'],
    {
      cwd: directory,
      env: {
        ...process.env,
        DATABASE_URL: databaseUrl,
        BENCH_RPC_URL: anvil.url,
        BENCH_TOKEN: token,
        PONDER_TELEMETRY_DISABLED: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (output += String(text)))
  try {
    await untilStored(child, databaseUrl, logs, () => output)
    return (logs / (performance.now() - from)) * 1_000
  } finally {
    child.kill('SIGKILL')
  }
}

function install(directory: string): void {
  if (existsSync(join(directory, 'node_modules/.bin/ponder'))) return
  const { status, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: directory,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`Ponder could not be installed in ${directory}: ${stderr}`)
}

async function untilStored(
  child: ChildProcess,
  databaseUrl: string,
  logs: number,
  output: () => string,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    for (const deadline = performance.now() + LIMIT_MS; performance.now() < deadline; await delay(POLL_MS)) {
      if (child.exitCode !== null) throw new Error(`Ponder ended with ${child.exitCode}:\n${output()}`)
      // The table is there only once Ponder has made it.
      const counted = await client
        .query('select count(*)::integer as rows from bench.transfer')
        .catch(() => null)
      if (counted?.rows[0]?.rows === logs) return
    }
    throw new Error(`Ponder did not store ${logs} transfers in ${LIMIT_MS / 1_000} s:\n${output()}`)
  } finally {
    await client.end()
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
