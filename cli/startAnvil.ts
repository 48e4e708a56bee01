import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { InvalidInputError, UnavailableError } from '../core/index.ts'
import { findAnvil } from './findAnvil.ts'

/** The mnemonic that Foundry's own tools default to: its accounts are public knowledge, for local chains only. */
export const DEFAULT_ANVIL_MNEMONIC = 'test test test test test test test test test test test junk'

/** How long a new node may take to answer; it takes about 0.1 s idle, and seconds when it loads a large state. */
export const ANVIL_START_TIMEOUT_MS = 30_000

/** How long a node may take to write its state and exit before it is killed. */
export const ANVIL_STOP_TIMEOUT_MS = 30_000

/** How often a free port is tried: another process may take it between our asking and the node's binding. */
const PORT_ATTEMPTS = 3

/** Characters of the node's last error output that an error message carries. */
const MAX_STDERR_LENGTH = 2_000

export type AnvilOptions = {
  /** Port on 127.0.0.1; 0 or absent takes a free one. */
  readonly port?: number
  /**
   * File that the chain is loaded from, if it exists, and saved to when the node stops: blocks, transactions,
   * receipts, logs, and the accounts' state at the last block. Not saved are transactions that wait to be mined.
   */
  readonly statePath?: string
  /** Also saves the chain this often, so that a killed node loses no more than this. Needs `statePath`. */
  readonly stateIntervalSeconds?: number
  /** Also saves the accounts' state at each recent block, for calls at old blocks; doubles the file or worse. */
  readonly preserveHistoricalStates?: boolean
  /** Mines a block this often; absent mines one for each transaction. */
  readonly blockTimeSeconds?: number
  /** Default 31337. */
  readonly chainId?: number
  /** Unix time, in seconds, that the chain's clock starts at; absent is now. */
  readonly timestampSeconds?: number
  /** Funded accounts to derive from the mnemonic; default 10. */
  readonly accounts?: number
  /** BIP-39 phrase of the funded accounts, no secret: default `DEFAULT_ANVIL_MNEMONIC`. */
  readonly mnemonic?: string
  /** Default `prague`. */
  readonly hardfork?: string
  /** Lets the node outlive this process, even its kill; otherwise it ends with this process, even by a kill. */
  readonly detached?: boolean
  /** False makes the node log every call to this process's standard error; default true. */
  readonly silent?: boolean
}

/** A local Ethereum node that answers at `url` until it is stopped. */
export type Anvil = {
  /** HTTP endpoint. */
  readonly url: string
  /** WebSocket endpoint, on the same port. */
  readonly wsUrl: string
  readonly port: number
  readonly pid: number
  readonly chainId: number
  /** Ends the node and waits until it has exited, which includes saving its state. May be called twice. */
  stop(): Promise<void>
}

/**
 * Starts anvil on 127.0.0.1 and waits until it answers. A chain that is loaded from a file never goes back in
 * time: its clock goes on from its last block where that is later than the clock it would start with.
 *
 * @throws UnavailableError when the program is missing, exits early (its error output is in the message), or
 * does not answer in time, or when the port is taken.
 */
export async function startAnvil(options: AnvilOptions = {}): Promise<Anvil> {
  if (options.stateIntervalSeconds !== undefined && options.statePath === undefined) {
    throw new InvalidInputError('stateIntervalSeconds is given without statePath.', {
      facts: { stateIntervalSeconds: options.stateIntervalSeconds },
      hint: 'Give the file that the state is to be saved to.',
    })
  }
  const binary = findAnvil()
  const wanted = options.port ?? 0
  for (let attempt = 1; ; attempt++) {
    try {
      return await launch(binary, await freePort(wanted), options)
    } catch (error) {
      const portTaken = error instanceof Error && /address (already )?in use/i.test(error.message)
      if (wanted !== 0 || !portTaken || attempt === PORT_ATTEMPTS) throw error
    }
  }
}

async function launch(binary: string, port: number, options: AnvilOptions): Promise<Anvil> {
  const chainId = options.chainId ?? 31_337
  const detached = options.detached ?? false
  const resumes = options.statePath !== undefined && existsSync(options.statePath)
  // A file and not a pipe: writing to a pipe whose reader is gone would end a detached node.
  const logFolder = await mkdtemp(join(tmpdir(), 'touchstone-anvil-'))
  const log = await open(join(logFolder, 'stderr'), 'w')
  try {
    const child = spawn(binary, argumentsFor(port, chainId, options), {
      detached,
      stdio: ['ignore', options.silent === false ? 2 : 'ignore', log.fd],
    })
    const exited = exitOf(child)
    const url = `http://127.0.0.1:${port}`
    try {
      await untilAnswering(url, chainId, exited)
      if (resumes) await goOnFromLastBlock(url, options.timestampSeconds)
    } catch (cause) {
      child.kill('SIGKILL')
      await exited
      throw await startError(cause, { port, chainId }, join(logFolder, 'stderr'))
    }
    return running(child, exited, { port, chainId, url, detached })
  } finally {
    await log.close()
    await rm(logFolder, { recursive: true, force: true })
  }
}

function argumentsFor(port: number, chainId: number, options: AnvilOptions): string[] {
  const optional: [flag: string, value: string | number | undefined][] = [
    ['--state', options.statePath],
    ['--state-interval', options.stateIntervalSeconds],
    ['--block-time', options.blockTimeSeconds],
    ['--timestamp', options.timestampSeconds],
  ]
  return [
    ...['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(chainId)],
    ...['--hardfork', options.hardfork ?? 'prague', '--accounts', String(options.accounts ?? 10)],
    ...['--mnemonic', options.mnemonic ?? DEFAULT_ANVIL_MNEMONIC],
    // Otherwise each state older than the last few hundred goes to a file in ~/.foundry that is never deleted.
    ...['--max-persisted-states', '0'],
    ...optional.flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)])),
    ...(options.preserveHistoricalStates === true ? ['--preserve-historical-states'] : []),
    ...((options.silent ?? true) ? ['--quiet'] : []),
  ]
}

/** Settles with a phrase about how the process ended; never rejects. */
async function exitOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = await once(child, 'exit')
    return signal === null ? `exited with status ${code}` : `was ended by ${signal}`
  } catch (error) {
    return `could not be run (${messageOf(error)})`
  }
}

async function untilAnswering(url: string, chainId: number, exited: Promise<string>): Promise<void> {
  let ended: string | undefined
  void exited.then(how => {
    ended = how
  })
  const deadline = performance.now() + ANVIL_START_TIMEOUT_MS
  while (performance.now() < deadline) {
    const answer = await call(url, 'eth_chainId').catch(() => undefined)
    if (ended !== undefined) throw new Error(`it ${ended}`)
    if (answer !== undefined) {
      if (Number(answer) === chainId) return
      throw new Error(`the chain that answers there has id ${Number(answer)}, not ${chainId}`)
    }
    await sleep(20)
  }
  throw new Error(`no answer within ${ANVIL_START_TIMEOUT_MS} ms`)
}

/** anvil starts its clock at now, or at `--timestamp`, also where the chain that it loaded is ahead of that. */
async function goOnFromLastBlock(url: string, timestampSeconds: number | undefined): Promise<void> {
  const block = await call(url, 'eth_getBlockByNumber', 'latest', false)
  if (typeof block !== 'object' || block === null || !('timestamp' in block)) return
  const last = Number(block.timestamp)
  const clock = timestampSeconds ?? Math.floor(Date.now() / 1_000)
  if (last > clock) await call(url, 'evm_setTime', last)
}

async function call(url: string, method: string, ...params: unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(5_000),
  })
  const body: unknown = await response.json()
  if (typeof body === 'object' && body !== null && 'result' in body) return body.result
  throw new Error(`${method} failed: ${JSON.stringify(body)}`)
}

async function startError(
  cause: unknown,
  facts: { port: number; chainId: number },
  logPath: string,
): Promise<UnavailableError> {
  const printed = (await readFile(logPath, 'utf8')).trim().slice(-MAX_STDERR_LENGTH)
  const output = printed === '' ? '' : ` It printed: ${printed}`
  return new UnavailableError(`anvil did not start on port ${facts.port}: ${messageOf(cause)}.${output}`, {
    facts,
    hint: 'Choose another port, or mend what the message names; a state file that was cut off is best deleted.',
    cause,
  })
}

function running(
  child: ChildProcess,
  exited: Promise<string>,
  { port, chainId, url, detached }: { port: number; chainId: number; url: string; detached: boolean },
): Anvil {
  const facts = { port, chainId }
  const { pid } = child
  if (pid === undefined) throw new UnavailableError('anvil has no process id.', { facts, hint: 'Try again.' })
  if (!detached) {
    const releaseGuard = endWithParent(pid, child)
    // Also where the node dies by itself: its process id may then become another process's.
    void exited.then(releaseGuard)
  }
  child.unref()

  const stop = async (): Promise<void> => {
    child.ref()
    child.kill('SIGTERM')
    const timeout = new AbortController()
    const late = sleep(ANVIL_STOP_TIMEOUT_MS, true, { signal: timeout.signal }).catch(() => false)
    const isLate = await Promise.race([exited.then(() => false), late])
    timeout.abort()
    if (!isLate) return
    child.kill('SIGKILL')
    await exited
    throw new UnavailableError(`anvil (process ${pid}) did not exit within ${ANVIL_STOP_TIMEOUT_MS} ms.`, {
      facts: { ...facts, pid },
      hint: 'It was killed; what it had not yet saved to its state file is lost.',
    })
  }
  let stopping: Promise<void> | undefined
  return {
    ...{ url, wsUrl: `ws://127.0.0.1:${port}`, port, pid, chainId },
    stop() {
      stopping ??= stop()
      return stopping
    },
  }
}

/** Checks that a port is free, or picks a free one for 0. */
async function freePort(wanted: number): Promise<number> {
  const server = createServer().listen(wanted, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new UnavailableError(`Port ${wanted} on 127.0.0.1 cannot be used: ${messageOf(cause)}.`, {
      facts: { port: wanted },
      hint: 'End the program that uses it, or choose another port (0 takes a free one).',
      cause,
    })
  }
  const address = server.address()
  server.close()
  await once(server, 'close')
  return address === null || typeof address === 'string' ? wanted : address.port
}

/**
 * Ends the node when this process ends, by whatever cause: a small shell waits on a pipe that only we hold
 * open, which even a SIGKILL closes. Returns a function that lifts the guard.
 */
function endWithParent(pid: number, child: ChildProcess): () => void {
  const kill = (): void => {
    child.kill('SIGTERM')
  }
  process.once('exit', kill)
  // In a session of its own, so that a terminal's Ctrl-C does not end the guard.
  const guard = spawn('sh', ['-c', 'read -r released || kill -TERM "$1"', 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  // Where there is no shell (Windows), the exit listener alone serves.
  guard.on('error', () => {})
  guard.stdin.on('error', () => {})
  guard.unref()
  if ('unref' in guard.stdin && typeof guard.stdin.unref === 'function') guard.stdin.unref()
  return () => {
    process.off('exit', kill)
    guard.stdin.end('released\n')
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
