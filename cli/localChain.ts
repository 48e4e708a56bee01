import { readFileSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { UnavailableError } from '../core/index.ts'
import { ANVIL_STOP_TIMEOUT_MS, startAnvil } from './startAnvil.ts'

/** How often the chain is saved, so that a lost node costs at most this much of it. */
const STATE_INTERVAL_SECONDS = 5

/** The project's own chain, under its folder; it outlives a killed owner, and the next one finds it again. */
export type LocalChain = {
  readonly url: string
  readonly wsUrl: string
  /** Saves the chain and ends the node, unless another process that still runs has it too, and had it first. */
  stop(): Promise<void>
}

const nodeSchema = z.object({
  pid: z.number().int().positive(),
  port: z.number().int().positive(),
  genesis: z.string(),
  /** The process that ends it; null where none was written down. */
  owner: z.number().int().positive().nullable().default(null),
})
type Node = z.infer<typeof nodeSchema>

/** Finds the project's node if it still runs, or starts it on its saved state. */
export async function openLocalChain(
  directory: string,
  { timestampSeconds }: { readonly timestampSeconds?: number } = {},
): Promise<LocalChain> {
  const folder = join(directory, 'chain')
  const nodeFile = join(folder, 'node.json')
  await mkdir(folder, { recursive: true })
  const running = await findRunning(nodeFile)
  if (running !== null) {
    // On PostgreSQL, several processes may work on one project: the first of them keeps the chain.
    if (running.owner !== null && running.owner !== process.pid && isAlive(running.owner))
      return { ...attach(running, nodeFile), stop: async () => undefined }
    await writeNode(nodeFile, { ...running, owner: process.pid })
    await resumeMining(running.port)
    return attach(running, nodeFile)
  }
  const anvil = await startAnvil({
    statePath: join(folder, 'state.json'),
    stateIntervalSeconds: STATE_INTERVAL_SECONDS,
    detached: true,
    ...(timestampSeconds === undefined ? {} : { timestampSeconds }),
  })
  const genesis = (await genesisHash(anvil.port)) ?? ''
  await writeNode(nodeFile, { pid: anvil.pid, port: anvil.port, genesis, owner: process.pid })
  return {
    url: anvil.url,
    wsUrl: anvil.wsUrl,
    async stop() {
      await anvil.stop()
      await rm(nodeFile, { force: true })
    },
  }
}

async function writeNode(nodeFile: string, node: Node): Promise<void> {
  await writeFile(`${nodeFile}.new`, JSON.stringify(node))
  await rename(`${nodeFile}.new`, nodeFile)
}

/** Ends the project's node if it still runs, as one does that outlived a killed owner. */
export async function stopLocalChain(directory: string): Promise<void> {
  const nodeFile = join(directory, 'chain', 'node.json')
  const running = await findRunning(nodeFile)
  if (running !== null) await attach(running, nodeFile).stop()
}

async function findRunning(nodeFile: string): Promise<Node | null> {
  let text: string
  try {
    text = await readFile(nodeFile, 'utf8')
  } catch {
    return null
  }
  const node = nodeSchema.safeParse(JSON.parse(text))
  if (!node.success || !isAlive(node.data.pid)) return null
  // The process id may have been given to another process since: only our chain has this genesis.
  return (await genesisHash(node.data.port)) === node.data.genesis ? node.data : null
}

function attach({ pid, port }: Node, nodeFile: string): LocalChain {
  return {
    url: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    async stop() {
      if (isAlive(pid)) process.kill(pid, 'SIGTERM')
      const deadline = performance.now() + ANVIL_STOP_TIMEOUT_MS
      while (isAlive(pid)) {
        if (performance.now() > deadline)
          throw new UnavailableError(`The local chain (process ${pid}) did not end.`, {
            facts: { pid },
            hint: 'End the process, then run the command again.',
          })
        await sleep(50)
      }
      await rm(nodeFile, { force: true })
    },
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  try {
    // A dead process that nobody has waited for still takes signals; Linux shows its state after its name.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z'
  } catch {
    return true
  }
}

/**
 * A market that was driven block by block may have died with automine off, and transactions waiting: without
 * this no commit of the next owner would ever be mined.
 */
async function resumeMining(port: number): Promise<void> {
  await request(port, 'evm_setAutomine', [true])
  await request(port, 'evm_mine', [])
}

async function genesisHash(port: number): Promise<string | null> {
  const block = z
    .object({ hash: z.string() })
    .safeParse(await request(port, 'eth_getBlockByNumber', ['0x0', false]))
  return block.success ? block.data.hash : null
}

/** Calls the node; null when it does not answer. */
async function request(port: number, method: string, params: readonly unknown[]): Promise<unknown> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(5_000),
    })
    const answer = z.object({ result: z.unknown() }).safeParse(await response.json())
    return answer.success ? answer.data.result : null
  } catch {
    return null
  }
}
