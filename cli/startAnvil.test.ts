import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  createPublicClient,
  createTestClient,
  createWalletClient,
  type Hash,
  type Hex,
  http,
  keccak256,
  toHex,
  zeroAddress,
} from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decisionLogAbi, decisionLogBytecode } from '../contracts/abi/index.ts'
import { waitForReceipt } from '../decision-log/waitForReceipt.ts'
import { findAnvil } from './findAnvil.ts'
import { type Anvil, type AnvilOptions, DEFAULT_ANVIL_MNEMONIC, startAnvil } from './startAnvil.ts'

const account = mnemonicToAccount(DEFAULT_ANVIL_MNEMONIC)
const COMMITS = 4

let folder: string
let statePath: string
let cleanUps: (() => Promise<unknown> | unknown)[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchstone-test-'))
  statePath = join(folder, 'state.json')
  cleanUps = []
})

afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp()
  await rm(folder, { recursive: true, force: true })
})

async function start(options: AnvilOptions = {}): Promise<Anvil> {
  const anvil = await startAnvil(options)
  cleanUps.push(() => anvil.stop())
  return anvil
}

describe('startAnvil', () => {
  test('answers at the address that it returns, on the chain asked for, and stops', async () => {
    const anvil = await start({ chainId: 98_866, accounts: 3, timestampSeconds: 1_600_000_000 })
    expect(anvil).toMatchObject({
      url: `http://127.0.0.1:${anvil.port}`,
      wsUrl: `ws://127.0.0.1:${anvil.port}`,
    })
    const reader = createPublicClient({ transport: http(anvil.url) })
    expect(await reader.getChainId()).toBe(98_866)
    expect((await reader.getBlock()).timestamp).toBe(1_600_000_000n)
    expect(await reader.request({ method: 'eth_accounts' as never })).toHaveLength(3)
    expect(await webSocketChainId(anvil.wsUrl)).toBe(98_866)

    await Promise.all([anvil.stop(), anvil.stop()])
    expect(isAlive(anvil.pid)).toBe(false)
    await expect(fetch(anvil.url)).rejects.toThrow()
  })

  test('mines at an interval', async () => {
    const anvil = await start({ blockTimeSeconds: 1 })
    const reader = createPublicClient({ transport: http(anvil.url), cacheTime: 0 })
    await until(async () => (await reader.getBlockNumber()) >= 2n)
  })

  test('keeps blocks, transactions, receipts, logs and present state over a restart', async () => {
    const first = await start({ statePath })
    const history = await writeHistory(first.url)
    const before = await readHistory(first.url, history)
    await first.stop()

    const second = await start({ statePath })
    expect(await readHistory(second.url, history)).toEqual(before)
    // Not kept without preserveHistoricalStates: state at earlier blocks.
    await expect(headAt(second.url, history.address, 3n)).rejects.toThrow('BlockOutOfRange')

    // The chain goes on from there.
    const { reader } = clientsOf(second.url)
    const receipt = await commit(second.url, history.address, COMMITS)
    const [block, parent] = await Promise.all([
      reader.getBlock({ blockNumber: receipt.blockNumber }),
      reader.getBlock({ blockNumber: receipt.blockNumber - 1n }),
    ])
    expect(block.parentHash).toBe(parent.hash)
    expect(block.timestamp).toBeGreaterThanOrEqual(parent.timestamp)
  })

  test('keeps state at earlier blocks over a restart if told to', async () => {
    const first = await start({ statePath, preserveHistoricalStates: true })
    const { address } = await writeHistory(first.url)
    const before = await headAt(first.url, address, 3n)
    await first.stop()
    const second = await start({ statePath, preserveHistoricalStates: true })
    expect(await headAt(second.url, address, 3n)).toEqual(before)
    expect(before[1]).toBe(2n)
  })

  test('loses transactions that wait to be mined', async () => {
    const first = await start({ statePath })
    const { tester, wallet } = clientsOf(first.url)
    await tester.setAutomine(false)
    const hash = await wallet.sendTransaction({ to: account.address, value: 1n })
    await first.stop()
    const second = await start({ statePath })
    await expect(clientsOf(second.url).reader.getTransaction({ hash })).rejects.toThrow('could not be found')
  })

  test('keeps what was saved at an interval when it is killed', async () => {
    const first = await start({ statePath, stateIntervalSeconds: 1 })
    const history = await writeHistory(first.url)
    const before = await readHistory(first.url, history)
    const last = before.blocks.at(-1)?.hash
    await until(async () => existsSync(statePath) && (await readFile(statePath, 'utf8')).includes(`${last}`))
    process.kill(first.pid, 'SIGKILL')
    await until(() => !isAlive(first.pid))

    const second = await start({ statePath, stateIntervalSeconds: 1 })
    expect(await readHistory(second.url, history)).toEqual(before)
  })

  test.each([
    ['a clock ahead of now', {}, Math.floor(Date.now() / 1_000) + 86_400],
    ['the clock of its first start', { timestampSeconds: 1_600_000_000 }, 1_600_086_400],
  ])('never goes back in time: %s', async (_, options, timestamp) => {
    const first = await start({ statePath, ...options })
    const { tester } = clientsOf(first.url)
    await tester.setNextBlockTimestamp({ timestamp: BigInt(timestamp) })
    await tester.mine({ blocks: 1 })
    await first.stop()

    const second = await start({ statePath, ...options })
    const { reader, tester: secondTester } = clientsOf(second.url)
    await secondTester.mine({ blocks: 1 })
    const block = await reader.getBlock({ blockNumber: 2n })
    expect(block.timestamp).toBeGreaterThanOrEqual(BigInt(timestamp))
    expect(block.timestamp).toBeLessThan(BigInt(timestamp + 60))
  })

  test('says what anvil printed when it exits early', async () => {
    await writeFile(statePath, '{"cut off')
    await expect(startAnvil({ statePath })).rejects.toThrow(
      /^anvil did not start on port \d+: it exited with status \d+\. It printed: .*failed to parse json file/s,
    )
    await expect(startAnvil({ hardfork: 'dusk', detached: true })).rejects.toThrow(/It printed: .*dusk/s)
  })

  test('names a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanUps.push(() => server.close())
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await expect(startAnvil({ port })).rejects.toThrow(`Port ${port} on 127.0.0.1 cannot be used`)
  })

  test('rejects an interval without a file', async () => {
    await expect(startAnvil({ stateIntervalSeconds: 1 })).rejects.toThrow(
      'stateIntervalSeconds is given without statePath.',
    )
  })

  test('ends with its parent, even when that is killed', async () => {
    const { parent, pid } = await startInChild({ statePath })
    parent.kill('SIGKILL')
    await until(() => !isAlive(pid))
    // It was asked to end, not killed: the state was saved.
    expect(JSON.parse(await readFile(statePath, 'utf8'))).toHaveProperty('blocks')
  })

  test('ends with a parent that exits without stopping it', async () => {
    const { parent, pid } = await startInChild({})
    parent.stdin?.end()
    const [code] = await once(parent, 'exit')
    expect(code).toBe(0)
    await until(() => !isAlive(pid))
  })

  test('outlives its killed parent if detached', async () => {
    const { parent, pid, url } = await startInChild({ detached: true })
    cleanUps.push(() => isAlive(pid) && process.kill(pid, 'SIGKILL'))
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    await sleep(300)
    // Many calls, so that a node which wrote to a closed pipe would have ended.
    const reader = createPublicClient({ transport: http(url), cacheTime: 0 })
    for (let i = 0; i < 20; i++) expect(await reader.getBlockNumber()).toBe(0n)
  })
})

describe('findAnvil', () => {
  test('finds the program that npm installed, from source and from dist', () => {
    expect(findAnvil({})).toMatch(/node_modules/)
    expect(findAnvil({}, join(import.meta.dirname, '..', 'dist', 'cli'))).toBe(findAnvil({}))
  })

  test('falls back to PATH', async () => {
    const program = join(folder, process.platform === 'win32' ? 'anvil.exe' : 'anvil')
    await writeFile(program, '', { mode: 0o755 })
    expect(findAnvil({ PATH: `/nowhere:${folder}` }, folder)).toBe(program)
  })

  test('says what to install when there is none', () => {
    expect(() => findAnvil({ PATH: '' }, folder)).toThrow(
      'The program "anvil", which runs the local chain, was not found.',
    )
  })
})

type History = { readonly address: Hex; readonly transactions: readonly Hash[] }

async function writeHistory(url: string): Promise<History> {
  const { reader, wallet } = clientsOf(url)
  const deployment = await wallet.deployContract({
    abi: decisionLogAbi,
    bytecode: decisionLogBytecode,
    args: [zeroAddress],
  })
  const { contractAddress } = await waitForReceipt(reader, deployment)
  const address = contractAddress!
  const transactions = [deployment]
  for (let sequence = 0; sequence < COMMITS; sequence++) {
    transactions.push((await commit(url, address, sequence)).transactionHash)
  }
  return { address, transactions }
}

async function commit(url: string, address: Hex, sequence: number) {
  const { reader, wallet } = clientsOf(url)
  const hash = await wallet.writeContract({
    address,
    abi: decisionLogAbi,
    functionName: 'commit',
    args: [account.address, await stateOf(url, address), [keccak256(toHex(sequence))]],
  })
  const receipt = await waitForReceipt(reader, hash)
  expect(receipt.status).toBe('success')
  return receipt
}

function stateOf(url: string, address: Hex) {
  const { reader } = clientsOf(url)
  return reader.readContract({
    address,
    abi: decisionLogAbi,
    functionName: 'stateOf',
    args: [account.address],
  })
}

async function readHistory(url: string, { address, transactions }: History) {
  const { reader } = clientsOf(url)
  const number = await reader.getBlockNumber()
  const numbers = Array.from({ length: Number(number) + 1 }, (_, index) => BigInt(index))
  const blocks = await Promise.all(numbers.map(blockNumber => reader.getBlock({ blockNumber })))
  const found = await Promise.all(transactions.map(hash => reader.getTransaction({ hash })))
  expect(found.every(({ input }) => input.length > 10)).toBe(true)
  const logs = await reader.getLogs({ address, fromBlock: 0n, toBlock: number })
  expect(logs).toHaveLength(COMMITS)
  return {
    blocks,
    byHash: await Promise.all(blocks.map(({ hash }) => reader.getBlock({ blockHash: hash! }))),
    transactions: found,
    receipts: await Promise.all(transactions.map(hash => reader.getTransactionReceipt({ hash }))),
    logs,
    code: await reader.getCode({ address }),
    storage: await headAt(url, address, number),
    balance: await reader.getBalance({ address: account.address }),
    nonce: await reader.getTransactionCount({ address: account.address }),
  }
}

function headAt(url: string, address: Hex, blockNumber: bigint) {
  return clientsOf(url).reader.readContract({
    ...{ address, abi: decisionLogAbi, functionName: 'headOf', args: [account.address], blockNumber },
  })
}

function clientsOf(url: string) {
  const transport = http(url)
  return {
    reader: createPublicClient({ chain: foundry, transport, pollingInterval: 20, cacheTime: 0 }),
    wallet: createWalletClient({ chain: foundry, transport, account }),
    tester: createTestClient({ chain: foundry, transport, mode: 'anvil' }),
  }
}

async function webSocketChainId(url: string): Promise<number> {
  const { WebSocket } = await import('ws')
  const socket = new WebSocket(url)
  await once(socket, 'open')
  socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }))
  const [data] = await once(socket, 'message')
  socket.close()
  return Number(JSON.parse(String(data)).result)
}

/** Starts a node in another process, which exits when its standard input ends. */
async function startInChild(
  options: AnvilOptions,
): Promise<{ parent: ChildProcess; pid: number; url: string }> {
  const module = JSON.stringify(join(import.meta.dirname, 'startAnvil.ts'))
  const script = `import { startAnvil } from ${module}
    const { pid, url } = await startAnvil(${JSON.stringify(options)})
    console.log(JSON.stringify({ pid, url }))
    process.stdin.resume()`
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  cleanUps.push(() => parent.kill('SIGKILL'))
  const [line] = await once(parent.stdout, 'data')
  return { parent, ...JSON.parse(String(line)) }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('The condition did not come true within 60 s.')
    await sleep(20)
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
